import time
from dataclasses import dataclass, replace
from typing import Any

from hackathon.base.live.messages import OVERLAP

SIZE = 2_000


@dataclass(frozen=True, slots=True)
class BufferedMessage:
    """`known_at`: when this process received it, in seconds since 1970."""

    id: int
    type: str
    audiences: tuple[str, ...]
    text: str
    known_at: float


class MessageBuffer:
    """The newest messages, in the order in which this process received them, each once."""

    def __init__(self, floor: int = 0) -> None:
        # Messages with ids up to this may have been evicted; all newer ones are kept.
        self._floor = floor
        self._messages: dict[int, BufferedMessage] = {}
        self._newest = floor
        self._count = 0

    @property
    def newest(self) -> int:
        return self._newest

    @property
    def mark(self) -> int:
        """How many messages were added so far, for `since_mark`."""
        return self._count

    def lacks(self, pk: int) -> bool:
        """Whether this id was never added. An evicted id counts as added."""
        return pk > self._floor and pk not in self._messages

    def add(
        self, event: dict[str, Any], *, known_at: float | None = None
    ) -> BufferedMessage | None:
        """None if the message is known or too old."""
        pk = event["id"]
        if not self.lacks(pk):
            return None
        known_at = time.time() if known_at is None else known_at
        message = BufferedMessage(
            pk, event["type"], tuple(event["audiences"]), event["text"], known_at
        )
        self._messages[pk] = message
        self._newest = max(self._newest, pk)
        self._count += 1
        for deleted in event["deletes"]:
            if deleted in self._messages:
                # Its place is kept: `since_mark` counts places.
                self._messages[deleted] = replace(self._messages[deleted], audiences=(), text="")
        if len(self._messages) > SIZE:
            # The one that came first has not always the smallest id. With the largest evicted id as
            # floor, `reaches` may report a gap that is not there, but misses none.
            oldest = self._messages.pop(next(iter(self._messages)))
            self._floor = max(self._floor, oldest.id)
        return message

    def reaches(self, after: int) -> bool:
        """Whether no message after `after` was evicted."""
        return self._floor <= after <= self._newest

    def since(self, after: int) -> list[BufferedMessage]:
        """By id, from `OVERLAP` before `after`: ids can be committed out of order."""
        # If `after` was evicted, the overlap is unknown: only larger ids.
        seen = self._messages.get(after)
        edge = seen.known_at - OVERLAP.total_seconds() if seen else float("inf")
        messages = [m for m in self._messages.values() if m.id > after or m.known_at > edge]
        return sorted(messages, key=lambda message: message.id)

    def newer(self, after: int) -> list[BufferedMessage]:
        """Without the overlap."""
        return [m for m in self.since(after) if m.id > after]

    def since_mark(self, mark: int) -> list[BufferedMessage]:
        count = min(self._count - mark, len(self._messages))
        return list(self._messages.values())[len(self._messages) - count :]
