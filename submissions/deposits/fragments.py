"""The parts of `/rendu/` that are the same for all members of a team (`live.fragments`).

The forms are not among them: what is typed there belongs to one person.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from hackathon.base.core.formats import clock_exact
from hackathon.base.live import fragments
from hackathon.base.live.audiences import team_in
from hackathon.base.live.fragments import Audiences, Fragment
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from submissions.budget.rules import Budget, budget_of
from submissions.budget.selectors import open_uploads
from submissions.models import Upload
from submissions.seals.selectors import last_seal
from submissions.versions import rules
from submissions.versions.rules import DepositPeriod, TeamPeriods
from submissions.versions.selectors import TeamDeposits, deposits_by_team
from submissions.versions.viewers import PERIODS, periods_of_viewers
from teams.models import Team


def rule_context(edition: Edition, periods: TeamPeriods, at: datetime) -> dict[str, Any]:
    return {
        **_period_context(edition, periods.usual, at),
        "own": [
            {"deliverable": own.deliverable, "name": own.name}
            | _period_context(edition, own.period, at)
            for own in periods.own
        ],
        "results_are_public": results_are_public(edition, at=at),
        "seal": last_seal(edition) if at > edition.deadline_at else None,
    }


def _period_context(edition: Edition, period: DepositPeriod, at: datetime) -> dict[str, Any]:
    refusal = rules.deposit_refusal(edition, period, begun_at=at, at=at)
    is_over = refusal is not None and results_are_public(edition, at=at)
    return {
        "period": period,
        "period_state": "closed" if is_over else period.state(at=at),
        "accepts": refusal is None,
        "deadline_text": rules.deadline_text(period, edition),
        "until_text": clock_exact(period.grace_ends_at, edition.zone),
    }


def status_contexts(
    edition: Edition, teams: Sequence[Team], at: datetime
) -> dict[int, dict[str, Any]]:
    """By team id; four queries, and one per participant of hand-ins."""
    by_team = deposits_by_team(edition, teams, at=at)
    budgets = _budgets(by_team.values(), at=at)
    return {
        pk: {
            "deposits": deposits,
            "team": deposits.team,
            "budget": budgets[pk],
            "shown": "-".join(str(status.deliverable.pk) for status in deposits.statuses),
        }
        for pk, deposits in by_team.items()
    }


def _budgets(deposits: Collection[TeamDeposits], *, at: datetime) -> dict[int, Budget]:
    """By team id; one query."""
    uploads: dict[int, list[Upload]] = defaultdict(list)
    for upload in open_uploads(at=at).filter(team__in=[of_team.team.pk for of_team in deposits]):
        uploads[upload.team_id].append(upload)
    return {of_team.team.pk: _budget_of(of_team, uploads[of_team.team.pk]) for of_team in deposits}


def _budget_of(deposits: TeamDeposits, uploads: list[Upload]) -> Budget:
    stored = {
        status.deliverable.pk: sum(version.submission.size for version in status.versions)
        for status in deposits.statuses
        if status.versions
    }
    return budget_of([status.deliverable for status in deposits.statuses], stored, uploads)


def _team(_edition: Edition) -> Callable[[Audiences], int | None]:
    return team_in


def _read(edition: Edition, team_pks: Collection[int], at: datetime) -> dict[int, dict[str, Any]]:
    """Five queries, and one per participant of hand-ins. Without deleted teams."""
    teams = list(Team.objects.select_related("department").filter(pk__in=team_pks))
    for team in teams:
        team.edition = edition
    return status_contexts(edition, teams, at)


def _read_ahead(edition: Edition, team_pks: Collection[int], at: datetime) -> None:
    fragments.put_ahead(edition, "deposits", _read(edition, team_pks, at))


def _status(edition: Edition, team_pk: int, at: datetime) -> dict[str, Any]:
    context = fragments.ahead(edition, "deposits", team_pk)
    return context or _read(edition, [team_pk], at).get(team_pk, {})


def _rule_instants(edition: Edition, periods: TeamPeriods, _at: datetime) -> Iterable[datetime]:
    for period in (periods.usual, *(own.period for own in periods.own)):
        yield from (period.opens_at, period.deadline_at, period.grace_ends_at)
    yield edition.deadline_at  # from then on there can be a seal


DEPOSIT_RULE = Fragment(
    "deposits-rule",
    "submissions/deposits/_rule.html",
    f"{PERIODS} seal results",
    rule_context,
    periods_of_viewers,
    _rule_instants,
    max_age=30,
)
DEPOSITS = Fragment(
    "deposits",
    "submissions/deposits/_status.html",
    f"{PERIODS} submission own_team",
    _status,
    _team,
    read_ahead=_read_ahead,
)
