from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.formats import clock_exact
from hackathon.base.push.registry import Notification, source
from hackathon.event.editions.models import Edition
from submissions.models import Deliverable
from submissions.receipts.emails import findings_of, time_left
from submissions.receipts.selectors import broken_submission
from submissions.reminders import silent_teams

WARNED_FOR = timedelta(hours=1)


@source("last-minutes")
def last_minutes(
    edition_pk: int, minutes: int, deadline: str, deliverable_pk: int | None = None
) -> Notification | None:
    """`deadline` is ISO 8601, of the edition or of a deliverable that has its own. Nothing for
    teams that have handed in something meanwhile, or this deliverable.
    """
    edition = Edition.objects.filter(pk=edition_pk, is_current=True).first()
    until = datetime.fromisoformat(deadline)
    teams = silent_teams(edition, until, deliverable_pk) if edition is not None else []
    if edition is None or not teams:
        return None
    body = _("Votre équipe n’a encore rien rendu. Heure limite : {at}.")
    if own := Deliverable.objects.filter(pk=deliverable_pk).first() if deliverable_pk else None:
        body = _("Votre équipe n’a pas encore rendu « {name} ». Heure limite : {at}.")
    return Notification(
        key=f"last-minutes:{edition.pk}:{minutes}:{deadline}:{deliverable_pk or ''}",
        title=_("Plus que {minutes} minutes").format(minutes=minutes),
        body=body.format(at=clock_exact(until, edition.zone), name=own and own.name),
        path=reverse("submissions:deposits"),
        at=until - timedelta(minutes=minutes),
        until=until,
        users=User.objects.filter(memberships__team__in=teams, is_active=True),
    )


@source("broken-deposit")
def broken_deposit(submission_pk: int) -> Notification | None:
    """Nothing if another version counts meanwhile."""
    submission = broken_submission(submission_pk)
    if submission is None:
        return None
    at, team = submission.inspection.inspected_at, submission.team
    assert at is not None
    with timezone.override(team.edition.zone):
        left = time_left(submission, at=clock.now())
    finding = findings_of(submission, at=clock.now())[0]
    return Notification(
        key=f"broken-deposit:{submission.pk}",
        title=_("Ne s’ouvre pas : {name}").format(name=submission.deliverable.name),
        body=f"{finding} {left}",
        path=reverse("submissions:deposits"),
        at=at,
        until=at + WARNED_FOR,
        users=User.objects.filter(memberships__team=team, is_active=True),
    )
