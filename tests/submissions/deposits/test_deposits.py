import hashlib
from datetime import timedelta

import pytest
from django.db import IntegrityError

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.live import transport
from hackathon.base.live.audiences import EVERYONE, ORGANIZERS, jury_audience, team_audience
from hackathon.event.editions.models import Edition
from submissions.deposits import services as deposits
from submissions.models import Submission
from tests.conftest import DEADLINE, NOON
from tests.submissions.conftest import PDF, SECOND, deposit, file_at, files_in, published


def test_file_is_stored_completely(comunik, dossier, ada):
    submission = deposit(dossier, comunik, ada, at=NOON, begun_at=NOON - SECOND)

    submission.refresh_from_db()
    assert submission.version == 1
    assert (submission.begun_at, submission.received_at) == (NOON - SECOND, NOON)
    assert (submission.size, submission.sha256) == (len(PDF), hashlib.sha256(PDF).hexdigest())
    assert (submission.filename, submission.content_type) == ("dossier.pdf", "application/pdf")
    assert submission.submitted_by == ada
    with submission.file.open() as file:
        assert file.read() == PDF


def test_key_is_opaque(comunik, dossier, ada):
    submission = deposit(dossier, comunik, ada, name="../../secret.pdf")

    assert submission.filename == "secret.pdf"
    assert "secret" not in submission.file.name
    assert "pdf" not in submission.file.name


def test_file_is_moved_out_of_incoming(comunik, dossier, ada):
    before, kept = files_in("incoming"), files_in("deposits")

    deposit(dossier, comunik, ada)

    assert files_in("incoming") == before
    assert len(files_in("deposits") - kept) == 1


@pytest.mark.database
def test_versions_are_consecutive(comunik, dossier, ada, ben):
    first = deposit(dossier, comunik, ada, content=PDF + b"1")
    second = deposit(dossier, comunik, ben, content=PDF + b"2")

    assert [first.version, second.version] == [1, 2]
    with first.file.open() as file:
        assert file.read() == PDF + b"1"


def test_size_and_digest_of_link_and_text(comunik, site_link, pitch, ada):
    link = deposits.deposit(
        site_link, comunik, url="https://example.org/é", begun_at=NOON, by=ada, at=NOON
    )
    text = deposits.deposit(pitch, comunik, text="Réunir\nles gens", begun_at=NOON, by=ada, at=NOON)

    assert (link.url, link.size) == ("https://example.org/é", 22)
    assert (text.text, text.size) == ("Réunir\nles gens", 16)
    assert text.sha256 == hashlib.sha256("Réunir\nles gens".encode()).hexdigest()


def test_live_message_to_team_organizers_and_jury(comunik, dossier, ada):
    submission = deposit(dossier, comunik, ada)

    jury = jury_audience(comunik.department_id)
    assert published() == [
        (team_audience(comunik.pk), "submission.received"),
        (ORGANIZERS, "submission.received"),
        (jury, "submission.received"),
        (EVERYONE, "window.changed"),
    ]
    message = LiveMessage.objects.for_audiences([jury]).get()
    assert message.data == {
        "submission": submission.pk,
        "deliverable": dossier.pk,
        "team": comunik.pk,
        "version": 1,
        "received_at": "2020-02-13T12:00:00Z",
        "mark": "on_time",
    }


def test_progress_is_published_only_when_state_or_count_changes(
    comunik, dossier, pitch, site_link, ada
):
    pitch.required = True
    pitch.save()
    deposit(dossier, comunik, ada)
    deposit(dossier, comunik, ada)
    deposits.deposit(pitch, comunik, text="Réunir", begun_at=NOON, by=ada, at=NOON)
    deposits.deposit(site_link, comunik, url="https://example.org", begun_at=NOON, by=ada, at=NOON)

    states = [m.data["state"] for m in LiveMessage.objects.filter(type="window.changed")]
    assert states == ["something", "something", "complete"]


def test_deposit_is_in_the_journal(comunik, dossier, ada):
    submission = deposit(dossier, comunik, ada)

    entry = JournalEntry.objects.get(act="submission.received")
    assert (entry.by, entry.target) == (ada, f"submissions.submission:{submission.pk}")
    assert entry.detail["sha256"] == submission.sha256


def test_refused_file_is_removed(comunik, dossier, ada):
    incoming, kept = files_in("incoming"), files_in("deposits")

    with pytest.raises(Refused):
        deposit(dossier, comunik, ada, at=DEADLINE + timedelta(hours=1))

    assert files_in("incoming") == incoming
    assert files_in("deposits") == kept
    assert not Submission.objects.exists()
    assert not LiveMessage.objects.exists()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_failed_insert_leaves_no_file(comunik, dossier, ada):
    incoming, kept = files_in("incoming"), files_in("deposits")
    file = file_at()
    file.size = -1  # violates the check constraint of the column

    with pytest.raises(IntegrityError):
        deposits.deposit(dossier, comunik, file=file, begun_at=NOON, by=ada, at=NOON)

    assert files_in("deposits") == kept
    assert files_in("incoming") == incoming
    assert not LiveMessage.objects.exists()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_failed_live_message_does_not_lose_the_file(comunik, dossier, ada, monkeypatch):
    def away(event: dict[str, object]) -> None:
        raise RuntimeError("Redis is away")

    monkeypatch.setattr(transport.live_sender, "send", away)

    with pytest.raises(RuntimeError):
        deposit(dossier, comunik, ada)

    with Submission.objects.get().file.open() as file:
        assert file.read() == PDF


def test_clock_set_back_during_the_transfer(comunik, dossier, ada):
    submission = deposit(dossier, comunik, ada, at=NOON, begun_at=NOON + SECOND)

    assert submission.begun_at == NOON


def test_deadline_moved_meanwhile_is_valid(comunik, dossier, ada):
    assert comunik.edition.deadline_at == DEADLINE  # as the page knew it
    Edition.objects.update(deadline_at=NOON - timedelta(hours=1))

    with pytest.raises(Refused):
        deposit(dossier, comunik, ada, at=NOON)
