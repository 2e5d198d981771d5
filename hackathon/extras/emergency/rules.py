import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refusal, refuse
from hackathon.extras.emergency.errors import EmergencyRefusal
from hackathon.extras.emergency.models import Emergency

TEXT_KEPT = timedelta(days=30)
# Without an answer: all organizers are notified.
UNANSWERED = timedelta(minutes=3)
# To who called.
CLOSED_SHOWN = timedelta(hours=1)
# Numbers with ten digits or a country, and those of listening services. Others with few digits may
# be rooms.
PHONE = re.compile(r"(?<![\w+])(?:(?:\+\d{2}|0)(?:[ .\-\u00a0\u202f]?\d){9}|3114|3018|3919)(?!\w)")


@dataclass(frozen=True)
class Piece:
    """`tel`: the number that a tap calls; empty for other text."""

    text: str
    tel: str = ""


def lines_of(text: str) -> list[list[Piece]]:
    return [list(_pieces(line.strip())) for line in text.splitlines() if line.strip()]


def _pieces(line: str) -> Iterator[Piece]:
    end = 0
    for match in PHONE.finditer(line):
        if match.start() > end:
            yield Piece(line[end : match.start()])
        yield Piece(match[0], re.sub(r"[^\d+]", "", match[0]))
        end = match.end()
    if end < len(line):
        yield Piece(line[end:])


def taking_refusal(emergency: Emergency, by_pk: int) -> Refusal | None:
    if emergency.closed_at is not None:
        return refuse(EmergencyRefusal.CLOSED)
    if emergency.taken_by is not None and emergency.taken_by_id != by_pk:
        return refuse(EmergencyRefusal.TAKEN, name=emergency.taken_by.display_name)
    return None


def closing_refusal(emergency: Emergency) -> Refusal | None:
    return refuse(EmergencyRefusal.CLOSED) if emergency.closed_at is not None else None


def same_person_refusal(chosen: Collection[User]) -> Refusal | None:
    is_same = len(set(chosen)) < len(chosen)
    return refuse(EmergencyRefusal.SAME_PERSON) if is_same else None
