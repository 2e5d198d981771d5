from datetime import datetime
from smtplib import SMTPException

from celery import current_app
from django.db import transaction
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.mail import plain_message
from hackathon.base.core.models import FailedMail
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services.guard import lock_for
from hackathon.run.operations.failed_mails import failed_rows, given_up


def send_test_mail(to: User) -> str:
    """Waits for the mail server. Returns what went wrong; empty if it took the mail."""
    text = _("Si vous lisez ceci, les e-mails du site arrivent.")
    try:
        plain_message(_("Essai des e-mails"), text, to=to.email).send()
    except (OSError, SMTPException) as error:
        return type(error).__name__
    return ""


@transaction.atomic
def send_again(edition: Edition, *, only: int | None = None, by: User, at: datetime) -> int:
    """`only`: the primary key of a `FailedMail`. Returns how many failed mails have gone to the
    queue; those that a task still tries are not among them. Raises `Refused`.
    """
    edition = lock_for(by, edition.pk)
    rows = failed_rows(edition).filter(given_up(at=at)).exclude(args=[])
    keys = set((rows if only is None else rows.filter(pk=only)).values_list("key", flat=True))
    # One task may send several mails; it skips those that have gone.
    mails = list(FailedMail.objects.select_for_update(of=("self",)).filter(key__in=keys))
    tasks = {row.key: row for row in mails if row.task in current_app.tasks}
    if not tasks:
        return 0
    FailedMail.objects.filter(key__in=tasks).delete()
    count = sum(row.key in tasks for row in mails)
    journal.record("mails.sent_again", edition, by=by, at=at, n=count)
    for row in tasks.values():
        enqueue(current_app.tasks[row.task], *row.args)
    return count
