from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend

from hackathon.accounts.models import User
from submissions import periodic
from submissions.models import Deliverable, Submission
from submissions.receipts import selectors, tasks
from teams.enums import ReceiptMails
from teams.models import Team
from tests.conftest import DEADLINE
from tests.submissions.conftest import SECOND, deposit
from tests.submissions.receipts.test_receipts_pdf import text_of

AT = DEADLINE - 79 * SECOND


@pytest.fixture(autouse=True)
def _ben_wants_each(comunik: Team) -> None:
    comunik.memberships.filter(is_captain=False).update(receipt_mails=ReceiptMails.EACH)


@pytest.fixture
def submission(dossier: Deliverable, comunik: Team, ada: User) -> Submission:
    return deposit(dossier, comunik, ada, at=AT)


def forgotten(at: datetime) -> list[int]:
    return selectors.forgotten_receipts(at=at)


def test_a_receipt_that_was_not_mailed_is_queued_again(
    submission: Submission, django_capture_on_commit_callbacks: Any
) -> None:
    committing = django_capture_on_commit_callbacks
    assert mail.outbox == []
    assert forgotten(AT + timedelta(minutes=14)) == []
    assert forgotten(AT + timedelta(minutes=15)) == [submission.pk]

    with time_machine.travel(AT + timedelta(minutes=16), tick=False), committing(execute=True):
        periodic.mail_forgotten()

    assert received_by() == ["ada@example.org", "ben@example.org"]
    assert forgotten(AT + timedelta(minutes=20)) == []


def test_a_mailed_receipt_is_not_queued_again(submission: Submission) -> None:
    with time_machine.travel(AT + SECOND, tick=False):
        tasks.mail_receipt(submission.pk)

    submission.receipt.refresh_from_db()
    assert submission.receipt.mailed_at == AT + SECOND
    assert forgotten(AT + timedelta(hours=1)) == []


def test_a_receipt_is_not_queued_again_after_a_day(submission: Submission) -> None:
    assert forgotten(AT + timedelta(hours=23, minutes=59)) == [submission.pk]
    assert forgotten(AT + timedelta(days=1)) == []


def received_by() -> list[str]:
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
    for text_part in [
        "reçu le jeudi 13 février 2020 à 22:58:41 (Europe/Paris, UTC+1), à l’heure.",
        "Livrable : Dossier de stratégie, version 1\nÉquipe : Com’unik\nRendu par : Ada\n",
        "Fichier : dossier.pdf\n",
        f"SHA-256 : {submission.sha256}\n",
        f"Code du reçu : {code.spoken_code}\n",
        f"\nhttp://localhost:8000/recus/{code.code}/\n",
    ]:
        assert text_part in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    (attached,) = sent.attachments
    assert (attached.filename, attached.mimetype) == (
        f"recu-{code.spoken_code}.pdf",
        "application/pdf",
    )
    assert "Reçu à 22:58:41" in text_of(attached.content)


def test_a_task_that_runs_twice_mails_once(submission: Submission) -> None:
    tasks.mail_receipt(submission.pk)
    tasks.mail_receipt(submission.pk)

    assert received_by() == ["ada@example.org", "ben@example.org"]


def test_the_organizer_who_entered_a_deposit_gets_its_receipt(
    submission: Submission, eve: User, ben: User
) -> None:
    ben.is_active = False
    ben.save()
    Submission.objects.update(submitted_by=eve, entry_reason="Clé USB <23:04>")

    tasks.mail_receipt(submission.pk)

    assert received_by() == ["ada@example.org", "eve@example.org"]
    assert "Saisi par l’organisation : Eve\nRaison : Clé USB <23:04>\n" in mail.outbox[0].body


def test_a_name_cannot_add_mail_headers(submission: Submission, dossier: Deliverable) -> None:
    Deliverable.objects.update(name="Dossier\nBcc: max@example.org")

    tasks.mail_receipt(submission.pk)

    assert mail.outbox[0].subject.endswith(": Dossier Bcc: max@example.org, version 1")
    assert received_by() == ["ada@example.org", "ben@example.org"]


@pytest.mark.django_db
def test_a_missing_submission_is_ignored() -> None:
    tasks.mail_receipt(0)

    assert mail.outbox == []


class RefusingBackend(EmailBackend):
    refuses = True

    def send_messages(self, messages: list[EmailMessage]) -> int:
        if self.refuses and messages[0].to == ["ada@example.org"]:
            raise SMTPRecipientsRefused({"ada@example.org": (450, b"try again")})
        return super().send_messages(messages)


def test_a_refused_address_does_not_delay_the_others(
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


@pytest.mark.database
def test_the_others_get_one_digest_an_hour_later(
    dossier: Deliverable,
    site_link: Deliverable,
    comunik: Team,
    ada: User,
    ben: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    comunik.memberships.update(receipt_mails=ReceiptMails.DIGEST)
    committing = django_capture_on_commit_callbacks
    first = DEADLINE - timedelta(hours=2)
    with committing(execute=True):
        deposit(dossier, comunik, ada, at=first)
        deposit(dossier, comunik, ada, at=first + timedelta(minutes=50))
        deposit(dossier, comunik, ben, at=first + timedelta(minutes=51))
    assert received_by() == ["ada@example.org", "ada@example.org", "ben@example.org"]
    mail.outbox.clear()

    for minutes in (59, 60, 65):
        at = first + timedelta(minutes=minutes)
        with time_machine.travel(at, tick=False), committing(execute=True):
            periodic.send_digests()
        if minutes == 59:
            assert mail.outbox == []

    assert sorted(received_by()) == ["ada@example.org", "ben@example.org"]
    to_ada, to_ben = sorted(mail.outbox, key=lambda sent: sent.to)
    assert to_ben.subject == "Com’unik : 2 dépôts reçus"
    assert (to_ben.body.count("envoyé par Ada"), to_ada.body.count("envoyé par Ben")) == (2, 1)
    assert "/equipe/e-mails/" in to_ben.body


def test_who_wants_none_gets_only_their_own(submission: Submission, comunik: Team) -> None:
    comunik.memberships.update(receipt_mails=ReceiptMails.NONE)

    tasks.mail_receipt(submission.pk)
    with time_machine.travel(AT + timedelta(hours=2), tick=False):
        periodic.send_digests()

    assert received_by() == ["ada@example.org"]
