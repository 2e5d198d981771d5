"""A team beside the one just before it, if both agree.

If the other team has not agreed, the answer is the same as if there were no such team.
"""

from dataclasses import dataclass

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Department
from judging.deliberation.selectors.decision import DecisionState, decision_of
from judging.deliberation.selectors.pairs import Basis, basis_of, pair_of
from judging.models import ComparisonConsent
from judging.ranking.pairs import Pair, just_before
from teams.models import Membership, Team


@dataclass(frozen=True)
class OwnComparison:
    """`pairs`: with the teams just before it that agree; several if they are equal."""

    team: Team
    is_captain: bool
    consent: ComparisonConsent | None
    pairs: list[Pair]


def own_comparison(user: User, team: Team) -> OwnComparison:
    """No access check: the caller may see the marks of `team`."""
    captains = Membership.objects.filter(team=team, user=user, is_captain=True)
    consents = _consents(team.department)
    pairs = []
    if team.pk in consents and len(consents) > 1:
        decided, basis = _ranked(team.department)
        pairs = [
            pair_of(basis, decided, team.pk, other)
            for other in _before(decided, basis, team.pk)
            if other in consents
        ]
    return OwnComparison(team, captains.exists(), consents.get(team.pk), pairs)


def who_sees(team: Team) -> list[int]:
    """The ids of the teams that agree and rank just behind: their page changes with the consent of
    this one.
    """
    decided, basis = _ranked(team.department)
    others = [pk for pk in _consents(team.department) if pk != team.pk]
    return [pk for pk in others if team.pk in _before(decided, basis, pk)]


def _consents(department: Department) -> dict[int, ComparisonConsent]:
    consents = ComparisonConsent.objects.filter(team__department=department)
    return {consent.team_id: consent for consent in consents.select_related("given_by")}


def _ranked(department: Department) -> tuple[DecisionState, Basis]:
    decided = decision_of(department)
    return decided, basis_of(department)


def _before(decided: DecisionState, basis: Basis, team: int) -> list[int]:
    return just_before(basis.result.standings, decided.ranks, team)
