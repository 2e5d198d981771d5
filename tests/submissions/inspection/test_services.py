from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, storages
from django.test import override_settings

from hackathon.base.core.models import LiveMessage
from submissions import periodic
from submissions.deposits import services as deposits
from submissions.enums import Health
from submissions.inspection import selectors, tasks
from submissions.inspection import services as inspections
from submissions.inspection.result import FindingCode, Result
from submissions.models import Deliverable, Inspection, Submission
from tests import services
from tests.conftest import NOON
from tests.submissions.conftest import MINUTE, deposit, published
from tests.submissions.inspection import samples


@pytest.fixture
def submission(dossier, comunik, ada) -> Submission:
    return deposit(dossier, comunik, ada, content=samples.pdf())


def inspected(submission: Submission) -> Inspection:
    return Inspection.objects.get(submission=submission)


def test_a_deposit_waits_for_its_inspection(submission):
    assert inspected(submission).health == Health.PENDING


def test_the_task_stores_the_result_and_publishes_it(submission):
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
    told = {(f"team:{team.pk}", "lights.completed")}  # it was the only one required
    assert set(published()) - told == {(to, "submission.inspected") for to in audiences}
    assert LiveMessage.objects.all()[0].data == {
        "submission": submission.pk,
        "deliverable": submission.deliverable_id,
        "team": team.pk,
        "health": "good",
    }


def test_a_second_run_changes_nothing(submission):
    tasks.inspect(submission.pk)
    before = (inspected(submission), published())

    tasks.inspect(submission.pk)
    again = inspections.record(submission, Result().with_finding(FindingCode.UNREADABLE), at=NOON)

    assert not again
    assert (inspected(submission), published()) == before
    assert inspected(submission).health == Health.GOOD


def test_a_missing_submission_is_ignored(submission):
    tasks.inspect(submission.pk + 1)

    assert inspected(submission).health == Health.PENDING


@pytest.mark.parametrize(
    ("codes", "health"),
    [
        ([], Health.GOOD),
        ([FindingCode.RARE_FORMAT], Health.DOUBTFUL),
        ([FindingCode.RARE_FORMAT, FindingCode.ENCRYPTED], Health.BROKEN),
    ],
)
def test_the_most_serious_finding_decides(codes, health):
    result = Result()
    for code in codes:
        result = result.with_finding(code)

    assert inspections.health_of(result) == health


def test_a_text_is_not_checked(pitch, comunik, ada):
    made = deposits.deposit(pitch, comunik, text="Été", begun_at=NOON, by=ada, at=NOON)

    tasks.inspect(made.pk)

    inspection = inspected(made)
    assert (inspection.health, inspection.facts["characters"]) == (Health.GOOD, 3)


def test_a_link_to_a_private_address_is_not_requested(site_link, comunik, ada):
    made = deposits.deposit(
        site_link, comunik, url="http://10.0.0.1/", begun_at=NOON, by=ada, at=NOON
    )

    tasks.inspect(made.pk)

    inspection = inspected(made)
    assert inspection.health == Health.BROKEN
    assert inspection.findings == [{"code": "link_private", "host": "10.0.0.1"}]


def test_a_lost_file(submission):
    Path(submission.file.path).unlink()

    tasks.inspect(submission.pk)

    inspection = inspected(submission)
    assert (inspection.health, inspection.findings) == (Health.BROKEN, [{"code": "missing"}])


def test_a_file_in_a_remote_storage(submission):
    remote = InMemoryStorage()
    remote.save(submission.file.name, ContentFile(samples.pdf()))
    again = Submission.objects.get(pk=submission.pk)
    again.file.storage = remote

    result = inspections.inspect_submission(again)

    assert result.facts == {"type": "pdf", "pages": 3}


def test_an_unreachable_antivirus_does_not_change_the_health(submission):
    with override_settings(CLAMAV=f"127.0.0.1:{services.free_port()}"):
        result = inspections.inspect_submission(submission)

    assert result.findings == []
    assert result.facts["scanned"] is False


@pytest.mark.parametrize(
    ("received", "again"),
    [
        (NOON - MINUTE, False),
        (NOON - 3 * MINUTE, True),
        (NOON - timedelta(hours=23), True),
        (NOON - timedelta(hours=25), False),
    ],
)
def test_a_lost_inspection_is_queued_again(
    received, again, submission, django_capture_on_commit_callbacks
):
    Submission.objects.update(begun_at=received, received_at=received)

    with (
        time_machine.travel(NOON, tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        periodic.inspect_forgotten()

    assert (inspected(submission).health == Health.GOOD) == again


def test_a_finished_inspection_is_not_queued_again(submission):
    tasks.inspect(submission.pk)

    assert selectors.forgotten_inspections(at=NOON + 5 * MINUTE) == []


def test_thumbnails_are_in_a_storage_of_their_own():
    assert storages["previews"].path("a") != storages["deposits"].path("a")


def lit() -> list[tuple[str, dict[str, int]]]:
    """Messages that the last window of a team lights up, by audience."""
    messages = LiveMessage.objects.filter(type="lights.completed")
    return [(audience, m.data) for m in messages for audience in m.audience_names]


def test_the_team_is_told_once_that_all_is_in_and_opens(submission, pitch, comunik, ada):
    """Not by the deposits, which may not open; never again, whatever is sent later."""
    words = deposits.deposit(pitch, comunik, text="Un mot", begun_at=NOON, by=ada, at=NOON)
    before = lit()
    inspections.record(words, Result({"type": "words", "characters": 6}), at=NOON)
    halfway = lit()

    inspections.record(submission, Result({"type": "pdf", "pages": 3}), at=NOON)

    told = lit()
    again = deposits.deposit(pitch, comunik, text="Un autre", begun_at=NOON, by=ada, at=NOON)
    inspections.record(again, Result({"type": "words", "characters": 8}), at=NOON)
    assert (before, halfway) == ([], [])
    assert told == [(f"team:{comunik.pk}", {"team": comunik.pk, "windows": 2})]
    assert lit() == told


def test_nothing_lights_up_while_a_deposit_does_not_open_or_a_required_one_is_missing(
    submission, pitch, comunik, ada, dossier
):
    Deliverable.objects.update(required=True)
    inspections.record(submission, Result({"type": "pdf", "pages": 3}), at=NOON)
    missing = lit()
    words = deposits.deposit(pitch, comunik, text="Un mot", begun_at=NOON, by=ada, at=NOON)
    broken = deposit(dossier, comunik, ada, content=samples.pdf())
    inspections.record(broken, Result().with_finding(FindingCode.MISSING), at=NOON)
    inspections.record(words, Result({"type": "words", "characters": 6}), at=NOON)
    unopened = lit()

    repaired = deposit(dossier, comunik, ada, content=samples.pdf())
    inspections.record(repaired, Result({"type": "pdf", "pages": 3}), at=NOON)

    assert (missing, unopened) == ([], [])
    assert len(lit()) == 1
