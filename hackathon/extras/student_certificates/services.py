from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from teams.models import Membership
from teams.services.organizing import lock_teams


@transaction.atomic
def correct_name(member: Membership, name: str, *, by: User, at: datetime) -> None:
    """The account keeps its name. The journal has none, so that names can be deleted."""
    _edition, (team,) = lock_teams(member.edition, [member.team], by=by)
    Membership.objects.filter(pk=member.pk).update(certificate_name=" ".join(name.split()))
    journal.record("certificate.named", team, by=by, at=at, team=team.pk, user=member.user_id)
