"""The newest messages, as one process knows them: what its sockets missed is found here, without
asking the database.
"""

import time
from dataclasses import dataclass, replace
from typing import Any

from hackathon.core.live import OVERLAP

KEPT = 2_000


@dataclass(frozen=True, slots=True)
class BufferedMessage:
    """A message, ready to be sent, with who hears it and when it became known (epoch)."""

    id: int
    audiences: tuple[str, ...]
    message: dict[str, Any]
    known_at: float


class MessageBuffer:
    """Messages in the order in which they became known. Nothing is in it twice."""

    def __init__(self, floor: int = 0) -> None:
        self._floor = floor  # what was committed with a greater id is here, or will be
        self._told: dict[int, BufferedMessage] = {}
        self._newest = floor
        self._count = 0

    @property
    def newest(self) -> int:
        """The greatest id there is, 0 if there is none."""
        return self._newest

    @property
    def mark(self) -> int:
        """A place in the order, for `since_mark`."""
        return self._count

    def lacks(self, pk: int) -> bool:
        """Whether this id is news here, and not only too old to be kept."""
        return pk > self._floor and pk not in self._told

    def add(
        self, event: dict[str, Any], *, known_at: float | None = None
    ) -> BufferedMessage | None:
        """Take in a message, as `live.event_of` writes it; None if it was there."""
        pk = event["id"]
        if not self.lacks(pk):
            return None
        known_at = time.time() if known_at is None else known_at
        message = {"type": "websocket.send", "text": event["text"]}
        told = self._told[pk] = BufferedMessage(pk, tuple(event["audiences"]), message, known_at)
        self._newest = max(self._newest, pk)
        self._count += 1
        for forgotten in event["forgets"]:
            if forgotten in self._told:
                # Its place stays: the order and the count are those of what was told.
                self._told[forgotten] = replace(self._told[forgotten], audiences=(), message={})
        if len(self._told) > KEPT:
            oldest = self._told.pop(next(iter(self._told)))
            self._floor = max(self._floor, oldest.id)
        return told

    def reaches(self, after: int) -> bool:
        """Whether everything that was said after message `after` is here."""
        return self._floor <= after <= self._newest

    def since(self, after: int) -> list[BufferedMessage]:
        """What was said after message `after`, by id, and what became known shortly before it or
        since: ids can be committed out of order.
        """
        seen = self._told.get(after)
        edge = seen.known_at - OVERLAP.total_seconds() if seen else float("inf")
        found = [told for told in self._told.values() if told.id > after or told.known_at > edge]
        return sorted(found, key=lambda told: told.id)

    def since_mark(self, mark: int) -> list[BufferedMessage]:
        """What became known since `mark`."""
        count = min(self._count - mark, len(self._told))
        return list(self._told.values())[len(self._told) - count :]
