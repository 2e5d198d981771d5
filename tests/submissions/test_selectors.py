from datetime import timedelta

import pytest

from hackathon.base.core.errors import NotFound
from hackathon.event.editions.models import Edition
from submissions.enums import ProgressState, Punctuality
from submissions.models import Submission
from submissions.versions import selectors
from submissions.versions.progress import latest_deposits, progress_of
from tests.conftest import DEADLINE, NOON, make_team, make_user
from tests.submissions.conftest import MINUTE, deposit, extend


def test_statuses_in_order_with_what_counts(comunik, dossier, site_link, ada):
    deposit(dossier, comunik, ada, at=NOON)
    newest = deposit(dossier, comunik, ada, at=NOON + MINUTE)

    first, second = selectors.deposits_of(comunik, at=NOON + MINUTE).statuses

    assert [v.submission.version for v in first.versions] == [2, 1]
    assert [v.counts for v in first.versions] == [True, False]
    assert first.counting is not None
    assert (first.counting.submission, first.counting.punctuality) == (newest, Punctuality.ON_TIME)
    assert (first.state, second.state) == (ProgressState.COMPLETE, ProgressState.NOTHING)
    assert first.refusal is None
    assert second.counting is None


def test_refusal_is_that_of_every_deliverable(comunik, dossier, site_link):
    statuses = selectors.deposits_of(comunik, at=DEADLINE + MINUTE).statuses

    codes = [s.refusal.code.value for s in statuses if s.refusal]
    assert codes == ["deadline_passed", "deadline_passed"]


def test_progress_of_every_team(edition, comunik, pixels, dossier, site_link, pitch, ada, eve):
    deposit(dossier, comunik, ada, at=NOON)
    extend(eve, 15, team=comunik)

    first, second = progress_of(edition)

    assert (first.team, first.department, first.state) == (
        comunik,
        comunik.department,
        ProgressState.SOMETHING,
    )
    assert (first.received, first.required, first.total) == (1, 2, 3)
    assert first.delay_minutes == 15
    assert first.missing == [site_link]
    assert (second.team, second.state, second.total) == (pixels, ProgressState.NOTHING, 0)
    assert [p.team for p in progress_of(edition, pixels.department)] == [pixels]


@pytest.mark.parametrize("teams", [1, 3, 60])
def test_progress_takes_five_queries(
    teams, edition, infocom, dossier, eve, django_assert_num_queries
):
    made = [make_team(infocom, f"Équipe {n}") for n in range(teams)]
    Submission.objects.bulk_create(
        Submission(
            team=team,
            deliverable=dossier,
            version=1,
            begun_at=NOON,
            received_at=NOON,
            submitted_by=eve,
            size=1,
            sha256="0" * 64,
            text="a",
        )
        for team in made
    )

    with django_assert_num_queries(5):
        found = progress_of(edition)

    assert len(found) == teams


@pytest.mark.parametrize("teams", [1, 3])
def test_deposits_of_many_teams_take_four_queries(
    teams, edition, infocom, dossier, django_assert_num_queries
):
    made = [make_team(infocom, f"Équipe {n}") for n in range(teams)]

    with django_assert_num_queries(4):
        found = selectors.deposits_by_team(edition, made, at=NOON)

    assert set(found) == {team.pk for team in made}


def test_latest_deposits_with_their_punctuality(
    edition, comunik, dossier, ada, django_assert_num_queries
):
    for minute in range(3):
        deposit(dossier, comunik, ada, at=NOON + minute * MINUTE)
    straddling = deposit(dossier, comunik, ada, at=DEADLINE + MINUTE, begun_at=DEADLINE)

    with django_assert_num_queries(2):
        latest = latest_deposits(edition, limit=2)

    assert [d.submission.version for d in latest] == [4, 3]
    assert (latest[0].submission, latest[0].punctuality) == (straddling, Punctuality.IN_GRACE)


def test_moving_the_deadline_changes_every_punctuality(edition, comunik, dossier, ada):
    deposit(dossier, comunik, ada, at=NOON)
    edition.deadline_at = NOON - MINUTE
    edition.judging_opens_at = NOON + timedelta(hours=1)
    edition.save()

    assert progress_of(edition)[0].state == ProgressState.LATE


def test_organizer_of_another_edition_reads_no_submission(comunik, dossier, ada):
    submission = deposit(dossier, comunik, ada)
    other = Edition.objects.create(
        slug="ccd-2021",
        name="2021",
        registration_opens_at=NOON,
        registration_closes_at=NOON,
        starts_at=NOON,
        deadline_at=NOON + MINUTE,
        judging_opens_at=NOON + MINUTE,
    )
    gil = make_user("gil@example.org")
    other.organizers.add(gil)

    with pytest.raises(NotFound):
        selectors.get_submission_for(gil, submission.pk)
