"""How many live messages of each noun were committed since this process began. What a fragment
showed before is valid until there is another one that it shows (`live.fragments`).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

from django.conf import settings
from django.db import connection

from hackathon.base.live import messages
from hackathon.base.live.nouns import noun_of

# The transactions in progress have written none that is older.
MOST_IN_PROGRESS = 2_000
DELETED = noun_of(messages.DELETED)
RESTORED = "restored"  # counts as a message of each noun
NEW = "SELECT type, count(*) FROM core_livemessage WHERE id > %s AND id <= %s GROUP BY type"


@dataclass(frozen=True)
class Committed:
    """`last`: the newest id. Settled: no message with a smaller id can be committed any more."""

    last: int
    is_settled: bool
    counts: Mapping[str, int]

    def version(self, nouns: str) -> tuple[int, ...]:
        """Changes with each message that has one of these nouns."""
        return tuple(self.counts.get(noun, 0) for noun in (*nouns.split(), DELETED, RESTORED))


@dataclass
class MessageCounts:
    """`_counts` has every message up to `_settled`."""

    _settled: int | None = None
    _counts: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def read(self) -> Committed:
        """One query; two if there are new messages, or another request has counted them."""
        last, is_settled = messages.last_id_and_whether_settled()
        if not settings.FRAGMENTS_CACHED:
            return Committed(last, is_settled, {})
        with self._lock:
            if self._settled is not None and last < self._settled:
                # Another request may have read a newer message since.
                last, is_settled = messages.last_id_and_whether_settled()
            if self._settled is None or last < self._settled:  # smaller: a restored database
                self._settled = max(0, last - MOST_IN_PROGRESS)
                self._counts = Counter({RESTORED: self._counts[RESTORED] + 1})
            settled, counts = self._settled, self._counts
        # Without the lock: a slow query of one request must not stop the others.
        if last > settled:
            with connection.cursor() as cursor:
                cursor.execute(NEW, [settled, last])
                counts = counts.copy()
                for kind, count in cursor.fetchall():
                    counts[noun_of(kind)] += count
            with self._lock:
                # Else a smaller id may still be committed, and would never be counted.
                if is_settled and self._settled == settled:
                    self._settled, self._counts = last, counts
        return Committed(last, is_settled, counts)


message_counts = MessageCounts()
