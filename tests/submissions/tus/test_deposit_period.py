from datetime import timedelta

import pytest
from django.conf import settings

from hackathon.base.core import clock
from hackathon.event.editions.enums import LatePolicy
from submissions import periodic
from submissions.extensions import services as extensions
from submissions.models import Submission, Upload
from submissions.tus.request import _cache
from submissions.versions import selectors
from tests.submissions.claims import announce
from tests.submissions.tus.conftest import move_deadline
from tests.submissions.tus.wire import Tus, content

pytestmark = pytest.mark.django_db(transaction=True)

FILE = content(100)
MINUTES = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _cached_for_the_whole_test(monkeypatch) -> None:
    monkeypatch.setattr("submissions.tus.request.CACHE_SECONDS", 600.0)


@pytest.fixture
def begun(tus, dossier) -> str:
    url = tus.begun(dossier, len(FILE))
    assert tus.patch(url, 0, FILE[:50]).status_code == 204
    return url


@pytest.fixture
def later(tus, ada, tus_of) -> Tus:
    # With another token, so that nothing is cached.
    return tus_of(ada)


def the_mark() -> str:
    return selectors.version_of(Submission.objects.get()).punctuality.value


def test_no_upload_begins_before_the_launch(tus, dossier, tonight):
    move_deadline(tonight, timedelta(hours=15))

    answer = tus.begin(dossier, 100)

    assert (answer.status_code, answer.json()["code"]) == (422, "not_open")


def test_no_upload_begins_after_the_deadline(tus, dossier, tonight):
    move_deadline(tonight, -MINUTES)

    answer = tus.begin(dossier, 100)

    assert (answer.status_code, answer.json()["code"]) == (422, "deadline_passed")
    assert not Upload.objects.exists()


def test_announced_bytes_may_come_after_the_deadline(tus, dossier, comunik, tonight, monkeypatch):
    move_deadline(tonight, -6 * MINUTES)
    announce(monkeypatch, comunik, dossier, FILE, at=clock.now() - 7 * MINUTES)

    other = tus.begin(dossier, len(FILE) - 1)
    url = tus.begun(dossier, len(FILE))
    answer = tus.patch(url, 0, FILE)

    assert (other.status_code, other.json()["code"]) == (422, "deadline_passed")
    assert answer.status_code == 204
    assert the_mark() == "on_time"


def test_an_upload_that_broke_off_goes_on_until_no_announced_bytes_count(
    begun, later, comunik, dossier, tonight, monkeypatch
):
    move_deadline(tonight, -15 * MINUTES)
    Upload.objects.update(begun_at=clock.now() - 17 * MINUTES)
    announce(monkeypatch, comunik, dossier, FILE, at=clock.now() - 16 * MINUTES)

    answer = later.patch(begun, 50, FILE[50:])

    assert answer.status_code == 204
    assert the_mark() == "on_time"


def test_other_bytes_of_the_announced_size_are_refused_at_their_end(
    tus, dossier, comunik, tonight, monkeypatch
):
    move_deadline(tonight, -6 * MINUTES)
    announce(monkeypatch, comunik, dossier, FILE, at=clock.now() - 7 * MINUTES)
    url = tus.begun(dossier, len(FILE))

    answer = tus.patch(url, 0, content(100, seed=1))

    assert (answer.status_code, answer.json()["code"]) == (422, "deadline_passed")
    assert not Submission.objects.exists()


def test_upload_before_the_deadline_is_on_time(tus, begun):
    tus.patch(begun, 50, FILE[50:])

    assert the_mark() == "on_time"


def test_upload_finished_in_the_grace_period_is_in_grace(begun, later, tonight):
    move_deadline(tonight, -5 * MINUTES)
    Upload.objects.update(begun_at=clock.now() - 6 * MINUTES)

    answer = later.patch(begun, 50, FILE[50:])

    submission = Submission.objects.get()
    assert answer.status_code == 204
    assert answer.headers["Submission-Received-At"] == submission.received_at.isoformat()
    assert the_mark() == "in_grace"


@pytest.fixture
def after_grace(begun, tonight) -> None:
    move_deadline(tonight, -11 * MINUTES)
    Upload.objects.update(begun_at=clock.now() - 12 * MINUTES)


@pytest.mark.usefixtures("after_grace")
def test_bytes_after_the_grace_period_are_refused_before_they_are_sent(begun, later):
    answer = later.patch(begun, 50, FILE[50:])

    assert (answer.status_code, answer.json()["code"]) == (422, "grace_passed")
    assert later.offset(begun) == 50


@pytest.mark.usefixtures("after_grace")
def test_expect_100_continue_is_refused_after_the_grace_period(begun, later):
    headers = {"content_type": "application/offset+octet-stream", "content_length": "50"}

    with later.wire("PATCH", begun, upload_offset="50", expect="100-continue", **headers) as wire:
        answer = wire.answer()

    assert answer.status == 422
    assert b"grace_passed" in answer.body


@pytest.fixture
def whole_too_late(tus, begun, tonight) -> None:
    # The grace period ends while the last bytes are being sent.
    move_deadline(tonight, -11 * MINUTES)
    begun_at = clock.now() - 12 * MINUTES
    Upload.objects.update(begun_at=begun_at)
    for cached in _cache.values():
        cached.upload.begun_at = begun_at
    # The cached period accepts the bytes; `conclude` reads the period again.
    answer = tus.patch(begun, 50, FILE[50:])
    assert (answer.status_code, answer.json()["code"]) == (422, "grace_passed")


@pytest.mark.usefixtures("whole_too_late")
def test_upload_complete_after_the_grace_period_is_refused_and_kept(begun, later):
    answers = [later.head(begun), later.patch(begun, 100, b"")]
    periodic.conclude_whole_uploads()

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "Upload-Offset" not in answers[0].headers
    assert "heure limite" in answers[1].json()["detail"] or "Trop tard" in answers[1].text
    assert not Submission.objects.exists()
    assert [path.read_bytes() for path in settings.UPLOADS_DIR.iterdir()] == [FILE]


@pytest.mark.usefixtures("whole_too_late")
@pytest.mark.parametrize("who", ["client", "clock"])
def test_an_extension_granted_later_accepts_a_complete_upload(
    begun, later, tonight, comunik, eve, who
):
    at = clock.now()
    extensions.grant(tonight, team=comunik, minutes=15, reason="Panne", by=eve, at=at)

    if who == "client":
        answer = later.head(begun)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (200, "100")
        assert answer.headers["Receipt-Code"]
    else:
        periodic.conclude_whole_uploads()

    submission = Submission.objects.get()
    assert submission.received_at < at  # when its last byte arrived, not when it was accepted
    assert the_mark() == "on_time"


@pytest.mark.usefixtures("after_grace")
def test_an_extension_granted_later_accepts_the_rest(begun, later, tonight, comunik, eve):
    refused = later.patch(begun, 50, FILE[50:])
    extensions.grant(tonight, team=comunik, minutes=15, reason="Panne", by=eve, at=clock.now())

    assert refused.status_code == 422
    assert later.patch(begun, 50, FILE[50:]).status_code == 204
    assert the_mark() == "on_time"


@pytest.mark.usefixtures("after_grace")
def test_accepted_late_uploads_are_late(begun, later, tonight, dossier):
    tonight.late_policy = LatePolicy.ACCEPT
    tonight.save()

    assert later.patch(begun, 50, FILE[50:]).status_code == 204
    assert the_mark() == "late"
    assert later.begin(dossier, 100).status_code == 201


def test_without_a_grace_period_the_deadline_is_the_end(begun, later, tonight):
    move_deadline(tonight, -MINUTES, grace=timedelta(0))
    Upload.objects.update(begun_at=clock.now() - 2 * MINUTES)

    answer = later.patch(begun, 50, FILE[50:])

    assert (answer.status_code, answer.json()["code"]) == (422, "grace_passed")


def test_periodic_task_concludes_complete_uploads(begun, later, tonight):
    # All bytes have arrived, the process crashed, and the client did not come back.
    (path,) = settings.UPLOADS_DIR.iterdir()
    path.write_bytes(FILE)

    periodic.conclude_whole_uploads()

    assert the_mark() == "on_time"
    assert later.head(begun).headers["Upload-Offset"] == "100"
    assert not list(settings.UPLOADS_DIR.iterdir())
