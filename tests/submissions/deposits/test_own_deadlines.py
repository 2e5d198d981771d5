"""« Présentation, vendredi 12:00 »: a deliverable that is due on another day than the rest."""

from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.event.editions.enums import LatePolicy
from hackathon.event.editions.models import Edition
from submissions import board
from submissions.deliverables import services as deliverables
from submissions.enums import ProgressState, Punctuality, SealMoment
from submissions.errors import DepositRefusal
from submissions.extensions import services as extensions
from submissions.models import Deliverable, Seal, Submission
from submissions.seals import services as seals
from submissions.seals.rules import SETTLE
from submissions.versions import rules, selectors
from submissions.versions.progress import progress_of
from teams.models import Team
from tests.conftest import DEADLINE, NOON
from tests.refusals import refuses
from tests.submissions.conftest import FRIDAY_NOON, MINUTE, PDF, SECOND, deposit

pytestmark = pytest.mark.django_db


def mark_of(submission: Submission) -> Punctuality:
    return selectors.version_of(submission).punctuality


def refused_at(slides: Deliverable, team: Team, by: User, at: datetime, **how: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        deposit(slides, team, by, at=at, **how)
    return refused.value


# ---------------------------------------------------------------- handing it in


def test_two_seconds_before_noon_on_friday_it_is_on_time(slides, comunik, ada):
    received = deposit(slides, comunik, ada, at=FRIDAY_NOON - 2 * SECOND)

    assert mark_of(received) == Punctuality.ON_TIME
    assert mark_of(deposit(slides, comunik, ada, at=FRIDAY_NOON)) == Punctuality.ON_TIME


def test_what_began_before_noon_may_end_within_the_grace(slides, comunik, ada):
    begun_at, ends_at = FRIDAY_NOON - SECOND, FRIDAY_NOON + 10 * MINUTE

    received = deposit(slides, comunik, ada, begun_at=begun_at, at=ends_at)

    assert mark_of(received) == Punctuality.IN_GRACE
    refused = refused_at(slides, comunik, ada, ends_at + SECOND, begun_at=begun_at)
    assert refused.refusal.code == DepositRefusal.GRACE_PASSED
    assert "vendredi 14 février à 12:00" in refused.refusal.message.replace("\xa0", " ")


def test_it_may_have_no_grace(slides, comunik, ada):
    Deliverable.objects.filter(pk=slides.pk).update(has_grace=False)

    refused = refused_at(slides, comunik, ada, FRIDAY_NOON + SECOND, begun_at=FRIDAY_NOON)

    assert refused.refusal.code == DepositRefusal.GRACE_PASSED


def test_what_begins_after_noon_is_too_late(slides, comunik, ada, edition):
    refused = refused_at(slides, comunik, ada, FRIDAY_NOON + SECOND)
    assert refused.refusal.code == DepositRefusal.DEADLINE_PASSED

    Edition.objects.filter(pk=edition.pk).update(late_policy=LatePolicy.ACCEPT)
    assert mark_of(deposit(slides, comunik, ada, at=FRIDAY_NOON + SECOND)) == Punctuality.LATE


def test_it_opens_at_its_own_instant(slides, comunik, ada):
    Deliverable.objects.filter(pk=slides.pk).update(opens_at=DEADLINE)

    refused = refused_at(slides, comunik, ada, DEADLINE - SECOND)

    assert refused.refusal.code == DepositRefusal.NOT_OPEN_YET
    assert mark_of(deposit(slides, comunik, ada, at=DEADLINE)) == Punctuality.ON_TIME


def test_the_rest_is_due_at_the_deadline_of_the_edition(slides, dossier, comunik, ada):
    refused = refused_at(dossier, comunik, ada, DEADLINE + SECOND)

    assert refused.refusal.code == DepositRefusal.DEADLINE_PASSED
    assert "23:00" in refused.refusal.message


# ---------------------------------------------------------------- extensions


def test_an_extension_moves_the_deadline_that_it_was_granted_for(
    slides, dossier, comunik, pixels, eve
):
    grant = {"team": comunik, "reason": "Panne", "by": eve, "at": NOON}
    extensions.grant(comunik.edition, minutes=15, deliverable=slides, **grant)
    extensions.grant(comunik.edition, minutes=40, **grant)

    assert selectors.period_of(comunik, slides).deadline_at == FRIDAY_NOON + 15 * MINUTE
    assert selectors.period_of(comunik, dossier).deadline_at == DEADLINE + 40 * MINUTE
    assert selectors.period_of(comunik).deadline_at == DEADLINE + 40 * MINUTE
    assert selectors.period_of(pixels, slides).deadline_at == FRIDAY_NOON


def test_late_becomes_on_time_with_an_extension(slides, comunik, ada, eve):
    at = FRIDAY_NOON + 5 * MINUTE
    extension = extensions.grant(
        comunik.edition,
        team=comunik,
        deliverable=slides,
        minutes=5,
        reason="Panne",
        by=eve,
        at=FRIDAY_NOON,
    )
    received = deposit(slides, comunik, ada, at=at)

    assert mark_of(received) == Punctuality.ON_TIME
    extensions.revoke(extension, by=eve, at=at)
    assert mark_of(received) == Punctuality.LATE


@pytest.mark.parametrize("target", ["comunik", "pixels"])
def test_an_extension_is_of_a_deadline_that_its_team_has(target, slides, dossier, eve, request):
    team = request.getfixturevalue(target)
    of = dossier if target == "comunik" else slides  # no deadline of its own; another department
    with refuses(DepositRefusal.EXTENSION_DELIVERABLE):
        extensions.grant(
            team.edition, team=team, deliverable=of, minutes=5, reason="Panne", by=eve, at=NOON
        )


# ---------------------------------------------------------------- progress


def test_nothing_that_is_due_later_is_missing_at_the_deadline(
    slides, dossier, comunik, ada, edition
):
    (before,) = progress_of(edition)
    deposit(dossier, comunik, ada)
    (after,) = progress_of(edition)

    assert (before.state, before.missing, before.total) == (ProgressState.NOTHING, [dossier], 1)
    assert (after.state, after.missing) == (ProgressState.COMPLETE, [])
    assert [(own.deliverable, own.is_received) for own in after.own] == [(slides, False)]
    assert selectors.deposits_of(comunik, at=NOON).state == ProgressState.COMPLETE
    assert [s.deliverable for s in selectors.deposits_of(comunik, at=NOON).still_later] == [slides]


def test_who_has_handed_in_only_what_is_due_later_has_handed_in_nothing(
    slides, dossier, comunik, ada, edition
):
    deposit(slides, comunik, ada)

    (progress,) = progress_of(edition)
    assert (progress.state, progress.received) == (ProgressState.NOTHING, 0)
    assert board.board(edition).silent_count == 1


def test_a_department_that_asks_only_for_what_is_due_later_has_no_silent_team(
    slides, comunik, edition
):
    assert board.board(edition).silent_count == 0


def test_moving_the_deadline_of_the_edition_moves_no_other(slides, comunik, edition):
    edition.deadline_at += timedelta(hours=1)

    assert rules.deposit_period(edition, [], slides).deadline_at == FRIDAY_NOON


# ---------------------------------------------------------------- seals


def sealed(moment: SealMoment, due_at: datetime | None) -> list[tuple[str, int]]:
    seals = Seal.objects.filter(department__isnull=False, moment=moment, due_at=due_at)
    return [
        (entry["name"], entry["version"])
        for seal in seals.order_by("department__code")
        for team in seal.manifest["teams"]
        for entry in team["deposits"]
    ]


@pytest.fixture
def sealed_edition(edition, slides, dossier, comunik, pixels, ada, eve) -> Edition:
    """With the seals of the evening, and of Friday at noon, after its grace and its extension."""
    deposit(dossier, comunik, ada)
    deposit(slides, comunik, ada)  # a day before
    seals.make_due(edition, at=DEADLINE + 10 * MINUTE + SETTLE)
    deposit(slides, comunik, ada, at=FRIDAY_NOON - 2 * SECOND, content=PDF + b"2")
    extensions.grant(
        edition,
        team=comunik,
        deliverable=slides,
        minutes=30,
        reason="Panne",
        by=eve,
        at=FRIDAY_NOON + MINUTE,
    )
    deposit(slides, comunik, ada, at=FRIDAY_NOON + 20 * MINUTE, content=PDF + b"3")
    seals.make_due(edition, at=FRIDAY_NOON + 40 * MINUTE + SETTLE)
    return edition


def test_each_deadline_has_its_own_seals(sealed_edition):
    over_all = Seal.objects.filter(department=None).order_by("as_of")
    assert [(s.due_at, s.moment, s.as_of, s.subject) for s in over_all] == [
        (None, "deadline", DEADLINE, ""),
        (None, "grace", DEADLINE + 10 * MINUTE, ""),
        (FRIDAY_NOON, "deadline", FRIDAY_NOON, "Présentation"),
        (FRIDAY_NOON, "grace", FRIDAY_NOON + 10 * MINUTE, "Présentation"),
        (FRIDAY_NOON, "delays", FRIDAY_NOON + 40 * MINUTE, "Présentation"),
    ]
    evening = ("Dossier de stratégie", 1)
    assert sealed(SealMoment.DEADLINE, None) == sealed(SealMoment.GRACE, None) == [evening]
    assert sealed(SealMoment.DEADLINE, FRIDAY_NOON) == [("Présentation", 2)]
    assert sealed(SealMoment.GRACE, FRIDAY_NOON) == [("Présentation", 2)]
    assert sealed(SealMoment.DELAYS, FRIDAY_NOON) == [("Présentation", 3)]
    # A department's seal names only what the department asks for.
    parts = Seal.objects.filter(moment="deadline", due_at=None).exclude(department=None)
    names = {
        p.manifest["department"]: [d["name"] for d in p.manifest["deliverables"]] for p in parts
    }
    assert names == {"INFO": [], "INFOCOM": ["Dossier de stratégie"]}
    # The other department asks for nothing on Friday.
    own = Seal.objects.filter(due_at=FRIDAY_NOON, department=None)
    assert {line["code"] for s in own for line in s.manifest["departments"]} == {"INFOCOM"}


def test_both_kinds_of_seals_are_verified(sealed_edition):
    out = StringIO()

    call_command("verify-seal", stdout=out)

    assert out.getvalue().count("✓") == Seal.objects.count() == 2 * 3 + 3 * 2
    assert "INFOCOM · Présentation" in out.getvalue()


def test_verify_seal_finds_what_was_changed_on_friday(sealed_edition, slides):
    newest = Submission.objects.filter(deliverable=slides, version=3)
    newest.update(begun_at=FRIDAY_NOON - SECOND, received_at=FRIDAY_NOON - SECOND)
    out = StringIO()

    with pytest.raises(SystemExit):
        call_command("verify-seal", stdout=out)

    wrong = [line for line in out.getvalue().splitlines() if line.startswith("✗")]
    assert len(wrong) == 3
    assert all("INFOCOM · Présentation" in line for line in wrong)


def test_a_seal_stays_right_when_its_deadline_moves_afterwards(sealed_edition, slides):
    Deliverable.objects.filter(pk=slides.pk).update(due_at=None)
    out = StringIO()

    with pytest.raises(SystemExit):  # the evening's seals don't hold it
        call_command("verify-seal", stdout=out)

    wrong = [line for line in out.getvalue().splitlines() if line.startswith("✗")]
    assert wrong
    assert not any("Présentation" in line for line in wrong)


def test_the_seals_of_a_deadline_that_was_corrected_say_so(sealed_edition, slides, eve, client):
    client.force_login(eve)
    later, parts = FRIDAY_NOON + timedelta(hours=3), Seal.objects.exclude(department=None)
    friday, evening = (parts.filter(due_at=due).first() for due in (FRIDAY_NOON, None))
    pages = ["/scelle/", reverse("submissions:seals", args=[sealed_edition.slug])]
    pages += [reverse("submissions:seal", args=[seal.pk]) for seal in (friday, evening) if seal]

    def marked() -> list[bool]:
        with time_machine.travel(later, tick=False):
            texts = [client.get(page).content.decode() for page in pages]
        return ["que l’organisation a corrigée ensuite" in text for text in texts]

    before = marked()
    deliverables.save(
        slides.department, deliverable=slides, due_at=later, by=eve, at=FRIDAY_NOON + 60 * MINUTE
    )
    after = marked()
    seals.make_due(sealed_edition, at=later + 60 * MINUTE)
    out = StringIO()
    call_command("verify-seal", stdout=out)

    assert [before, after, marked()] == [[False] * 4, *[[True] * 3 + [False]] * 2]
    assert out.getvalue().count("✓") == Seal.objects.count() == 2 * 3 + 6 * 2


def test_the_seals_of_friday_are_due_by_the_clock(sealed_edition):
    assert seals.make_due(sealed_edition, at=FRIDAY_NOON + timedelta(hours=1)) == []
