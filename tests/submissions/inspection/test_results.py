"""From a deposit to its light: looked into, written down, told; asked for again if forgotten."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, storages
from django.test import override_settings

from hackathon.accounts.models import User
from hackathon.core.models import LiveMessage
from submissions import periodic
from submissions.deposits import services as deposits
from submissions.enums import Health
from submissions.inspection import results, selectors, tasks
from submissions.inspection.found import Code, Found
from submissions.models import Deliverable, Inspection, Submission
from teams.models import Team
from tests import services
from tests.conftest import NOON
from tests.submissions.conftest import MINUTE, deposit, told
from tests.submissions.inspection import samples

pytestmark = pytest.mark.database


@pytest.fixture
def submission(dossier: Deliverable, comunik: Team, ada: User) -> Submission:
    """A PDF of three pages, not yet looked into."""
    return deposit(dossier, comunik, ada, content=samples.pdf())


def inspected(submission: Submission) -> Inspection:
    """What is written now."""
    return Inspection.objects.get(submission=submission)


def test_a_deposit_waits_for_a_look(submission: Submission) -> None:
    assert inspected(submission).health == Health.PENDING


def test_the_task_looks_writes_and_tells(submission: Submission) -> None:
    LiveMessage.objects.all().delete()

    with time_machine.travel(NOON + MINUTE, tick=False):
        tasks.inspect(submission.pk)

    inspection = inspected(submission)
    assert (inspection.health, inspection.findings) == (Health.GOOD, [])
    assert inspection.facts == {"type": "pdf", "pages": 3}
    assert inspection.inspected_at == NOON + MINUTE
    assert Path(inspection.thumbnail.path).read_bytes().startswith(b"RIFF")
    team = submission.team
    audiences = {f"team:{team.pk}", "organizers", f"jury:{team.department_id}"}
    assert set(told()) == {(audience, "submission.inspected") for audience in audiences}
    assert LiveMessage.objects.all()[0].data == {
        "submission": submission.pk,
        "deliverable": submission.deliverable_id,
        "team": team.pk,
        "health": "good",
    }


def test_run_twice_it_does_no_harm(submission: Submission) -> None:
    tasks.inspect(submission.pk)
    before = (inspected(submission), told())

    tasks.inspect(submission.pk)
    again = results.record(submission, Found().but(Code.UNREADABLE), at=NOON)

    assert not again
    assert (inspected(submission), told()) == before
    assert inspected(submission).health == Health.GOOD


def test_a_submission_that_is_gone(submission: Submission) -> None:
    tasks.inspect(submission.pk + 1)

    assert inspected(submission).health == Health.PENDING


@pytest.mark.parametrize(
    ("codes", "health"),
    [
        ([], Health.GOOD),
        ([Code.RARE_FORMAT], Health.DOUBTFUL),
        ([Code.RARE_FORMAT, Code.ENCRYPTED], Health.BROKEN),
    ],
)
def test_the_gravest_finding_decides(codes: list[Code], health: Health) -> None:
    found = Found()
    for code in codes:
        found = found.but(code)

    assert results.health_of(found) == health


def test_a_text_needs_no_look(pitch: Deliverable, comunik: Team, ada: User) -> None:
    made = deposits.deposit(pitch, comunik, text="Été", begun_at=NOON, by=ada, at=NOON)

    tasks.inspect(made.pk)

    inspection = inspected(made)
    assert (inspection.health, inspection.facts["characters"]) == (Health.GOOD, 3)


def test_a_link_inside_is_not_asked(site_link: Deliverable, comunik: Team, ada: User) -> None:
    made = deposits.deposit(
        site_link, comunik, url="http://10.0.0.1/", begun_at=NOON, by=ada, at=NOON
    )

    tasks.inspect(made.pk)

    inspection = inspected(made)
    assert inspection.health == Health.BROKEN
    assert inspection.findings == [{"code": "link_private", "host": "10.0.0.1"}]


def test_a_file_that_is_lost(submission: Submission) -> None:
    Path(submission.file.path).unlink()

    tasks.inspect(submission.pk)

    inspection = inspected(submission)
    assert (inspection.health, inspection.findings) == (Health.BROKEN, [{"code": "missing"}])


def test_a_file_in_a_storage_elsewhere(submission: Submission) -> None:
    elsewhere = InMemoryStorage()
    elsewhere.save(submission.file.name, ContentFile(samples.pdf()))
    again = Submission.objects.get(pk=submission.pk)
    again.file.storage = elsewhere

    found = results.look_into(again)

    assert found.facts == {"type": "pdf", "pages": 3}


def test_an_antivirus_that_is_away_changes_no_light(submission: Submission) -> None:
    with override_settings(CLAMAV=f"127.0.0.1:{services.free_port()}"):
        found = results.look_into(submission)

    assert found.findings == []
    assert found.facts["scanned"] is False


@pytest.mark.parametrize(
    ("received", "again"),
    [
        (NOON - MINUTE, False),
        (NOON - 3 * MINUTE, True),
        (NOON - timedelta(hours=23), True),
        (NOON - timedelta(hours=25), False),
    ],
)
def test_what_was_forgotten_is_asked_for_again(
    received: Any,
    again: bool,
    submission: Submission,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    Submission.objects.update(begun_at=received, received_at=received)

    with (
        time_machine.travel(NOON, tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        periodic.inspect_forgotten()

    assert (inspected(submission).health == Health.GOOD) == again


def test_what_was_looked_into_is_not_forgotten(submission: Submission) -> None:
    tasks.inspect(submission.pk)

    assert selectors.forgotten_inspections(at=NOON + 5 * MINUTE) == []


def test_thumbnails_have_a_place_of_their_own() -> None:
    assert storages["previews"].path("a") != storages["deposits"].path("a")
