from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend

from submissions import periodic
from submissions.inspection.result import FindingCode, Result, finding
from submissions.inspection.services import record
from submissions.models import Deliverable, Submission
from submissions.receipts import digests, selectors, tasks
from teams.enums import ReceiptMails
from tests.conftest import DEADLINE
from tests.submissions.claims import announce
from tests.submissions.conftest import SECOND, deposit
from tests.submissions.receipts.test_receipts_pdf import text_of

AT = DEADLINE - 79 * SECOND


@pytest.fixture(autouse=True)
def _ben_wants_each(comunik) -> None:
    comunik.memberships.filter(is_captain=False).update(receipt_mails=ReceiptMails.EACH)


@pytest.fixture
def submission(dossier, comunik, ada) -> Submission:
    return deposit(dossier, comunik, ada, at=AT)


def forgotten(at: datetime) -> list[int]:
    return selectors.forgotten_receipts(at=at)


def test_a_receipt_that_was_not_mailed_is_queued_again(
    submission, django_capture_on_commit_callbacks
):
    committing = django_capture_on_commit_callbacks
    assert mail.outbox == []
    assert forgotten(AT + timedelta(minutes=14)) == []
    assert forgotten(AT + timedelta(minutes=15)) == [submission.pk]

    with time_machine.travel(AT + timedelta(minutes=16), tick=False), committing(execute=True):
        periodic.mail_forgotten()

    assert received_by() == ["ada@example.org", "ben@example.org"]
    assert forgotten(AT + timedelta(minutes=20)) == []


def test_a_mailed_receipt_is_not_queued_again(submission):
    with time_machine.travel(AT + SECOND, tick=False):
        tasks.mail_receipt(submission.pk)

    submission.receipt.refresh_from_db()
    assert submission.receipt.mailed_at == AT + SECOND
    assert forgotten(AT + timedelta(hours=1)) == []


def test_a_receipt_is_not_queued_again_after_a_day(submission):
    assert forgotten(AT + timedelta(hours=23, minutes=59)) == [submission.pk]
    assert forgotten(AT + timedelta(days=1)) == []


def received_by() -> list[str]:
    return [to for sent in mail.outbox for to in sent.to]


def test_a_deposit_mails_its_receipt_to_the_team(
    dossier, comunik, ada, django_capture_on_commit_callbacks
):
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


def test_a_task_that_runs_twice_mails_once(submission):
    tasks.mail_receipt(submission.pk)
    tasks.mail_receipt(submission.pk)

    assert received_by() == ["ada@example.org", "ben@example.org"]


def test_the_organizer_who_entered_a_deposit_gets_its_receipt(submission, eve, ben):
    ben.is_active = False
    ben.save()
    Submission.objects.update(submitted_by=eve, entry_reason="Clé USB <23:04>")

    tasks.mail_receipt(submission.pk)

    assert received_by() == ["ada@example.org", "eve@example.org"]
    assert "Saisi par l’organisation : Eve\nRaison : Clé USB <23:04>\n" in mail.outbox[0].body


def test_a_name_cannot_add_mail_headers(submission, dossier):
    Deliverable.objects.update(name="Dossier\nBcc: max@example.org")

    tasks.mail_receipt(submission.pk)

    assert mail.outbox[0].subject.endswith(": Dossier Bcc: max@example.org, version 1")
    assert received_by() == ["ada@example.org", "ben@example.org"]


@pytest.mark.django_db
def test_a_missing_submission_is_ignored():
    tasks.mail_receipt(0)

    assert mail.outbox == []


class RefusingBackend(EmailBackend):
    refuses = True

    def send_messages(self, messages: list[EmailMessage]) -> int:
        if self.refuses and messages[0].to == ["ada@example.org"]:
            raise SMTPRecipientsRefused({"ada@example.org": (450, b"try again")})
        return super().send_messages(messages)


def test_a_refused_address_does_not_delay_the_others(submission, settings, monkeypatch):
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
    dossier, site_link, comunik, ada, ben, django_capture_on_commit_callbacks
):
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
    assert to_ben.message()["List-Unsubscribe"] == f"<{settings.SITE_URL}/equipe/e-mails/>"
    assert "List-Unsubscribe-Post" not in to_ben.message()


def test_who_wants_none_gets_only_their_own(submission, comunik):
    comunik.memberships.update(receipt_mails=ReceiptMails.NONE)

    tasks.mail_receipt(submission.pk)
    with time_machine.travel(AT + timedelta(hours=2), tick=False):
        periodic.send_digests()

    assert received_by() == ["ada@example.org"]


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def inspected(submission: Submission, *findings: FindingCode) -> None:
    result = Result({"type": "pdf", "pages": 12}, [finding(code) for code in findings])
    record(submission, result, at=AT + SECOND)


PENDING = "Le site n’a pas encore vérifié si cela s’ouvre."
GOOD = "Le PDF s’ouvre, 12 pages. Vous n’avez rien à faire."
DOUBTFUL = "À vérifier :\n- La fin de ce fichier manque."
BROKEN = (
    "ATTENTION, CELA NE S’OUVRE PAS :\n- Ce fichier est abîmé : il ne s’ouvre pas jusqu’au bout."
)


@pytest.mark.parametrize(
    ("findings", "said"),
    [
        (None, PENDING),
        ([], GOOD),
        ([FindingCode.TRUNCATED], DOUBTFUL),
        ([FindingCode.DAMAGED], BROKEN),
    ],
)
def test_a_receipt_says_what_is_known_of_the_file(submission, findings, said):
    if findings is not None:
        inspected(submission, *findings)

    with time_machine.travel(AT + 2 * SECOND, tick=False):
        tasks.mail_receipt(submission.pk)

    body = plain(mail.outbox[0].body)
    assert [text for text in (PENDING, GOOD, DOUBTFUL, BROKEN) if text in body] == [said]
    assert ("rien à faire" in body) == (said == GOOD)
    assert ("Il vous reste 1 min : l’heure limite est 23:00." in body) == (said == BROKEN)


@pytest.mark.parametrize("wish", [ReceiptMails.EACH, ReceiptMails.DIGEST, ReceiptMails.NONE])
def test_a_deposit_that_does_not_open_is_told_by_mail_with_the_time_that_is_left(
    submission, comunik, wish, django_capture_on_commit_callbacks
):
    comunik.memberships.filter(is_captain=False).update(receipt_mails=wish)
    at = DEADLINE - timedelta(hours=2, minutes=10)

    with time_machine.travel(at, tick=False), django_capture_on_commit_callbacks(execute=True):
        inspected(submission, FindingCode.UNREADABLE)

    to_ben = [] if wish == ReceiptMails.NONE else ["ben@example.org"]
    assert received_by() == ["ada@example.org", *to_ben]
    sent = mail.outbox[0]
    body = plain(sent.body)
    assert plain(sent.subject) == "Ne s’ouvre pas : Dossier de stratégie"
    assert "- Ce fichier ne s’ouvre pas. Exportez-le de nouveau et renvoyez-le.\n" in body
    assert "Il vous reste 2 h 10 : l’heure limite est 23:00." in body
    assert "http://localhost:8000/rendu/" in body


def test_after_the_deadline_the_warning_names_the_organizers(
    submission, django_capture_on_commit_callbacks
):
    with (
        time_machine.travel(DEADLINE + SECOND, tick=False),
        django_capture_on_commit_callbacks(execute=True),
    ):
        inspected(submission, FindingCode.UNREADABLE)

    body = plain(mail.outbox[0].body)
    assert "L’heure limite est passée : prévenez l’organisation." in body
    assert "Montrez-le à l’organisation" in body
    assert "renvoyez" not in body


def test_the_receipt_of_a_late_version_says_that_it_does_not_count(
    submission, dossier, comunik, ada
):
    comunik.edition.late_policy = "accept"
    comunik.edition.save()
    late = deposit(dossier, comunik, ada, at=DEADLINE + SECOND)
    inspected(late)

    tasks.mail_receipt(late.pk)

    sent, body = mail.outbox[0], plain(mail.outbox[0].body)
    assert plain(sent.subject).startswith("En retard, ne compte pas : Dossier de stratégie")
    assert "Cette version ne compte pas : elle ne remplace pas celle" in body
    assert "rien à faire" not in body


@pytest.mark.parametrize("findings", [[], [FindingCode.TRUNCATED], [FindingCode.LINK_NO_ANSWER]])
def test_nobody_is_warned_of_a_deposit_that_opens_or_of_a_link_that_may(
    submission, findings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        inspected(submission, *findings)

    assert mail.outbox == []


def test_nobody_is_warned_of_a_version_that_was_replaced(submission, dossier, comunik, ada):
    inspected(submission, FindingCode.UNREADABLE)
    deposit(dossier, comunik, ada, at=AT + 2 * SECOND)

    tasks.mail_warning(submission.pk)

    assert mail.outbox == []


def test_a_warning_that_runs_twice_is_mailed_once(submission):
    inspected(submission, FindingCode.UNREADABLE)

    tasks.mail_warning(submission.pk)
    tasks.mail_warning(submission.pk)

    assert received_by() == ["ada@example.org", "ben@example.org"]


def test_a_digest_says_what_does_not_open(submission, comunik, django_capture_on_commit_callbacks):
    comunik.memberships.update(receipt_mails=ReceiptMails.DIGEST)
    inspected(submission, FindingCode.ENCRYPTED)

    with django_capture_on_commit_callbacks(execute=True):
        digests.send(comunik.pk, at=AT + timedelta(hours=2))

    assert "À refaire : Ce fichier demande un mot de passe" in plain(mail.outbox[-1].body)


def test_the_mail_about_announced_bytes_says_at_which_instant_they_count(
    dossier, comunik, ada, monkeypatch
):
    announce(monkeypatch, comunik, dossier, at=DEADLINE - SECOND)
    submission = deposit(dossier, comunik, ada, at=DEADLINE + SECOND)

    tasks.mail_receipt(submission.pk)

    body = mail.outbox[0].body.replace("\xa0", " ")
    assert "reçu le jeudi 13 février 2020 à 23:00:01" in body
    assert "Il compte comme rendu à 22:59:59" in body
