"""« Strict »: an upload is received once it is on the second server."""

from pathlib import Path
from typing import Any

import pytest

from hackathon.base.core import clock, serving
from hackathon.base.core.errors import refuse
from hackathon.extras.standby import copies
from hackathon.extras.standby.errors import NotOnBoth, StandbyRefusal
from hackathon.extras.standby.models import Standby
from submissions import periodic
from submissions.models import Deliverable, Submission, Upload
from tests.extras.standby.conftest import connected
from tests.submissions.tus.conftest import move_deadline
from tests.submissions.tus.test_deposit_period import MINUTES, the_mark
from tests.submissions.tus.wire import Tus, content

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.system]
FILE = content(100)


class Second:
    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.is_away = True

    def copy(self, path: Path, name: str = "") -> None:
        if self.is_away:
            raise NotOnBoth(refuse(StandbyRefusal.NOT_ON_BOTH))
        self.files[name] = path.read_bytes()


@pytest.fixture
def second(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Second:
    """Connected, but it takes no files yet."""
    second = Second()
    monkeypatch.setattr(copies, "copy", second.copy)
    monkeypatch.setattr(copies, "let_commit_wait", lambda: None)
    connected(monkeypatch, True)
    settings.SERVER_NAME = "salle"
    Standby.objects.create(pk=1, server="salle", epoch=1, strict=True)
    return second


@pytest.fixture
def whole(second: Second, tus: Tus, dossier: Deliverable) -> str:
    """All bytes are here, and it is not received."""
    url = tus.begun(dossier, len(FILE))
    answer = tus.patch(url, 0, FILE)
    assert (answer.status_code, answer.json()["code"]) == (503, "not_on_both")
    assert "second serveur ne répond pas" in answer.json()["detail"]
    assert answer.headers["Retry-After"]
    assert "Submission-Id" not in answer.headers
    return url


def test_nothing_is_acknowledged_and_no_byte_is_lost(whole, tus):
    upload = Upload.objects.get()

    again = (tus.head(whole), tus.patch(whole, len(FILE), b""))

    assert [answer.status_code for answer in again] == [503, 503]
    assert again[1].json()["code"] == "not_on_both"
    assert upload.submission is None
    assert not Submission.objects.exists()


def ask(tus: Tus, url: str) -> None:
    assert tus.head(url).headers["Submission-Version"] == "1"


def look_after_a_while(_tus: Tus, _url: str) -> None:
    periodic.conclude_whole_uploads()


@pytest.mark.parametrize("receive", [ask, look_after_a_while])
def test_it_is_received_later_with_the_instant_of_its_last_byte(
    whole, second, tus, tonight, receive
):
    whole_at = Upload.objects.get().whole_at
    move_deadline(tonight, -MINUTES)  # meanwhile
    long_ago = clock.now() - 5 * MINUTES
    Upload.objects.update(begun_at=long_ago - MINUTES, whole_at=long_ago)
    second.is_away = False

    receive(tus, whole)

    submission = Submission.objects.get()
    assert whole_at is not None
    assert submission.received_at == long_ago
    assert the_mark() == "on_time"
    assert second.files == {f"deposits/{submission.file.name}": FILE}


def test_a_server_that_was_replaced_receives_nothing(tus, dossier, monkeypatch):
    url = tus.begun(dossier, len(FILE))
    monkeypatch.setattr(serving, "_reason", "another one serves")

    answers = (tus.begin(dossier, 10), tus.patch(url, 0, FILE))

    assert {answer.status_code for answer in answers} == {503}
    assert {answer.json()["code"] for answer in answers} == {"other_server"}
    assert Upload.objects.count() == 1
