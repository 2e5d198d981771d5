"""On what the clock of a page and the rule of the deposits depend (`live.fragments`)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from hackathon.base.live.audiences import team_in
from hackathon.base.live.fragments import Audiences, once
from hackathon.event.editions.models import Edition
from submissions.models import Deliverable, Extension
from submissions.versions import rules
from submissions.versions.rules import DepositPeriod, OwnPeriod, TeamPeriods
from teams.models import Team

# What the period of the edition's deadline depends on, and those of all deliverables.
PERIOD = "edition extension"
PERIODS = f"{PERIOD} deliverable"


def periods_of_viewers(edition: Edition) -> Callable[[Audiences], TeamPeriods | None]:
    """None without a team. Two queries for members after a message about an Extension, a
    deliverable or a team, three if a department has an Extension or own instants.
    """

    def periods_of(audiences: Audiences) -> TeamPeriods | None:
        team = team_in(audiences)
        if team is None:
            return None
        facts = once(edition, "periods", _facts_by_team, f"{PERIODS} team")
        return rules.team_periods(edition, *facts(team))

    return periods_of


def period_of_viewers(edition: Edition) -> Callable[[Audiences], DepositPeriod | None]:
    """Of what is due at the edition's deadline, as `periods_of_viewers`."""
    periods_of = periods_of_viewers(edition)

    def period_of(audiences: Audiences) -> DepositPeriod | None:
        periods = periods_of(audiences)
        return periods.usual if periods is not None else None

    return period_of


def _facts_by_team(edition: Edition) -> Callable[[int], tuple[list[Extension], list[Deliverable]]]:
    """The valid Extensions, and the deliverables with own instants, by the id of a team."""
    of_edition = Q(team__edition=edition) | Q(department__edition=edition)
    valid = list(Extension.objects.filter(of_edition, revoked_at=None))
    with_own = Deliverable.objects.exclude(opens_at=None, due_at=None)
    own = list(with_own.filter(department__edition=edition))
    departments = {e.department_id for e in valid if e.department_id}
    departments |= {d.department_id for d in own}
    of_departments = Team.objects.filter(department__in=departments)
    department_of = dict(of_departments.values_list("pk", "department")) if departments else {}

    def facts_of(team: int) -> tuple[list[Extension], list[Deliverable]]:
        department = department_of.get(team)
        extensions = [
            e
            for e in valid
            if e.team_id == team or (department is not None and e.department_id == department)
        ]
        return extensions, [d for d in own if d.department_id == department]

    return facts_of


@dataclass(frozen=True)
class ClockViewer:
    """None: in no team. `own`: of deliverables with instants of their own."""

    period: DepositPeriod | None
    own: tuple[OwnPeriod, ...] = ()


def clock_viewers(edition: Edition) -> Callable[[Audiences], ClockViewer]:
    periods_of = periods_of_viewers(edition)

    def viewer_of(audiences: Audiences) -> ClockViewer:
        periods = periods_of(audiences)
        return ClockViewer(periods.usual, periods.own) if periods else ClockViewer(None)

    return viewer_of
