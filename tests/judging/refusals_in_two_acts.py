from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from judging.ceremony.services import screens as ceremony
from judging.deliberation.services import decision, hearings
from judging.errors import JudgingRefusal
from judging.models import PassageCriterion, PassageMark
from judging.setup.services import method
from tests.judging.conftest import NIGHT

type Act = Callable[[], Any]


def cases_in_two_acts(request: pytest.FixtureRequest, after: Callable[..., Act]) -> dict[Any, Act]:
    names = ("infocom", "dan", "diane", "eve", "comunik", "five", "fill", "pixels")
    w = SimpleNamespace(**{name: request.getfixturevalue(name) for name in names})
    act = {"department": w.infocom, "by": w.diane.user, "at": NIGHT}
    both = [w.comunik.pk, w.five.pk]
    clear = PassageCriterion.objects.create(department=w.infocom, name="Clarté")

    def hears() -> None:
        for team in (w.comunik, w.five):
            w.fill(w.dan, team, 10, 10)
        method.hear_nominees(hears=True, **act)

    def nominate(*pks: int) -> Act:
        return lambda: decision.decide(nominees=pks, places={}, **act)

    def lock() -> Any:
        return decision.lock(nominees=True, **act)

    def mark() -> Any:
        marks = {clear.pk: Decimal(12)}
        return hearings.mark(juror=w.dan, team=w.comunik, marks=marks, by=w.dan.user, at=NIGHT)

    def prepare() -> Any:
        return hearings.check_criteria(w.infocom, w.eve)

    def to_the_pause() -> None:
        w.pixels.delete()
        hears()
        nominate(*both)()
        lock()
        ceremony.start(**remote)
        for step in range(3):
            ceremony.move(steps=1, seen=step, **remote)

    remote: dict[str, Any] = {
        "edition": w.infocom.edition,
        "rehearsal": False,
        "by": w.eve,
        "at": NIGHT,
    }
    return {
        JudgingRefusal.JURIES_DELIBERATE: after(
            to_the_pause, then=lambda: ceremony.move(steps=1, seen=3, **remote)
        ),
        JudgingRefusal.PRIZES_AFTER_HEARING: after(
            hears, then=lambda: decision.decide(nominees=both, places={both[0]: 1}, **act)
        ),
        JudgingRefusal.NOMINEES_COUNT: after(hears, nominate(both[0]), then=lock),
        JudgingRefusal.NOMINEES_LOCKED: after(hears, nominate(*both), lock, then=nominate(both[0])),
        JudgingRefusal.NOMINATIONS_FIRST: after(
            hears, nominate(*both), then=lambda: decision.lock(**act)
        ),
        JudgingRefusal.NO_NOMINATIONS: after(hears, nominate(*both), lock, then=lock),
        JudgingRefusal.PASSAGES_CLOSED: after(hears, nominate(*both), then=mark),
        JudgingRefusal.PASSAGES_BEGUN: after(
            lambda: PassageMark.objects.create(
                juror=w.dan, team=w.comunik, criterion=clear, value=12, marked_at=NIGHT
            ),
            then=prepare,
        ),
    }
