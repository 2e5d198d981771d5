"""Mails that people of an edition should have got. For its organizers: callers have checked it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hackathon.base.accounts.models import User
from hackathon.base.core.exports import Columns
from hackathon.base.core.mail_tasks import failure_key
from hackathon.base.core.models import FailedMail
from hackathon.day.announcements.services.mail import forgotten
from hackathon.day.announcements.tasks import mail_batch
from hackathon.event.editions.models import Edition
from hackathon.event.people.selectors import people_of, people_of_no_edition
from submissions.models import Receipt
from submissions.receipts.tasks import mail_receipt

LATE = timedelta(minutes=5)
# No task waits for so long before it tries again: the broker has lost this one.
LOST = timedelta(minutes=15)
LISTED = timedelta(days=1)  # a mail that waits for longer is of no use


@dataclass(frozen=True)
class MailLine:
    """`pk`: of a `FailedMail`. `who`: a name. `user`: if the person has a page in the edition.
    `is_code`: the text is not kept.
    """

    who: str
    to: str
    kind: str
    why: str
    at: datetime
    user: User | None = None
    pk: int | None = None
    is_over: bool = False
    is_code: bool = False

    @property
    def can_go_again(self) -> bool:
        return self.is_over and not self.is_code

    @property
    def state(self) -> str:
        if self.can_go_again:
            return _("à renvoyer")
        return _("à demander de nouveau") if self.is_over else _("le site essaie encore")


COLUMNS: Columns = [
    (gettext_lazy("Nom"), lambda line: line.who),
    (gettext_lazy("Adresse e-mail"), lambda line: line.to),
    (gettext_lazy("E-mail"), lambda line: line.kind),
    (gettext_lazy("Pourquoi"), lambda line: line.why),
    (gettext_lazy("Dernier essai"), lambda line: line.at),
    (gettext_lazy("État"), lambda line: line.state),
]


def failed_rows(edition: Edition) -> QuerySet[FailedMail]:
    """Those to people of the edition; of the one that is shown, also to people of none."""
    addressed = Q(user__in=people_of(edition).order_by().values("pk"))
    if edition.is_current:
        addressed |= Q(user=None) | Q(user__in=people_of_no_edition().values("pk"))
    return FailedMail.objects.filter(addressed)


def given_up(*, at: datetime) -> Q:
    """The `FailedMail` rows for which no task tries again."""
    return Q(is_over=True) | Q(at__lt=at - LOST)


def failed_mails(edition: Edition, *, at: datetime) -> list[MailLine]:
    """The last ones first. Four queries."""
    rows = list(failed_rows(edition).select_related("user"))
    people = people_of(edition).filter(pk__in=[row.user_id for row in rows])
    pks = set(people.order_by().values_list("pk", flat=True))
    lines = [_failed(row, has_page=row.user_id in pks, at=at) for row in rows]
    lines += _waiting(edition, {row.key for row in rows}, at=at)
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _failed(row: FailedMail, *, has_page: bool, at: datetime) -> MailLine:
    task: Any = current_app.tasks.get(row.task)  # None: of a former version
    return MailLine(
        row.user.display_name if row.user else "",
        row.to,
        str(task.mail_kind) if task else row.task,
        row.get_reason_display(),
        row.at,
        row.user if has_page else None,
        row.pk,
        row.is_over or row.at < at - LOST,
        is_code=not row.args,
    )


def _waiting(edition: Edition, failed: Iterable[str], *, at: datetime) -> Iterator[MailLine]:
    """Those that no task has tried, or whose process ended while it did."""
    receipts = Receipt.objects.select_related("submission__team", "submission__submitted_by")
    for receipt in receipts.filter(
        mailed_at=None,
        submission__team__edition=edition,
        submission__received_at__range=(at - LISTED, at - LATE),
    ):
        if failure_key(mail_receipt.name, [receipt.submission_id]) not in failed:
            since, by = receipt.submission.received_at, receipt.submission.submitted_by
            yield _late(by, mail_receipt, since, who=receipt.submission.team.name)
    mails = forgotten(at=at).filter(announcement__edition=edition).select_related("user")
    for mail in mails:
        yield _late(mail.user, mail_batch, mail.claimed_at)


def _late(user: User, task: Any, at: datetime, *, who: str = "") -> MailLine:
    why = _("aucun processus ne l’a encore envoyé")
    return MailLine(who or user.display_name, user.email, str(task.mail_kind), why, at)
