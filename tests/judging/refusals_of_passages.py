from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from judging.ceremony.services import messages, passages
from judging.ceremony.services import screens as ceremony
from judging.deliberation.services import decision
from judging.enums import Anchor
from judging.errors import JudgingRefusal
from judging.models import CeremonyMessage, PassagePlan
from tests.judging.conftest import NIGHT

type Act = Callable[[], Any]


def cases_of_passages(  # noqa: C901 - a table, with what leads to each line
    request: pytest.FixtureRequest, after: Callable[..., Act]
) -> dict[Any, Act]:
    names = ("edition", "infocom", "dan", "diane", "eve", "comunik", "five", "fill", "pixels")
    w = SimpleNamespace(**{name: request.getfixturevalue(name) for name in names})
    jury = {"department": w.infocom, "by": w.diane.user, "at": NIGHT}
    drive: dict[str, Any] = {"edition": w.edition, "by": w.eve, "at": NIGHT}
    both = [w.comunik.pk, w.five.pk]

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

    def slide() -> None:
        CeremonyMessage.objects.create(edition=w.edition, anchor=Anchor.OPENING, title="Merci")

    def draw(seen: int = 2) -> Act:
        return lambda: passages.set_order(word="lune", seen=seen, **drive)

    def delete() -> None:
        messages.delete(message=CeremonyMessage.objects.get(), by=w.eve, at=NIGHT)

    return {
        JudgingRefusal.DRAW_ELSEWHERE: after(begin(), then=draw(seen=0)),
        JudgingRefusal.DRAW_REHEARSAL: after(
            begin(rehearsal=True), to(2, rehearsal=True), then=draw()
        ),
        JudgingRefusal.DRAW_AGAIN: after(begin(), drawn, to(2), then=draw()),
        JudgingRefusal.DRAW_NO_SEAL: after(begin(), to(2), then=draw()),
        JudgingRefusal.ORDER_INCOMPLETE: after(
            begin(), to(2), then=lambda: passages.set_order(teams=both[:1], seen=2, **drive)
        ),
        JudgingRefusal.NO_PASSAGE: after(
            begin(),
            then=lambda: passages.direct(pages=1, changes=0, seen=0, rehearsal=False, **drive),
        ),
        JudgingRefusal.MESSAGE_SHOWN: after(slide, begin(), to(1), then=delete),
    }
