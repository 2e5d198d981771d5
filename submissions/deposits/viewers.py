"""On what the clock of a page and the rule of the deposits depend (`live.fragments`)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from hackathon.editions.models import Edition
from hackathon.live.audiences import team_in
from hackathon.live.fragments import Audiences, once
from submissions.deposits import rules
from submissions.deposits.rules import DepositPeriod
from submissions.models import Extension
from teams.models import Team

# What a deposit period depends on.
PERIOD = "edition extension"


def period_of_viewers(edition: Edition) -> Callable[[Audiences], DepositPeriod | None]:
    """None without a team. One query for members after a message about an Extension or a team, two
    if a department has one.
    """

    def period_of(audiences: Audiences) -> DepositPeriod | None:
        team = team_in(audiences)
        if team is None:
            return None
        extensions = once(edition, "extensions", _extensions_by_team, f"{PERIOD} team")
        return rules.deposit_period(edition, extensions(team))

    return period_of


def _extensions_by_team(edition: Edition) -> Callable[[int], list[Extension]]:
    of_edition = Q(team__edition=edition) | Q(department__edition=edition)
    valid = list(Extension.objects.filter(of_edition, revoked_at=None))
    departments = {e.department_id for e in valid if e.department_id}
    of_departments = Team.objects.filter(department__in=departments)
    department_of = dict(of_departments.values_list("pk", "department")) if departments else {}

    def extensions_of(team: int) -> list[Extension]:
        department = department_of.get(team)
        return [
            e
            for e in valid
            if e.team_id == team or (department is not None and e.department_id == department)
        ]

    return extensions_of


@dataclass(frozen=True)
class ClockViewer:
    """None: in no team."""

    period: DepositPeriod | None


def clock_viewers(edition: Edition) -> Callable[[Audiences], ClockViewer]:
    period_of = period_of_viewers(edition)
    return lambda audiences: ClockViewer(period_of(audiences))
