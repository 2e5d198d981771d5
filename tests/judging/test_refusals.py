from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Edition
from judging.ceremony.services import messages
from judging.ceremony.services import publication as results
from judging.ceremony.services import screens as ceremony
from judging.deliberation.services import decision as deliberation
from judging.deliberation.services import second_readings as readings
from judging.enums import Anchor, ChangeKind
from judging.errors import JudgingRefusal
from judging.models import (
    Assignment,
    Award,
    CeremonyMessage,
    Criterion,
    Deliberation,
    Juror,
    Nomination,
    Recusal,
    Score,
    ScoreSheet,
)
from judging.plan import services as plans
from judging.scoring.changes import Change
from judging.scoring.services import sheets
from judging.setup.services import badges, method, recusals, seats
from judging.setup.services import criteria as criteria_service
from teams.services import organizing
from tests.conftest import DEADLINE, make_team
from tests.database import empty_journal
from tests.judging.conftest import NIGHT
from tests.judging.refusals_in_two_acts import cases_in_two_acts
from tests.refusals import refuses

pytestmark = pytest.mark.django_db

CODES = [*JudgingRefusal, EditionRefusal.NOT_ORGANIZER]


@pytest.fixture
def cases(request) -> dict[Any, Callable[[], Any]]:
    names = ("edition", "infocom", "info", "eve", "dan", "diane", "comunik", "five", "pixels")
    edition, infocom, info, eve, dan, diane, comunik, five, pixels = (
        request.getfixturevalue(name) for name in names
    )
    need, idea = request.getfixturevalue("criteria")
    fill = request.getfixturevalue("fill")
    ada = request.getfixturevalue("ada")
    foreign = Criterion.objects.create(department=info, name="Code")
    mine = {"juror": dan, "team": comunik, "by": dan.user, "at": NIGHT}
    decide = {"department": infocom, "by": diane.user, "at": NIGHT}

    def after(*earlier: Callable[[], Any], then: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            for act in earlier:
                act()
            empty_journal()
            LiveMessage.objects.all().delete()
            return then()

        return run

    def finished() -> Any:
        return fill(dan, comunik, 10, 10)

    def chosen() -> Any:
        both = [comunik.pk, five.pk]
        places = dict.fromkeys(both, 1)
        return deliberation.decide(nominees=both, places=places, reason="x", **decide)

    def no_criteria() -> Any:
        Criterion.objects.all().delete()

    def change(kind: str, value: str = "", criterion: Any = None, base: int = 0) -> Any:
        made = Change(kind, value, criterion, base=base, device="a")
        with transaction.atomic():
            seat, sheet = sheets.open_sheet(dan, comunik, dan.user, NIGHT)
            return sheets.write(seat, comunik, sheet, made, at=NIGHT)

    printed = partial(badges.issue, juror=dan, by=eve, at=NIGHT)
    again = partial(printed, key=uuid4())

    def no_pin() -> Any:
        with pytest.raises(Refused):
            badges.enter_pin(juror=dan, pin="12")

    def mark(value: str = "10", **more: Any) -> Callable[[], Any]:
        criterion = more.pop("criterion", need)
        return lambda: sheets.save(marks={criterion: Decimal(value)}, **{**mine, **more})

    finish = partial(sheets.save, marks={}, finish=True, **mine)

    return {
        JudgingRefusal.NOT_JUROR: mark(team=pixels),
        JudgingRefusal.NOT_PRESIDENT: lambda: deliberation.decide(
            department=infocom, nominees=[], places={}, by=dan.user, at=NIGHT
        ),
        JudgingRefusal.JUDGING_NOT_OPEN: mark(at=DEADLINE),
        JudgingRefusal.SHEET_FINAL: after(finished, then=mark()),
        JudgingRefusal.DELIBERATION_LOCKED: after(
            finished, chosen, lambda: deliberation.lock(**decide), then=mark(team=five)
        ),
        JudgingRefusal.VALUE_OUT_OF_SCALE: mark("20.5"),
        JudgingRefusal.MARKS_MISSING: after(mark(), then=finish),
        JudgingRefusal.SCORING_BEGUN: after(
            mark(),
            then=lambda: criteria_service.save(department=infocom, name="x", by=eve, at=NIGHT),
        ),
        JudgingRefusal.NOMINEE_UNKNOWN: after(
            finished,
            then=lambda: deliberation.decide(nominees=[pixels.pk], places={}, **decide),
        ),
        JudgingRefusal.TEAM_HAS_MARKS: after(
            mark(),
            then=lambda: organizing.relocate(
                comunik.edition, [comunik], department=pixels.department, by=eve, at=NIGHT
            ),
        ),
        JudgingRefusal.WINNER_NOT_NOMINATED: after(
            finished,
            then=lambda: deliberation.decide(nominees=[], places={five.pk: 1}, **decide),
        ),
        JudgingRefusal.WINNERS_COUNT: after(finished, then=lambda: deliberation.lock(**decide)),
        JudgingRefusal.NO_SHEETS: lambda: deliberation.decide(nominees=[], places={}, **decide),
        JudgingRefusal.NO_CRITERIA: after(no_criteria, then=finish),
        JudgingRefusal.CRITERION_UNKNOWN: mark(criterion=foreign),
        JudgingRefusal.JUROR_IN_TEAM: lambda: seats.appoint(
            department=infocom, email=ada.email, by=eve, at=NIGHT
        ),
        JudgingRefusal.NOT_ASSIGNED: after(
            lambda: Recusal.objects.create(juror=dan, team=comunik, made_at=NIGHT, made_by=eve),
            then=mark(),
        ),
        JudgingRefusal.CHANGED_ELSEWHERE: after(
            lambda: change(ChangeKind.MARK, "10", need),
            mark(criterion=idea),
            then=lambda: change(ChangeKind.FINISH, base=1),
        ),
        JudgingRefusal.CHANGE_UNREADABLE: lambda: change(ChangeKind.MARK, "douze", need),
        JudgingRefusal.FIELD_CONFLICT: after(
            mark(), then=lambda: change(ChangeKind.MARK, "12", need)
        ),
        JudgingRefusal.BADGE_UNKNOWN: lambda: badges.read(token="another"),
        JudgingRefusal.BADGE_VOIDED: after(again, partial(printed, replace=True), then=again),
        JudgingRefusal.BADGES_MANY: after(*[printed] * 5, then=printed),
        JudgingRefusal.PIN_WRONG: lambda: badges.enter_pin(juror=dan, pin="12"),
        JudgingRefusal.PIN_BLOCKED: after(
            *[no_pin] * badges.ATTEMPTS, then=lambda: badges.enter_pin(juror=dan, pin="12")
        ),
        JudgingRefusal.JUROR_HAS_MARKS: after(
            mark(), then=lambda: seats.dismiss(juror=dan, by=eve, at=NIGHT)
        ),
        **cases_of_the_verdict(request, after),
        **cases_of_set_up(request, after, mark()),
        **cases_in_two_acts(request, after),
        EditionRefusal.NOT_ORGANIZER: lambda: seats.appoint(
            department=infocom, email="new@example.org", by=diane.user, at=NIGHT
        ),
        JudgingRefusal.DELIBERATIONS_OPEN: lambda: results.publish(
            edition=edition, by=eve, at=NIGHT
        ),
        JudgingRefusal.HELD_BACK_ALL: after(
            lambda: results.hold_back(department=infocom, by=eve, at=NIGHT),
            then=lambda: results.hold_back(department=info, by=eve, at=NIGHT),
        ),
        JudgingRefusal.PUBLICATION_CHANGED: after(
            lambda: results.hold_back(department=infocom, by=eve, at=NIGHT),
            then=lambda: results.publish_department(department=infocom, by=eve, at=NIGHT),
        ),
    }


def cases_of_set_up(
    request: pytest.FixtureRequest, after: Callable[..., Any], mark: Callable[[], Any]
) -> dict[Any, Callable[[], Any]]:
    names = ("infocom", "info", "eve", "dan", "diane", "comunik", "criteria")
    infocom, info, eve, dan, diane, comunik, (need, _idea) = (
        request.getfixturevalue(name) for name in names
    )
    organizers = {"by": eve, "at": NIGHT}
    recuse = {"juror": dan, "team": comunik, **organizers}
    rules = {"method": "median", "readings": 3, "separation": Decimal("0.80")}
    amended = {"name": "x", "weight": 1, "scale": 5, "guidance": "", "reason": "Oubli"}
    return {
        JudgingRefusal.METHOD_CHOSEN: after(
            mark, then=lambda: method.choose(department=infocom, **rules, **organizers)
        ),
        JudgingRefusal.REASON_NEEDED: lambda: recusals.make(reason=" ", **recuse),
        JudgingRefusal.MARKS_ABOVE_SCALE: after(
            mark,
            then=lambda: criteria_service.amend(criterion=need, **amended, by=diane.user, at=NIGHT),
        ),
        JudgingRefusal.RECUSAL_OF_ORGANIZERS: after(
            lambda: recusals.make(reason="Sa fille", **recuse),
            then=lambda: recusals.withdraw(recusal=Recusal.objects.get(), by=dan.user, at=NIGHT),
        ),
        JudgingRefusal.JUROR_RECUSED: after(
            lambda: recusals.make(reason="Sa fille", **recuse),
            then=lambda: plans.add_reading(juror=dan, team=comunik, **organizers),
        ),
        JudgingRefusal.PLAN_BEGUN: after(
            mark, then=lambda: plans.redraw(department=infocom, **organizers)
        ),
        JudgingRefusal.PLAN_EMPTY: lambda: plans.make(department=info, **organizers),
    }


def cases_of_the_verdict(  # noqa: C901 - a table, with what leads to each line
    request: pytest.FixtureRequest, after: Callable[..., Callable[[], Any]]
) -> dict[Any, Callable[[], Any]]:
    names = ("edition", "infocom", "eve", "dan", "diane", "comunik", "five", "pixels", "fill")
    edition, infocom, eve, dan, diane, comunik, five, pixels, fill = (
        request.getfixturevalue(name) for name in names
    )
    decide = {"department": infocom, "by": diane.user, "at": NIGHT}
    drive = {"edition": edition, "rehearsal": False, "by": eve, "at": NIGHT}
    both = [comunik.pk, five.pk]

    def finished() -> None:
        fill(dan, comunik, 10, 10)
        fill(dan, five, 10, 10)

    def choose(first: int = 1, second: int = 1, **more: Any) -> Callable[[], Any]:
        places = {comunik.pk: first, five.pk: second}
        return lambda: deliberation.decide(nominees=both, places=places, **decide, **more)

    def lock() -> Any:
        return deliberation.lock(**decide)

    def begin() -> Any:
        return ceremony.start(**drive)

    def reorder() -> None:
        third = make_team(infocom, "Bocal")
        for team, strict, mild in [(comunik, None, 12), (five, 11, None), (third, 5, 15)]:
            for juror, value in [(dan, strict), (diane, mild)]:
                if value is not None:
                    fill(juror, team, value, value)
        others = [make_team(infocom, f"N{n}") for n in range(4)]
        for team in others:
            fill(dan, team, 4, 4)
            fill(diane, team, 9, 9)

    def sign(seen: Any = None) -> Callable[[], Any]:
        return lambda: deliberation.sign(juror=dan, seen=seen, by=dan.user, at=NIGHT)

    def reopen(reason: str = "Oubli") -> Callable[[], Any]:
        return lambda: deliberation.reopen(reason=reason, **decide)

    def publish() -> Any:
        return Edition.objects.update(results_published_at=NIGHT)

    until_locked = (finished, choose(), lock)
    return {
        JudgingRefusal.HELD_BACK_DECIDED: after(
            *until_locked, then=lambda: results.hold_back(department=infocom, by=eve, at=NIGHT)
        ),
        JudgingRefusal.DEPARTURE_UNEXPLAINED: after(finished, choose(1, 2), then=lock),
        JudgingRefusal.ORDER_NOT_CONFIRMED: after(reorder, choose(reason="x"), then=lock),
        JudgingRefusal.RANKING_CHANGED: after(finished, choose(seen="0" * 64), then=lock),
        JudgingRefusal.NOT_OPEN_TO_SIGN: after(finished, choose(), then=sign()),
        JudgingRefusal.DECISION_CHANGED: after(
            finished, choose(), lambda: deliberation.open_to_sign(**decide), then=sign(DEADLINE)
        ),
        JudgingRefusal.NOT_LOCKED: after(finished, choose(), then=reopen()),
        JudgingRefusal.RESULTS_OUT: after(*until_locked, publish, then=reopen()),
        JudgingRefusal.CEREMONY_BEGUN: after(*until_locked, pixels.delete, begin, then=reopen()),
        JudgingRefusal.REOPENING_REASON: after(*until_locked, then=reopen(" ")),
        JudgingRefusal.LEADER_ALONE: after(
            lambda: fill(dan, comunik, 10, 10), then=lambda: readings.propose(**decide)
        ),
        JudgingRefusal.NO_NEW_READERS: after(finished, then=lambda: readings.propose(**decide)),
        JudgingRefusal.READINGS_CHANGED: after(
            finished,
            lambda: Assignment.objects.create(juror=dan, team=comunik),
            lambda: Assignment.objects.create(juror=dan, team=five),
            then=lambda: readings.assign(seen="other", **decide),
        ),
        JudgingRefusal.MESSAGE_SHOWN: after(
            *until_locked,
            pixels.delete,
            lambda: CeremonyMessage.objects.create(
                edition=edition, anchor=Anchor.OPENING, title="A"
            ),
            begin,
            lambda: ceremony.move(steps=1, seen=0, **drive),
            then=lambda: messages.delete(message=CeremonyMessage.objects.get(), by=eve, at=NIGHT),
        ),
        JudgingRefusal.CEREMONY_RUNNING: after(*until_locked, pixels.delete, begin, then=begin),
        JudgingRefusal.CEREMONY_UNFINISHED: after(
            *until_locked,
            pixels.delete,
            begin,
            then=lambda: results.publish(edition=edition, by=eve, at=NIGHT),
        ),
        JudgingRefusal.NO_CEREMONY: lambda: ceremony.move(steps=1, seen=0, **drive),
        JudgingRefusal.CEREMONY_OUTDATED: after(
            *until_locked,
            pixels.delete,
            begin,
            lambda: Deliberation.objects.update(locked_at=NIGHT + timedelta(minutes=1)),
            then=lambda: ceremony.move(steps=1, seen=0, **drive),
        ),
    }


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.value)
def test_a_refused_call_writes_nothing(code, cases):
    with refuses(code) as refused:
        cases[code]()

    assert "{" not in refused.value.refusal.message
    assert not JournalEntry.objects.exists()
    assert not LiveMessage.objects.exists()


def test_a_refused_mark_leaves_no_sheet(dan, comunik, criteria):
    need, idea = criteria

    with pytest.raises(Refused):
        sheets.save(
            juror=dan,
            team=comunik,
            marks={need: Decimal(10), idea: Decimal(99)},
            by=dan.user,
            at=NIGHT,
        )

    assert not ScoreSheet.objects.exists()
    assert not Score.objects.exists()


def test_a_former_juror_can_not_mark(dan, comunik, criteria):
    by = dan.user
    Juror.objects.filter(pk=dan.pk).delete()

    with refuses(JudgingRefusal.NOT_JUROR):
        sheets.save(juror=dan, team=comunik, marks={criteria[0]: Decimal(1)}, by=by, at=NIGHT)


def test_a_juror_can_not_mark_for_another_juror(dan, diane, comunik, criteria):
    with refuses(JudgingRefusal.NOT_JUROR):
        sheets.save(
            juror=dan,
            team=comunik,
            marks={criteria[0]: Decimal(1)},
            by=diane.user,
            at=NIGHT,
        )


def test_a_locked_decision_stays(locked, diane, eve):
    acts = [
        lambda: deliberation.decide(
            department=locked, nominees=[], places={}, by=diane.user, at=NIGHT
        ),
        lambda: deliberation.lock(department=locked, by=diane.user, at=NIGHT),
        lambda: seats.appoint(department=locked, email="new@example.org", by=eve, at=NIGHT),
        lambda: seats.dismiss(juror=diane, by=eve, at=NIGHT),
    ]

    for act in acts:
        with refuses(JudgingRefusal.DELIBERATION_LOCKED):
            act()

    assert Award.objects.count() == 2
    assert Nomination.objects.count() == 3


def test_publishing_needs_an_organizer_and_something_to_publish(edition, diane_user, eve):
    for by, code in [
        (diane_user, EditionRefusal.NOT_ORGANIZER),
        (eve, JudgingRefusal.NO_SHEETS),
    ]:
        with refuses(code):
            results.publish(edition=edition, by=by, at=NIGHT + timedelta(hours=1))
