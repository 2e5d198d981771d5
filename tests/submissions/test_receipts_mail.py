"""The receipt by mail: to the whole team, once, and never lost because one address is wrong."""

from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend

from hackathon.accounts.models import User
from submissions import periodic
from submissions.models import Deliverable, Submission
from submissions.receipts import selectors, tasks
from teams.models import Team
from tests.conftest import DEADLINE
from tests.submissions.conftest import SECOND, deposit
from tests.submissions.test_receipts_pdf import text_of

pytestmark = pytest.mark.database

AT = DEADLINE - 79 * SECOND


@pytest.fixture(autouse=True)
def _forget() -> None:
    cache.clear()


@pytest.fixture
def submission(dossier: Deliverable, comunik: Team, ada: User) -> Submission:
    """Ada's dossier, in the last minutes."""
    return deposit(dossier, comunik, ada, at=AT)


def forgotten(at: datetime) -> list[int]:
    """What the clock asks for at this instant."""
    return selectors.forgotten_receipts(at=at)


def test_a_mail_that_nobody_sent_is_asked_for_again(
    submission: Submission, django_capture_on_commit_callbacks: Any
) -> None:
    """Committed, and the queue was away; the process that held the task died."""
    told = django_capture_on_commit_callbacks
    assert mail.outbox == []
    assert forgotten(AT + timedelta(minutes=14)) == []
    assert forgotten(AT + timedelta(minutes=15)) == [submission.pk]

    with time_machine.travel(AT + timedelta(minutes=16), tick=False), told(execute=True):
        periodic.mail_forgotten()

    assert received_by() == ["ada@example.org", "ben@example.org"]
    assert forgotten(AT + timedelta(minutes=20)) == []


def test_what_was_mailed_is_not_asked_for(submission: Submission) -> None:
    with time_machine.travel(AT + SECOND, tick=False):
        tasks.mail_receipt(submission.pk)

    submission.receipt.refresh_from_db()
    assert submission.receipt.mailed_at == AT + SECOND
    assert forgotten(AT + timedelta(hours=1)) == []


def test_what_is_a_day_old_is_given_up(submission: Submission) -> None:
    assert forgotten(AT + timedelta(hours=23, minutes=59)) == [submission.pk]
    assert forgotten(AT + timedelta(days=1)) == []


def received_by() -> list[str]:
    """Who got mail, in order."""
    return [to for sent in mail.outbox for to in sent.to]


def test_a_deposit_mails_its_receipt_to_the_team(
    dossier: Deliverable, comunik: Team, ada: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        submission = deposit(dossier, comunik, ada, at=AT)

    assert received_by() == ["ada@example.org", "ben@example.org"]
    sent = mail.outbox[1]
    code = submission.receipt
    assert sent.subject == "Reçu à 22:58:41 : Dossier de stratégie, version 1"
    assert sent.body.startswith("Bonjour Ben,\n\n")
    for said in [
        "reçu le jeudi 13 février 2020 à 22:58:41 (Europe/Paris, UTC+1), à l’heure.",
        "Livrable : Dossier de stratégie, version 1\nÉquipe : Com’unik\nRendu par : Ada\n",
        "Fichier : dossier.pdf\n",
        f"SHA-256 : {submission.sha256}\n",
        f"Code du reçu : {code.spoken_code}\n",
        f"\nhttp://localhost:8000/recus/{code.code}/\n",
    ]:
        assert said in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    (attached,) = sent.attachments
    assert (attached.filename, attached.mimetype) == (
        f"recu-{code.spoken_code}.pdf",
        "application/pdf",
    )
    assert "Reçu à 22:58:41" in text_of(attached.content)


def test_run_twice_it_is_mailed_once(submission: Submission) -> None:
    tasks.mail_receipt(submission.pk)
    tasks.mail_receipt(submission.pk)

    assert received_by() == ["ada@example.org", "ben@example.org"]


def test_the_organizer_who_entered_it_gets_it_too(
    submission: Submission, eve: User, ben: User
) -> None:
    ben.is_active = False
    ben.save()
    Submission.objects.update(submitted_by=eve, entry_reason="Clé USB <23:04>")

    tasks.mail_receipt(submission.pk)

    assert received_by() == ["ada@example.org", "eve@example.org"]
    assert "Saisi par l’organisation : Eve\nRaison : Clé USB <23:04>\n" in mail.outbox[0].body


def test_a_name_cannot_write_headers(submission: Submission, dossier: Deliverable) -> None:
    Deliverable.objects.update(name="Dossier\nBcc: max@example.org")

    tasks.mail_receipt(submission.pk)

    assert mail.outbox[0].subject.endswith(": Dossier Bcc: max@example.org, version 1")
    assert received_by() == ["ada@example.org", "ben@example.org"]


@pytest.mark.django_db
def test_a_submission_that_is_not_there_is_passed_over() -> None:
    tasks.mail_receipt(0)

    assert mail.outbox == []


class RefusingBackend(EmailBackend):
    """A mail server that does not know ada."""

    refuses = True

    def send_messages(self, messages: list[EmailMessage]) -> int:
        """Refuse hers, take the others."""
        if self.refuses and messages[0].to == ["ada@example.org"]:
            raise SMTPRecipientsRefused({"ada@example.org": (450, b"try again")})
        return super().send_messages(messages)


def test_one_refused_address_keeps_nobody_waiting(
    submission: Submission, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.RefusingBackend"}}

    with pytest.raises(SMTPRecipientsRefused):
        tasks.mail_receipt.run(submission.pk)
    others = received_by()
    monkeypatch.setattr(RefusingBackend, "refuses", False)
    tasks.mail_receipt.run(submission.pk)

    assert others == ["ben@example.org"]
    assert received_by() == ["ben@example.org", "ada@example.org"]
