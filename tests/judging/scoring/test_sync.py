import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Edition
from judging.enums import ChangeKind, SheetState
from judging.errors import JudgingRefusal
from judging.models import Assignment, Criterion, Score, ScoreSheet, SheetChange
from judging.scoring.changes import Change, Outcome, Result, SentChange
from judging.scoring.services import sheets
from judging.setup.services import seats
from teams.models import Team
from tests.conftest import make_team
from tests.judging.conftest import MORNING, NIGHT

pytestmark = pytest.mark.database

type Send = Callable[..., list[Result]]


@pytest.fixture
def send(dan, edition, criteria) -> Send:
    def act(*changes: SentChange, by: Any = None, at: Any = NIGHT) -> list[Result]:
        return sheets.write_changes(by=by or dan.user, edition=edition, changes=changes, at=at)

    return act


def sent(
    team: Team,
    value: str = "",
    criterion: Criterion | None = None,
    *,
    kind: str = ChangeKind.MARK,
    base: int = 0,
    device: str = "a",
    **more: Any,
) -> SentChange:
    change = Change(kind, value, base=base, device=device, **more)
    return SentChange(str(change.key), team.pk, criterion.pk if criterion else None, change)


def outcomes(answers: list[Result]) -> list[str]:
    return [str(answer.outcome) for answer in answers]


def marks() -> dict[str, float]:
    return {score.criterion.name: float(score.value) for score in Score.objects.all()}


def test_each_change_is_a_version(send, comunik, criteria, edition):
    need, idea = criteria

    answers = send(
        sent(comunik, "12", need, seen=[5, 3, 5]),
        sent(comunik, "14.5", idea),
        sent(comunik, "Bien vu", kind=ChangeKind.COMMENT),
        sent(comunik, "À revoir", kind=ChangeKind.NOTES),
        sent(comunik, kind=ChangeKind.FINISH),
    )

    assert outcomes(answers) == ["accepted"] * 5
    assert [answer.version for answer in answers] == [1, 2, 3, 4, 5]
    sheet = ScoreSheet.objects.get()
    assert (sheet.comment, sheet.notes, sheet.state) == ("Bien vu", "À revoir", SheetState.FINAL)
    assert marks() == {"Réponse au besoin": 12, "Originalité": 14.5}
    assert Score.objects.get(criterion=need).seen == [3, 5]
    assert [(c.version, c.kind, c.value) for c in SheetChange.objects.all()] == [
        (1, "mark", "12"),
        (2, "mark", "14.5"),
        (3, "comment", "Bien vu"),
        (4, "notes", "À revoir"),
        (5, "finish", ""),
    ]


def test_a_change_that_is_sent_twice_is_written_once(send, comunik, criteria):
    first, second = sent(comunik, "12", criteria[0]), sent(comunik, "13", criteria[0])
    send(first, second)

    answers = send(first, second)

    assert [(a.outcome, a.version) for a in answers] == [(Outcome.ALREADY, 1), (Outcome.ALREADY, 2)]
    assert marks() == {"Réponse au besoin": 13}
    assert SheetChange.objects.count() == 2


def test_the_same_key_of_another_juror_is_another_change(send, diane, comunik, criteria):
    key = uuid.uuid4()

    send(sent(comunik, "12", criteria[0], key=key))
    answers = send(sent(comunik, "13", criteria[0], key=key), by=diane.user)

    assert outcomes(answers) == ["accepted"]
    assert ScoreSheet.objects.count() == 2


def test_a_conflict_with_another_tablet_is_returned_and_overwrites_nothing(send, comunik, criteria):
    need, idea = criteria
    send(sent(comunik, "12", need), sent(comunik, "9", idea))

    theirs, other, same = send(
        sent(comunik, "15", need, device="b"),
        sent(comunik, "10", idea, device="b", base=2),
        sent(comunik, "12", need, device="b"),
    )

    assert (theirs.outcome, theirs.version) == (Outcome.CONFLICT, 2)
    assert theirs.theirs is not None
    assert (theirs.theirs.value, theirs.theirs.device) == ("12", "a")
    assert theirs.refusal is not None
    assert "« 12 »" in theirs.refusal.message.replace("\u00a0", " ")
    assert (other.outcome, same.outcome) == (Outcome.ACCEPTED, Outcome.ACCEPTED)
    assert marks() == {"Réponse au besoin": 12, "Originalité": 10}


def test_a_conflict_is_decided_with_the_servers_version(send, comunik, criteria):
    send(sent(comunik, "12", criteria[0]))
    (conflict,) = send(sent(comunik, "15", criteria[0], device="b"))

    answers = send(sent(comunik, "15", criteria[0], device="b", base=conflict.version))

    assert outcomes(answers) == ["accepted"]
    assert marks() == {"Réponse au besoin": 15}


def test_ones_own_earlier_changes_are_no_conflict(send, comunik, criteria):
    answers = send(*[sent(comunik, str(value), criteria[0]) for value in (10, 11, 12)])

    assert outcomes(answers) == ["accepted"] * 3
    assert marks() == {"Réponse au besoin": 12}


def test_texts_conflict_as_marks_do(send, comunik):
    send(sent(comunik, "Ici", kind=ChangeKind.COMMENT))

    (answer,) = send(sent(comunik, "Là", kind=ChangeKind.COMMENT, device="b"))

    assert answer.outcome == Outcome.CONFLICT
    assert ScoreSheet.objects.get().comment == "Ici"


def test_a_mark_takes_few_queries(send, comunik, criteria):
    need, idea = criteria

    def queries(criterion: Criterion) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert outcomes(send(sent(comunik, "12", criterion))) == ["accepted"]
        # On PostgreSQL there is one more.
        return sum("FOR SHARE" not in query["sql"] for query in captured)

    # The first one also begins the sheet, and tells the jury how far the juror is.
    assert (queries(need), queries(idea)) == (16, 11)


def test_a_refused_change_does_not_affect_the_others(send, comunik, pixels, criteria):
    need, idea = criteria

    answers = send(
        sent(comunik, "12", need),
        sent(comunik, "99", idea),
        sent(comunik, kind=ChangeKind.FINISH),
        SentChange("nonsense"),
        sent(pixels, "12", need),
        sent(comunik, "13", idea),
    )

    codes = [str(a.refusal.code) if a.refusal else "" for a in answers]
    assert codes == [
        "",
        JudgingRefusal.VALUE_OUT_OF_SCALE,
        JudgingRefusal.MARKS_MISSING,
        JudgingRefusal.CHANGE_UNREADABLE,
        JudgingRefusal.NOT_JUROR,
        "",
    ]
    assert marks() == {"Réponse au besoin": 12, "Originalité": 13}
    assert SheetChange.objects.count() == 2


def test_a_sheet_is_not_finished_over_marks_that_the_tablet_has_not_shown(send, comunik, criteria):
    need, idea = criteria
    send(sent(comunik, "12", need), sent(comunik, "9", idea))

    unread, read = send(
        sent(comunik, kind=ChangeKind.FINISH, device="b", base=1),
        sent(comunik, kind=ChangeKind.FINISH, device="b", base=2),
    )

    assert unread.refusal is not None
    assert unread.refusal.code == JudgingRefusal.CHANGED_ELSEWHERE
    assert read.outcome == Outcome.ACCEPTED


def test_a_finished_sheet_is_reopened_and_finished_again(send, dan, comunik, fill):
    fill(dan, comunik, 12, 14)

    answers = send(
        sent(comunik, kind=ChangeKind.FINISH, base=3),
        sent(comunik, kind=ChangeKind.REOPEN, base=3),
        sent(comunik, kind=ChangeKind.REOPEN, base=3),
        sent(comunik, kind=ChangeKind.FINISH, base=3),
    )

    assert [(a.outcome, a.version) for a in answers] == [
        (Outcome.ACCEPTED, version) for version in (3, 4, 4, 5)
    ]
    acts = JournalEntry.objects.filter(act__startswith="sheet.").order_by("pk")
    assert list(acts.values_list("act", flat=True)) == [
        "sheet.begun",
        "sheet.finished",
        "sheet.reopened",
        "sheet.finished",
    ]


def test_the_instant_of_a_tablet_is_bounded(send, comunik, criteria, edition):
    device_times = [
        NIGHT - timedelta(minutes=5),
        NIGHT + timedelta(days=1),
        NIGHT - timedelta(days=900),
    ]

    send(*[sent(comunik, "12", criteria[0], given_at=at) for at in device_times])

    kept = SheetChange.objects.values_list("given_at", flat=True)
    assert list(kept) == [device_times[0], NIGHT, edition.judging_opens_at]


def test_a_juror_without_assignment_can_only_continue_a_begun_sheet(
    send, dan, diane, comunik, five, criteria
):
    send(sent(comunik, "12", criteria[0]))
    Assignment.objects.create(juror=diane, team=comunik)
    Assignment.objects.create(juror=diane, team=five)

    begun, new = send(sent(comunik, "13", criteria[0], base=1), sent(five, "13", criteria[0]))

    assert begun.outcome == Outcome.ACCEPTED
    assert new.refusal is not None
    assert new.refusal.code == JudgingRefusal.NOT_ASSIGNED


def test_what_was_written_before_the_jury_closed_stays_written(send, comunik, criteria, edition):
    change = sent(comunik, "12", criteria[0])
    send(change)
    Edition.objects.update(results_published_at=NIGHT)
    edition.refresh_from_db()

    again, late = send(change, sent(comunik, "13", criteria[0], base=1), at=MORNING)

    assert again.outcome == Outcome.ALREADY
    assert late.refusal is not None
    assert late.refusal.code == JudgingRefusal.DELIBERATION_LOCKED


def test_the_form_without_script_leaves_the_same_rows(dan, comunik, criteria):
    need, _idea = criteria
    sheets.save(juror=dan, team=comunik, marks={need: None}, by=dan.user, at=NIGHT)
    sheets.save(juror=dan, team=comunik, marks={}, comment="Bien vu", by=dan.user, at=NIGHT)

    assert [(c.version, c.kind, c.value, c.device) for c in SheetChange.objects.all()] == [
        (1, "mark", "", ""),
        (2, "comment", "Bien vu", ""),
    ]
    assert ScoreSheet.objects.get().version == 2


def test_a_dismissed_juror_leaves_no_changes(send, dan, eve, infocom, comunik, criteria):
    send(sent(comunik, "12", criteria[0]), sent(comunik, "", criteria[0]))
    make_team(infocom, "Autre")

    seats.dismiss(juror=dan, by=eve, at=NIGHT)

    assert not SheetChange.objects.exists()


def test_sheets_finished_together_are_refused_one_by_one(send, comunik, five, third, criteria):
    """From the list of teams: what another tablet has changed since is not finished unseen."""
    for team in (comunik, five, third):
        send(*(sent(team, "12", criterion) for criterion in criteria))
    send(sent(five, "18", criteria[0], device="b", base=2))

    answers = send(*(sent(team, kind=ChangeKind.FINISH, base=2) for team in (comunik, five, third)))

    assert outcomes(answers) == ["accepted", "refused", "accepted"]
    assert answers[1].refusal is not None
    assert answers[1].refusal.code == JudgingRefusal.CHANGED_ELSEWHERE
    finished = ScoreSheet.objects.filter(state=SheetState.FINAL)
    assert {sheet.team for sheet in finished} == {comunik, third}
