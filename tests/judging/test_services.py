from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.event.editions.services import editions
from judging.enums import JurorKind, Method, SheetState
from judging.jury.progress import progress
from judging.jury.selectors import jury_of
from judging.models import Criterion, Juror, JuryRules, ScoreSheet
from judging.ranking import selectors as ranking_selectors
from judging.scoring.services import sheets
from judging.setup.services import seats
from tests.conftest import NOON, make_team
from tests.judging.conftest import MORNING, NIGHT, live_messages


def values_of(sheet: ScoreSheet) -> dict[str, Decimal]:
    return {score.criterion.name: score.value for score in sheet.scores.all()}


# ---------------------------------------------------------------- marks


def test_a_mark_is_saved(dan, comunik, criteria):
    sheet = sheets.save(
        juror=dan,
        team=comunik,
        marks={criteria[0]: Decimal("13.5")},
        by=dan.user,
        at=NIGHT,
    )

    assert sheet is not None
    assert sheet.state == SheetState.DRAFT
    assert sheet.changed_at == NIGHT
    assert values_of(sheet) == {"Réponse au besoin": Decimal("13.5")}


def test_a_mark_replaces_the_one_before(dan, comunik, criteria, fill):
    fill(dan, comunik, 8, 9, finish=False)

    sheets.save(
        juror=dan,
        team=comunik,
        marks={criteria[1]: Decimal(15)},
        by=dan.user,
        at=NIGHT,
    )

    sheet = ScoreSheet.objects.get()
    assert values_of(sheet) == {"Réponse au besoin": 8, "Originalité": 15}


def test_a_removed_mark_is_missing_and_zero_is_a_mark(dan, comunik, criteria, fill):
    fill(dan, comunik, 0, 12, finish=False)

    sheets.save(juror=dan, team=comunik, marks={criteria[1]: None}, by=dan.user, at=NIGHT)

    assert values_of(ScoreSheet.objects.get()) == {"Réponse au besoin": 0}


def test_a_finished_sheet_has_its_instant(dan, comunik, fill):
    sheet = fill(dan, comunik, 8, 8)

    assert sheet is not None
    assert (sheet.state, sheet.finished_at) == (SheetState.FINAL, NIGHT)


def test_finishing_twice_is_finishing_once(dan, comunik, fill):
    fill(dan, comunik, 8, 8)

    again = sheets.save(juror=dan, team=comunik, marks={}, finish=True, by=dan.user, at=MORNING)

    assert again is not None
    assert again.finished_at == NIGHT
    assert JournalEntry.objects.filter(act="sheet.finished").count() == 1


def test_a_reopened_sheet_is_a_draft_and_keeps_its_marks(dan, comunik, fill):
    fill(dan, comunik, 8, 8)

    sheet = sheets.reopen(juror=dan, team=comunik, by=dan.user, at=MORNING)

    assert sheet is not None
    assert (sheet.state, sheet.finished_at) == (SheetState.DRAFT, None)
    assert sheet.scores.count() == 2


def test_progress_messages_have_only_counts(dan, infocom, comunik, five, fill):
    fill(dan, comunik, 17.5, 17.5)

    counts = {"department": "INFOCOM", "juror": dan.pk, "total": 2}
    audiences = ["organizers", f"jury:{infocom.pk}"]
    assert live_messages("sheet.progressed") == [
        (audience, {**counts, "done": done}) for done in (0, 1) for audience in audiences
    ]


def test_no_mark_is_in_the_journal_or_in_a_message(dan, comunik, fill):
    fill(dan, comunik, 17.5, 17.5, comment="Marqueur secret")

    written = [str(entry.detail) for entry in JournalEntry.objects.all()]
    written += [str(message.data) for message in LiveMessage.objects.all()]
    assert not any("17.5" in text or "Marqueur" in text for text in written)


# ---------------------------------------------------------------- progress


@pytest.mark.database
def test_progress_counts_sheets_by_jury_and_juror(edition, info, dan, diane, comunik, five, fill):
    fill(dan, comunik, 8, 8)
    fill(dan, five, 8, finish=False)

    infocom_jury, info_jury = progress(edition)

    assert [(p.juror, p.done, p.drafts, p.total) for p in infocom_jury.jurors] == [
        (diane, 0, 0, 2),
        (dan, 1, 1, 2),
    ]
    assert (infocom_jury.done, infocom_jury.total, infocom_jury.locked) == (1, 4, False)
    assert (info_jury.department, info_jury.jurors, info_jury.total) == (info, [], 0)


def test_a_sheet_emptied_again_is_not_begun(edition, dan, comunik, criteria, fill):
    fill(dan, comunik, 8, finish=False)
    sheets.save(juror=dan, team=comunik, marks={criteria[0]: None}, by=dan.user, at=NIGHT)

    (line,) = progress(edition)[0].jurors

    assert (line.done, line.drafts) == (0, 0)


def test_a_juror_who_joins_a_team_of_the_department_leaves_the_jury(
    edition, infocom, dan, comunik, fill
):
    fill(dan, comunik, 20, 20)
    make_team(infocom, "Les Profs", dan.user)

    assert jury_of(dan.user, edition) == []
    assert progress(edition)[0].jurors == []
    assert ranking_selectors.ranking_of(infocom).standings == []


# ---------------------------------------------------------------- jury and criteria


def test_an_unknown_address_gets_an_account_and_a_mail(
    infocom, eve, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        juror = seats.appoint(
            department=infocom,
            email="New@Example.org",
            name="Nour Nouveau",
            kind=JurorKind.CLIENT,
            is_president=True,
            sign_in_url="https://ccd.example.org/compte/",
            by=eve,
            at=NOON,
        )

    assert (juror.user.email, juror.user.name) == ("new@example.org", "Nour Nouveau")
    assert juror.seated_at == NOON
    assert not juror.user.has_usable_password()
    (sent,) = mail.outbox
    assert sent.to == ["new@example.org"]
    assert "Information et Communication" in sent.subject
    assert "Nour Nouveau" in sent.body
    assert "Vous le présidez" in sent.body
    assert "https://ccd.example.org/compte/" in sent.body
    assert "&" not in sent.body


@pytest.mark.database
def test_a_known_person_keeps_their_name_and_is_seated_once(
    infocom, eve, dan, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        juror = seats.appoint(
            department=infocom,
            email="DAN@example.org",
            name="Quelqu’un",
            is_president=True,
            by=eve,
            at=NOON,
        )

    assert (juror.pk, juror.is_president, juror.user.name) == (dan.pk, True, "Dan")
    assert mail.outbox == []


def test_a_juror_without_marks_can_be_dismissed(dan, comunik, criteria, eve, fill):
    fill(dan, comunik, 8, finish=False)
    sheets.save(juror=dan, team=comunik, marks={criteria[0]: None}, by=dan.user, at=NIGHT)

    seats.dismiss(juror=dan, by=eve, at=NIGHT)

    assert not Juror.objects.exists()
    assert User.objects.filter(email="dan@example.org").exists()


def test_a_cloned_edition_has_the_same_criteria(edition, infocom, criteria, eve):
    JuryRules.objects.create(department=infocom, method=Method.MEDIAN, readings=5, seed=9)
    clone = editions.clone(
        source=edition,
        slug="ccd-2021",
        name="2021",
        starts_at=edition.starts_at + timedelta(days=365),
        by=eve,
        at=NOON,
    )

    copied = Criterion.objects.filter(department__edition=clone)
    assert [(c.name, c.weight, c.scale, c.position) for c in copied] == [
        (c.name, c.weight, c.scale, c.position) for c in criteria
    ]
    assert not Juror.objects.filter(department__edition=clone).exists()
    rules = JuryRules.objects.get(department__edition=clone)
    assert (rules.method, rules.readings, rules.seed) == (Method.MEDIAN, 5, 1)
