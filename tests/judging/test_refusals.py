"""Each code of refusal, raised by the service that gives it; and nothing is written."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from hackathon.core.errors import Refused
from hackathon.core.models import JournalEntry, LiveMessage
from hackathon.editions.errors import EditionRefusal
from judging.errors import JudgingRefusal
from judging.models import Award, Criterion, Deliberation, Juror, Nomination, Score, ScoreSheet
from judging.services import ceremony, deliberation, jury, results, scoring
from judging.services import criteria as criteria_service
from tests.conftest import DEADLINE
from tests.judging.conftest import NIGHT

CODES = [*JudgingRefusal, EditionRefusal.NOT_ORGANIZER, EditionRefusal.DELIBERATIONS_OPEN]


@pytest.fixture
def cases(request: pytest.FixtureRequest) -> dict[Any, Callable[[], Any]]:
    """What is refused, by code."""
    names = ("edition", "infocom", "info", "eve", "dan", "diane", "comunik", "five", "pixels")
    edition, infocom, info, eve, dan, diane, comunik, five, pixels = (
        request.getfixturevalue(name) for name in names
    )
    need, _idea = request.getfixturevalue("criteria")
    fill = request.getfixturevalue("fill")
    ada = request.getfixturevalue("ada")
    foreign = Criterion.objects.create(department=info, name="Code")
    mine = {"juror": dan, "team": comunik, "by": dan.user, "at": NIGHT}
    decide = {"department": infocom, "by": diane.user, "at": NIGHT}

    def after(*earlier: Callable[[], Any], then: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            for act in earlier:
                act()
            JournalEntry.objects.all().delete()
            LiveMessage.objects.all().delete()
            return then()

        return run

    def finished() -> Any:
        return fill(dan, comunik, 10, 10)

    def chosen() -> Any:
        both = [comunik.pk, five.pk]
        places = dict.fromkeys(both, 1)
        return deliberation.decide(nominees=both, places=places, **decide)

    drive = {"edition": edition, "rehearsal": False, "by": eve, "at": NIGHT}

    def begin() -> Any:
        return ceremony.start(**drive)

    def no_criteria() -> Any:
        Criterion.objects.all().delete()

    def mark(value: str = "10", **more: Any) -> Callable[[], Any]:
        return lambda: scoring.mark(**{"criterion": need, "value": Decimal(value), **mine, **more})

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
        JudgingRefusal.MARKS_MISSING: after(mark(), then=lambda: scoring.finish(**mine)),
        JudgingRefusal.SCORING_BEGUN: after(
            mark(),
            then=lambda: criteria_service.save(department=infocom, name="x", by=eve, at=NIGHT),
        ),
        JudgingRefusal.NOMINEE_UNKNOWN: after(
            finished,
            then=lambda: deliberation.decide(nominees=[pixels.pk], places={}, **decide),
        ),
        JudgingRefusal.WINNER_NOT_NOMINATED: after(
            finished,
            then=lambda: deliberation.decide(nominees=[], places={five.pk: 1}, **decide),
        ),
        JudgingRefusal.WINNERS_COUNT: after(finished, then=lambda: deliberation.lock(**decide)),
        JudgingRefusal.NO_SHEETS: lambda: deliberation.decide(nominees=[], places={}, **decide),
        JudgingRefusal.NO_CRITERIA: after(no_criteria, then=lambda: scoring.finish(**mine)),
        JudgingRefusal.CRITERION_UNKNOWN: mark(criterion=foreign),
        JudgingRefusal.JUROR_IN_TEAM: lambda: jury.appoint(
            department=infocom, email=ada.email, by=eve, at=NIGHT
        ),
        JudgingRefusal.JUROR_HAS_MARKS: after(
            mark(), then=lambda: jury.dismiss(juror=dan, by=eve, at=NIGHT)
        ),
        JudgingRefusal.CEREMONY_RUNNING: after(
            finished, chosen, lambda: deliberation.lock(**decide), pixels.delete, begin, then=begin
        ),
        JudgingRefusal.CEREMONY_UNFINISHED: after(
            finished,
            chosen,
            lambda: deliberation.lock(**decide),
            pixels.delete,
            begin,
            then=lambda: results.publish(edition=edition, by=eve, at=NIGHT),
        ),
        JudgingRefusal.NO_CEREMONY: lambda: ceremony.move(steps=1, seen=0, **drive),
        JudgingRefusal.CEREMONY_OUTDATED: after(
            finished,
            chosen,
            lambda: deliberation.lock(**decide),
            pixels.delete,
            begin,
            lambda: Deliberation.objects.update(locked_at=NIGHT + timedelta(minutes=1)),
            then=lambda: ceremony.move(steps=1, seen=0, **drive),
        ),
        EditionRefusal.NOT_ORGANIZER: lambda: jury.appoint(
            department=infocom, email="new@example.org", by=diane.user, at=NIGHT
        ),
        EditionRefusal.DELIBERATIONS_OPEN: lambda: results.publish(
            edition=edition, by=eve, at=NIGHT
        ),
    }


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.value)
def test_it_is_refused_and_nothing_is_written(
    code: Any, cases: dict[Any, Callable[[], Any]]
) -> None:
    with pytest.raises(Refused) as refused:
        cases[code]()

    assert refused.value.refusal.code == code
    assert "{" not in refused.value.refusal.message
    assert not JournalEntry.objects.exists()
    assert not LiveMessage.objects.exists()


def test_a_refused_mark_leaves_no_sheet(
    dan: Juror, comunik: Any, criteria: list[Criterion]
) -> None:
    need, idea = criteria

    with pytest.raises(Refused):
        scoring.save(
            juror=dan,
            team=comunik,
            marks={need: Decimal(10), idea: Decimal(99)},
            by=dan.user,
            at=NIGHT,
        )

    assert not ScoreSheet.objects.exists()
    assert not Score.objects.exists()


def test_who_is_not_a_juror_any_more_marks_nothing(
    dan: Juror, comunik: Any, criteria: list[Criterion]
) -> None:
    by = dan.user
    Juror.objects.filter(pk=dan.pk).delete()

    with pytest.raises(Refused) as refused:
        scoring.mark(
            juror=dan, team=comunik, criterion=criteria[0], value=Decimal(1), by=by, at=NIGHT
        )

    assert refused.value.refusal.code == JudgingRefusal.NOT_JUROR


def test_nobody_marks_in_another_jurors_name(
    dan: Juror, diane: Juror, comunik: Any, criteria: list[Criterion]
) -> None:
    with pytest.raises(Refused) as refused:
        scoring.mark(
            juror=dan,
            team=comunik,
            criterion=criteria[0],
            value=Decimal(1),
            by=diane.user,
            at=NIGHT,
        )

    assert refused.value.refusal.code == JudgingRefusal.NOT_JUROR


def test_a_locked_decision_stays(locked: Any, diane: Juror, eve: Any) -> None:
    acts = [
        lambda: deliberation.decide(
            department=locked, nominees=[], places={}, by=diane.user, at=NIGHT
        ),
        lambda: deliberation.lock(department=locked, by=diane.user, at=NIGHT),
        lambda: jury.appoint(department=locked, email="new@example.org", by=eve, at=NIGHT),
        lambda: jury.dismiss(juror=diane, by=eve, at=NIGHT),
    ]

    for act in acts:
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.refusal.code == JudgingRefusal.DELIBERATION_LOCKED

    assert Award.objects.count() == 2
    assert Nomination.objects.count() == 3


def test_publishing_needs_an_organizer_and_something_to_publish(
    edition: Any, diane_user: Any, eve: Any
) -> None:
    for by, code in [
        (diane_user, EditionRefusal.NOT_ORGANIZER),
        (eve, JudgingRefusal.NO_SHEETS),
    ]:
        with pytest.raises(Refused) as refused:
            results.publish(edition=edition, by=by, at=NIGHT + timedelta(hours=1))
        assert refused.value.refusal.code == code
