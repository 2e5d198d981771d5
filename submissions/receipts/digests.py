"""One mail for several receipts, to members who want no mail for each."""

from datetime import datetime

from django.db import transaction

from hackathon.base.core.background import enqueue
from submissions.models import Receipt
from submissions.receipts import selectors, tasks
from teams.models import Team


@transaction.atomic
def send(team_pk: int, *, at: datetime) -> None:
    """One mail per reader, with all that waits. Of two runs at once, one finds nothing."""
    team = Team.objects.select_for_update(of=("self",)).filter(pk=team_pk).first()
    if team is None:
        return
    waiting = Receipt.objects.filter(
        submission__team=team,
        digested_at=None,
        submission__received_at__gt=at - selectors.MAIL_GIVEN_UP,
    )
    receipts = list(waiting.values_list("pk", "submission__submitted_by"))
    Receipt.objects.filter(pk__in=[pk for pk, _by in receipts]).update(digested_at=at)
    for reader in selectors.digest_readers(team):
        if of_others := [pk for pk, by in receipts if by != reader.pk]:
            enqueue(tasks.mail_digest, reader.pk, of_others)
