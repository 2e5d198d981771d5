"""The parts of `/rendu/` that are the same for all members of a team (`core.fragments`).

The forms are not among them: what is typed there belongs to one person.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from hackathon.core.formats import clock_exact
from hackathon.core.fragments import Audiences, Fragment
from hackathon.core.live import team_in
from hackathon.editions.models import Edition
from hackathon.editions.rules import results_are_public
from submissions.deposits import rules
from submissions.deposits.rules import DepositPeriod
from submissions.deposits.selectors import TeamDeposits, budget_of, deposits_of
from submissions.deposits.viewers import MOVED, period_of_viewers
from submissions.seals.selectors import last_seal
from teams.models import Team


def rule_context(edition: Edition, period: DepositPeriod, at: datetime) -> dict[str, Any]:
    refusal = rules.deposit_refusal(edition, period, begun_at=at, at=at)
    is_over = refusal is not None and results_are_public(edition, at=at)
    return {
        "period": period,
        "period_state": "closed" if is_over else period.state(at=at),
        "accepts": refusal is None,
        "deadline_text": clock_exact(period.deadline_at, edition.zone),
        "until_text": clock_exact(period.grace_ends_at, edition.zone),
        "results_are_public": results_are_public(edition, at=at),
        "seal": last_seal(edition) if at > edition.deadline_at else None,
    }


def status_context(found: TeamDeposits, *, at: datetime) -> dict[str, Any]:
    return {
        "deposits": found,
        "team": found.team,
        "budget": budget_of(found, at=at),
        "shown": "-".join(str(status.deliverable.pk) for status in found.statuses),
    }


def _team(_edition: Edition) -> Callable[[Audiences], int | None]:
    return team_in


def _status(edition: Edition, team_pk: int, at: datetime) -> dict[str, Any]:
    """Four queries."""
    team = Team.objects.select_related("department").filter(pk=team_pk).first()
    if team is None:
        return {}
    team.edition = edition
    return status_context(deposits_of(team, at=at), at=at)


def _rule_instants(edition: Edition, period: DepositPeriod, _at: datetime) -> Iterable[datetime]:
    own = [period.opens_at, period.deadline_at, period.grace_ends_at]
    return [*own, edition.deadline_at]  # from then on there can be a seal


DEPOSIT_RULE = Fragment(
    "deposits-rule",
    "submissions/deposits/_rule.html",
    MOVED | {"seal.made", "results.published"},
    rule_context,
    period_of_viewers,
    _rule_instants,
    max_age=30,
)
DEPOSITS = Fragment(
    "deposits",
    "submissions/deposits/_status.html",
    MOVED | {"submission.received", "submission.inspected", "deliverable.changed", "team.changed"},
    _status,
    _team,
)
