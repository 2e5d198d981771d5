"""The captain agrees for the team. Any member withdraws, so that no member is shown unwillingly."""

from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.event.editions.models import Edition
from judging import live, locks
from judging.ceremony.selectors.own_comparison import who_sees
from judging.ceremony.selectors.own_marks import get_own_team
from judging.models import ComparisonConsent
from teams.models import Membership, Team
from teams.rules import captain_refusal


@transaction.atomic
def agree(*, edition: Edition | None, by: User, at: datetime) -> None:
    """Idempotent. Locks the department. Raises NotFound like the page of the team's marks."""
    team = _locked(edition, by, at)
    membership = Membership.objects.filter(team=team, user=by).first()
    check(captain_refusal(team, by=membership))
    given = {"given_at": at, "given_by": by}
    if ComparisonConsent.objects.get_or_create(team=team, defaults=given)[1]:
        _changed(team, "comparison.agreed", by=by, at=at)


@transaction.atomic
def withdraw(*, edition: Edition | None, by: User, at: datetime) -> None:
    """Idempotent. Locks the department. Raises NotFound like the page of the team's marks."""
    team = _locked(edition, by, at)
    if ComparisonConsent.objects.filter(team=team).delete()[0]:
        _changed(team, "comparison.withdrawn", by=by, at=at)


def _locked(edition: Edition | None, by: User, at: datetime) -> Team:
    team = get_own_team(by, edition, at=at)
    # Two neighbours that agree at once would not see each other's consent, and get no message.
    team.department = locks.jury(team.department_id)
    return team


def _changed(team: Team, act: str, *, by: User, at: datetime) -> None:
    journal.record(act, team, by=by, at=at)
    live.comparison_changed([team.pk, *who_sees(team)], at=at)
