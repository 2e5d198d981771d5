"""How many live messages of each type were committed since this process began. What a fragment
showed before is valid until there is another one of its types (`core.fragments`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from django.conf import settings
from django.db import connection

from hackathon.core.live import DELETED, last_id_and_whether_settled

# The transactions in progress have written none that is older.
MOST_IN_PROGRESS = 2_000
RESTORED = "restored"  # counts as a message of each type
NEW = "SELECT type, count(*) FROM core_livemessage WHERE id > %s AND id <= %s GROUP BY type"


@dataclass(frozen=True)
class Committed:
    """`last`: the newest id. Settled: no message with a smaller id can be committed any more."""

    last: int
    is_settled: bool
    counts: Mapping[str, int]

    def known(self, types: Iterable[str]) -> tuple[int, ...]:
        """A number that changes with each message of these types."""
        return tuple(self.counts.get(kind, 0) for kind in (*types, DELETED, RESTORED))

    def known_of(self, nouns: tuple[str, ...]) -> tuple[int, ...]:
        """The same for all types that begin with one of these."""
        return self.known(sorted(kind for kind in self.counts if kind.startswith(nouns)))


@dataclass
class MessageCounts:
    """`_counts` has every message up to `_settled`."""

    _settled: int | None = None
    _counts: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def read(self) -> Committed:
        """One query, two if there are new messages."""
        last, is_settled = last_id_and_whether_settled()
        if not settings.FRAGMENTS_CACHED:
            return Committed(last, is_settled, {})
        with self._lock:
            if self._settled is None or last < self._settled:  # smaller: a restored database
                self._settled = max(0, last - MOST_IN_PROGRESS)
                self._counts = Counter({RESTORED: self._counts[RESTORED] + 1})
            settled, counts = self._settled, self._counts
        if last > settled:
            with connection.cursor() as cursor:
                cursor.execute(NEW, [settled, last])
                counts = counts + Counter(dict(cursor.fetchall()))
            with self._lock:
                if is_settled and self._settled == settled:
                    self._settled, self._counts = last, counts
        return Committed(last, is_settled, counts)


message_counts = MessageCounts()
