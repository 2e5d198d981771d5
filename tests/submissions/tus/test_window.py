"""The deadline and the grace, for transfers: begun when, whole when, marked how."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings

from hackathon.accounts.models import User
from hackathon.core import clock
from hackathon.editions.enums import LatePolicy
from hackathon.editions.models import Edition
from submissions import periodic
from submissions.deposits import selectors
from submissions.extensions import services as extensions
from submissions.models import Deliverable, Submission, Upload
from teams.models import Team
from tests.submissions.tus.conftest import move_deadline
from tests.submissions.tus.wire import Tus, content

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

FILE = content(100)
MINUTES = timedelta(minutes=1)


@pytest.fixture
def begun(tus: Tus, dossier: Deliverable) -> str:
    """An upload with half of its bytes, an hour before the deadline."""
    url = tus.begun(dossier, len(FILE))
    assert tus.patch(url, 0, FILE[:50]).status_code == 204
    return url


@pytest.fixture
def later(tus: Tus, ada: User, tus_of: Callable[[User], Tus]) -> Tus:
    """Ada again, with another token: nothing is known of her."""
    return tus_of(ada)


def the_mark() -> str:
    return selectors.version_of(Submission.objects.get()).mark.value


def test_before_the_launch_nothing_begins(tus: Tus, dossier: Deliverable, tonight: Edition) -> None:
    move_deadline(tonight, timedelta(hours=15))

    answer = tus.begin(dossier, 100)

    assert (answer.status_code, answer.json()["code"]) == (422, "not_open")


def test_after_the_deadline_nothing_begins(
    tus: Tus, dossier: Deliverable, tonight: Edition
) -> None:
    move_deadline(tonight, -MINUTES)

    answer = tus.begin(dossier, 100)

    assert (answer.status_code, answer.json()["code"]) == (422, "deadline_passed")
    assert not Upload.objects.exists()


def test_in_time_it_is_on_time(tus: Tus, begun: str) -> None:
    tus.patch(begun, 50, FILE[50:])

    assert the_mark() == "on_time"


def test_begun_in_time_and_finished_in_the_grace_is_marked_so(
    begun: str, later: Tus, tonight: Edition
) -> None:
    move_deadline(tonight, -5 * MINUTES)
    Upload.objects.update(begun_at=clock.now() - 6 * MINUTES)

    answer = later.patch(begun, 50, FILE[50:])

    submission = Submission.objects.get()
    assert answer.status_code == 204
    assert answer.headers["Submission-Received-At"] == submission.received_at.isoformat()
    assert the_mark() == "in_grace"


@pytest.fixture
def after_grace(begun: str, tonight: Edition) -> None:
    """The grace has passed over the upload."""
    move_deadline(tonight, -11 * MINUTES)
    Upload.objects.update(begun_at=clock.now() - 12 * MINUTES)


@pytest.mark.usefixtures("after_grace")
def test_after_the_grace_bytes_are_refused_early(begun: str, later: Tus) -> None:
    answer = later.patch(begun, 50, FILE[50:])

    assert (answer.status_code, answer.json()["code"]) == (422, "grace_passed")
    assert later.offset(begun) == 50


@pytest.mark.usefixtures("after_grace")
def test_who_waits_for_a_word_sends_nothing_in_vain(begun: str, later: Tus) -> None:
    say = {"content_type": "application/offset+octet-stream", "content_length": "50"}

    with later.wire("PATCH", begun, upload_offset="50", expect="100-continue", **say) as wire:
        answer = wire.answer()

    assert answer.status == 422
    assert b"grace_passed" in answer.body  # type: ignore[attr-defined]


@pytest.fixture
def whole_too_late(tus: Tus, begun: str, tonight: Edition) -> None:
    """The grace ends while the last bytes are under way: all of them are there, too late."""
    move_deadline(tonight, -11 * MINUTES)
    Upload.objects.update(begun_at=clock.now() - 12 * MINUTES)
    # What is known of it from the chunk before lets the bytes in; the conclusion asks anew.
    answer = tus.patch(begun, 50, FILE[50:])
    assert (answer.status_code, answer.json()["code"]) == (422, "grace_passed")


@pytest.mark.usefixtures("whole_too_late")
def test_whole_after_the_grace_is_refused_and_its_bytes_are_kept(begun: str, later: Tus) -> None:
    answers = [later.head(begun), later.patch(begun, 100, b"")]
    periodic.conclude_whole_uploads()

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "Upload-Offset" not in answers[0].headers
    assert "heure limite" in answers[1].json()["detail"] or "Trop tard" in answers[1].text
    assert not Submission.objects.exists()
    assert [path.read_bytes() for path in settings.UPLOADS_DIR.iterdir()] == [FILE]


@pytest.mark.usefixtures("whole_too_late")
@pytest.mark.parametrize("who", ["client", "clock"])
def test_a_delay_granted_later_lets_it_in(
    begun: str, later: Tus, tonight: Edition, comunik: Team, eve: User, who: str
) -> None:
    at = clock.now()
    extensions.grant(tonight, team=comunik, minutes=15, reason="Panne", by=eve, at=at)

    if who == "client":
        answer = later.head(begun)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (200, "100")
        assert answer.headers["Receipt-Code"]
    else:
        periodic.conclude_whole_uploads()

    submission = Submission.objects.get()
    assert submission.received_at < at  # when its last byte was there, not when it was let in
    assert the_mark() == "on_time"


@pytest.mark.usefixtures("after_grace")
def test_a_delay_granted_later_takes_the_rest(
    begun: str, later: Tus, tonight: Edition, comunik: Team, eve: User
) -> None:
    refused = later.patch(begun, 50, FILE[50:])
    extensions.grant(tonight, team=comunik, minutes=15, reason="Panne", by=eve, at=clock.now())

    assert refused.status_code == 422
    assert later.patch(begun, 50, FILE[50:]).status_code == 204
    assert the_mark() == "on_time"


@pytest.mark.usefixtures("after_grace")
def test_where_late_ones_are_accepted_they_are_marked(
    begun: str, later: Tus, tonight: Edition, dossier: Deliverable
) -> None:
    tonight.late_policy = LatePolicy.ACCEPT
    tonight.save()

    assert later.patch(begun, 50, FILE[50:]).status_code == 204
    assert the_mark() == "late"
    assert later.begin(dossier, 100).status_code == 201


def test_without_a_grace_the_deadline_is_the_end(begun: str, later: Tus, tonight: Edition) -> None:
    move_deadline(tonight, -MINUTES, grace=timedelta(0))
    Upload.objects.update(begun_at=clock.now() - 2 * MINUTES)

    answer = later.patch(begun, 50, FILE[50:])

    assert (answer.status_code, answer.json()["code"]) == (422, "grace_passed")


def test_the_clock_concludes_what_nobody_asks_for(begun: str, later: Tus, tonight: Edition) -> None:
    """All bytes are there, the process died before it could say so, the client never came back."""
    (path,) = settings.UPLOADS_DIR.iterdir()
    path.write_bytes(FILE)

    periodic.conclude_whole_uploads()

    assert the_mark() == "on_time"
    assert later.head(begun).headers["Upload-Offset"] == "100"
    assert not list(settings.UPLOADS_DIR.iterdir())
