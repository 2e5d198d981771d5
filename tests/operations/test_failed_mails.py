"""What becomes of a mail that the server does not take."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from celery.signals import task_revoked
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.accounts.tasks import deliver
from hackathon.base.core.enums import MailFailure
from hackathon.base.core.errors import Refused
from hackathon.base.core.mail_tasks import failure_key
from hackathon.base.core.models import FailedMail, JournalEntry
from hackathon.base.core.tasks import FAILED_MAILS_KEPT, prune
from hackathon.celery import app
from hackathon.day.announcements.models import AnnouncementMail
from hackathon.day.announcements.services.mail import FORGOTTEN_AFTER
from hackathon.day.announcements.tasks import mail_batch
from hackathon.event.editions.models import Edition
from hackathon.run.operations import services
from hackathon.run.operations.failed_mails import failed_mails
from submissions.receipts.tasks import mail_receipt
from teams.enums import MembershipMail
from teams.models import Team
from teams.tasks import tell_member
from tests.announcements.steps import announce
from tests.conftest import NOON, make_user
from tests.submissions.conftest import deposit

CODE = "4711-0815"


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(autouse=True)
def _tried_twice_as_by_a_worker(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for task in app.tasks.values():
        if hasattr(task, "mail_kind"):
            monkeypatch.setattr(task, "max_retries", 1)
    app.conf.task_eager_propagates = False
    yield
    app.conf.task_eager_propagates = settings.CELERY_TASK_EAGER_PROPAGATES


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the server refuse the mails to `addresses`, or all of them; without an error, none."""
    send = EmailBackend.send_messages

    def break_with(error: Exception | None, *addresses: str) -> None:
        def fail(self: Any, messages: Any) -> int:
            if error and (not addresses or messages[0].to[0] in addresses):
                raise error
            return int(send(self, messages))

        monkeypatch.setattr(EmailBackend, "send_messages", fail)

    return break_with


def refused(address: str, code: int = 550) -> SMTPRecipientsRefused:
    return SMTPRecipientsRefused({address: (code, b"no")})


def page(edition: Edition) -> str:
    return reverse("operations:mails", args=[edition.slug])


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def sent_to() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)


def joined(team: Team, user: User) -> None:
    tell_member.delay(team.pk, user.pk, MembershipMail.JOINED)


def test_a_refused_mail_is_listed_and_sent_again(
    edition, comunik, ada, eve, client_of, broken, django_capture_on_commit_callbacks
):
    broken(refused(ada.email))
    joined(comunik, ada)
    (failed,) = FailedMail.objects.all()
    browser = client_of(eve)

    shown = text_of(browser.get(page(edition)))
    health = text_of(browser.get(reverse("operations:health")))
    file = browser.get(page(edition), {"export": "csv"}).content.decode()
    broken(None)
    with django_capture_on_commit_callbacks(execute=True):
        answer = text_of(browser.post(page(edition), {"pk": failed.pk}, follow=True))

    assert (failed.user, failed.reason, failed.is_over) == (ada, MailFailure.ADDRESS, True)
    assert "Ada" in shown
    assert "le serveur de mail refuse cette adresse" in shown
    assert "Renvoyer 1 e-mail" in shown
    assert f'href="{page(edition)}">1</a>' in health
    assert "ada@example.org" in file
    assert "1 e-mail repart." in answer
    assert "Tous les e-mails sont partis" in answer
    assert sent_to() == ["ada@example.org"]
    assert not FailedMail.objects.exists()
    entry = JournalEntry.objects.get(act="mails.sent_again")
    assert (entry.by, entry.edition_pk, entry.detail["n"]) == (eve, edition.pk, 1)


@pytest.mark.database
def test_a_mail_that_fails_again_is_listed_once(edition, comunik, ada, eve, broken):
    broken(refused(ada.email))
    joined(comunik, ada)
    broken(SMTPServerDisconnected())
    joined(comunik, ada)

    assert FailedMail.objects.get().reason == MailFailure.SILENT
    broken(None)
    joined(comunik, ada)
    assert not FailedMail.objects.exists()


def test_a_code_is_neither_kept_nor_sent_again(edition, comunik, ada, eve, client_of, broken):
    broken(SMTPServerDisconnected())
    deliver.delay("Votre code", f"Le voici : {CODE}", ada.email)
    deliver.delay("Votre code", f"Le voici : {CODE}", "who@example.org")
    broken(None)

    shown = text_of(client_of(eve).get(page(edition)))
    again = services.send_again(edition, by=eve, at=NOON)

    rows = FailedMail.objects.values()
    assert len(rows) == 2
    assert CODE not in str(list(rows))
    assert "à demander de nouveau" in shown
    assert "Renvoyer" not in shown
    assert reverse("people:detail", args=[edition.slug, ada.pk]) in shown
    assert "sans compte" in shown
    assert (again, mail.outbox) == (0, [])


def test_a_code_that_no_worker_took_in_time_is_listed(edition, ada):
    args = ["Votre code", CODE, ada.email]
    task_revoked.send(
        sender=app.tasks[deliver.name],
        request=SimpleNamespace(id="1", args=args),
        terminated=False,
        signum=None,
        expired=True,
    )

    failed = FailedMail.objects.get()
    assert (failed.user, failed.reason, failed.args) == (ada, MailFailure.EXPIRED, [])


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (refused("ada@example.org", 452), MailFailure.WAIT),
        (SMTPAuthenticationError(535, b"no"), MailFailure.SIGN_IN),
        (SMTPDataError(554, b"spam"), MailFailure.MESSAGE),
        (SMTPDataError(451, b"later"), MailFailure.WAIT),
        (SMTPHeloError(550, b"no"), MailFailure.MESSAGE),
        (ConnectionRefusedError(), MailFailure.SILENT),
    ],
)
def test_reasons(error, reason, comunik, ada, broken):
    broken(error)

    joined(comunik, ada)

    assert FailedMail.objects.get().reason == reason


def test_an_announcement_that_could_not_be_mailed_names_everybody_and_goes_again(
    edition, comunik, ada, ben, eve, broken, django_capture_on_commit_callbacks
):
    announcement = announce(edition, eve)
    broken(SMTPServerDisconnected())
    mail_batch.delay(announcement.pk, 0, [ada.pk, ben.pk])
    both = {line.to for line in failed_mails(edition, at=NOON)}
    broken(refused(ada.email), ada.email)
    mail_batch.delay(announcement.pk, 0, [ada.pk, ben.pk])
    (one,) = failed_mails(edition, at=NOON)
    got = sent_to()
    broken(None)
    with django_capture_on_commit_callbacks(execute=True):
        count = services.send_again(edition, by=eve, at=NOON)

    assert both == {ada.email, ben.email}
    assert (one.to, one.can_go_again, got) == (ada.email, True, [ben.email])
    assert (count, sent_to()) == (1, [ada.email, ben.email])


def test_a_mail_whose_next_try_was_lost_can_be_sent_again(
    edition, comunik, ada, eve, broken, django_capture_on_commit_callbacks
):
    """As after a restart of the broker."""
    announcement = announce(edition, eve)
    FailedMail.objects.create(
        task=mail_batch.name,
        args=[announcement.pk, 0, [ada.pk]],
        key=failure_key(mail_batch.name, [announcement.pk, 0, [ada.pk]]),
        to=ada.email,
        user=ada,
        reason=MailFailure.SILENT,
        at=NOON,
    )

    def again(minutes: int) -> tuple[bool, int]:
        at = NOON + timedelta(minutes=minutes)
        (line,) = failed_mails(edition, at=at)
        with django_capture_on_commit_callbacks(execute=True):
            return line.can_go_again, services.send_again(edition, by=eve, at=at)

    assert [again(15), again(16)] == [(False, 0), (True, 1)]
    assert sent_to() == [ada.email]


def test_what_no_process_has_sent_is_listed_without_a_button(edition, comunik, dossier, ada, eve):
    submission = deposit(dossier, comunik, ada)
    announcement = announce(edition, eve)
    AnnouncementMail.objects.create(
        announcement=announcement, revision=0, user=eve, claimed_at=NOON
    )

    early = failed_mails(edition, at=NOON + timedelta(minutes=1))
    late = failed_mails(edition, at=NOON + FORGOTTEN_AFTER)

    assert early == []
    assert {(line.who, line.state) for line in late} == {
        ("Com’unik", "le site essaie encore"),
        (eve.display_name, "le site essaie encore"),
    }
    FailedMail.objects.create(
        task=mail_receipt.name,
        args=[submission.pk],
        key=failure_key(mail_receipt.name, [submission.pk]),
        to=ada.email,
        user=ada,
        reason=MailFailure.SILENT,
        at=NOON,
    )
    assert len(failed_mails(edition, at=NOON + FORGOTTEN_AFTER)) == 2


def test_people_of_other_editions_are_not_listed(edition, comunik, ada, eve, gil):
    other = Edition.objects.get(pk=edition.pk)
    other.pk, other.slug, other.is_current = None, "ccd-2021", False
    other.save()
    other.organizers.add(gil)
    new = make_user("new@example.org")
    for user in (ada, gil, new, None):
        FailedMail.objects.create(
            task=tell_member.name,
            args=[1],
            key=str(user),
            to=user.email if user else "who@example.org",
            user=user,
            reason=MailFailure.SILENT,
            is_over=True,
            at=NOON,
        )

    def listed(found: Edition) -> set[str]:
        return {line.to for line in failed_mails(found, at=NOON)}

    assert listed(edition) == {ada.email, new.email, "who@example.org"}
    assert listed(other) == {gil.email}
    with pytest.raises(Refused):
        services.send_again(edition, by=gil, at=NOON)
    assert services.send_again(other, by=gil, at=NOON) == 1
    assert listed(edition) == {ada.email, new.email, "who@example.org"}


def test_the_page_needs_the_same_number_of_queries(
    edition, comunik, ada, ben, eve, client_of, broken
):
    browser, counts = client_of(eve), []
    broken(SMTPServerDisconnected())
    for user in (ada, ben):
        joined(comunik, user)
        with CaptureQueriesContext(connection) as queries:
            browser.get(page(edition))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_they_are_forgotten_after_a_week(ada):
    for key, at in (("old", NOON - FAILED_MAILS_KEPT * 2), ("new", NOON)):
        FailedMail.objects.create(task="x", key=key, to=ada.email, reason="silent", at=at)

    prune()

    assert [row.key for row in FailedMail.objects.all()] == ["new"]


def test_every_task_that_sends_mails_has_a_kind_of_mail():
    found = {
        name: getattr(task, "mail_kind", None)
        for name, task in app.tasks.items()
        if SMTPException in getattr(task, "autoretry_for", ())
    }

    assert len(found) >= 12
    assert all(found.values()), found
