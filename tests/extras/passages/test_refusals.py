from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.extras.passages import services as passages
from hackathon.extras.passages.errors import PassagesRefusal
from hackathon.extras.passages.models import PassagePlan
from judging.ceremony.services import screens as ceremony
from judging.deliberation.services import decision
from tests.database import empty_journal
from tests.judging.conftest import NIGHT

type Act = Callable[[], Any]

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(request) -> dict[Any, Act]:  # noqa: C901 - a table
    names = ("edition", "infocom", "dan", "diane", "eve", "comunik", "five", "fill", "pixels")
    w = SimpleNamespace(**{name: request.getfixturevalue(name) for name in names})
    jury = {"department": w.infocom, "by": w.diane.user, "at": NIGHT}
    drive: dict[str, Any] = {"edition": w.edition, "by": w.eve, "at": NIGHT}
    both = [w.comunik.pk, w.five.pk]

    def after(*earlier: Act, then: Act) -> Act:
        def run() -> Any:
            for act in earlier:
                act()
            empty_journal()
            LiveMessage.objects.all().delete()
            return then()

        return run

    def begin(*, rehearsal: bool = False) -> Act:
        """Steps: opening, title, nominees."""

        def run() -> None:
            w.pixels.delete()
            PassagePlan.objects.create(department=w.infocom)
            for team in (w.comunik, w.five):
                w.fill(w.dan, team, 10, 10)
            decision.decide(nominees=both, places=dict.fromkeys(both, 1), **jury)
            decision.lock(**jury)
            ceremony.start(rehearsal=rehearsal, **drive)

        return run

    def to(step: int, *, rehearsal: bool = False) -> Act:
        def run() -> None:
            for seen in range(step):
                ceremony.move(steps=1, seen=seen, rehearsal=rehearsal, **drive)

        return run

    def drawn() -> None:
        PassagePlan.objects.update(seed="5" * 64, word="lune", order=both)

    def draw(seen: int = 2) -> Act:
        return lambda: passages.set_order(word="lune", seen=seen, **drive)

    return {
        PassagesRefusal.DRAW_ELSEWHERE: after(begin(), then=draw(seen=0)),
        PassagesRefusal.DRAW_REHEARSAL: after(
            begin(rehearsal=True), to(2, rehearsal=True), then=draw()
        ),
        PassagesRefusal.DRAW_AGAIN: after(begin(), drawn, to(2), then=draw()),
        PassagesRefusal.DRAW_NO_SEAL: after(begin(), to(2), then=draw()),
        PassagesRefusal.ORDER_INCOMPLETE: after(
            begin(), to(2), then=lambda: passages.set_order(teams=both[:1], seen=2, **drive)
        ),
        PassagesRefusal.NO_PASSAGE: after(
            begin(),
            then=lambda: passages.direct(pages=1, changes=0, seen=0, rehearsal=False, **drive),
        ),
    }


@pytest.mark.parametrize("code", PassagesRefusal)
def test_each_refusal_changes_nothing(code, cases):
    with pytest.raises(Refused) as refused, transaction.atomic():
        cases[code]()

    assert refused.value.refusal.code == code
    assert not JournalEntry.objects.exists()
    assert not LiveMessage.objects.exists()
