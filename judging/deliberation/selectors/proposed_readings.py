"""One more reading for the teams whose order is not known."""

from dataclasses import dataclass, replace
from datetime import datetime

from hackathon.event.editions.models import Department
from judging.jury.readings import Pair
from judging.models import Juror
from judging.plan.more_readings import Situation, second_reading
from judging.plan.situations import situation_of
from judging.ranking.gains import chance, expected_chance
from judging.ranking.results import DepartmentRanking
from teams.models import Team


@dataclass(frozen=True)
class ProposedReading:
    """`chance`: that the team that is probably the best is the best; `chance_later`: with this
    reading, on average over what it may bring.
    """

    juror: Juror
    team: Team
    sheets: int
    chance: float
    chance_later: float

    @property
    def sheets_later(self) -> int:
        return self.sheets + 1


def proposal_of(
    department: Department, ranking: DepartmentRanking, *, at: datetime
) -> ProposedReading | None:
    """The most useful reading of one of the teams whose order is not known, by a juror with few
    readings left. None without a plan: every juror reads every team then.
    """
    situation = situation_of(department, at=at)
    if situation is None:
        return None
    linking = replace(situation, barred={*situation.barred, *_not_linking(ranking, situation)})
    lines = {line.team.pk: line for line in ranking.standings if line.team in ranking.undecided}
    pair = second_reading(linking, lines)
    if pair is None:
        return None
    juror, team = pair
    return ProposedReading(
        juror=Juror.objects.select_related("user").get(pk=juror),
        team=lines[team].team,
        sheets=lines[team].sheets,
        chance=chance(situation.beliefs),
        chance_later=expected_chance(situation.beliefs, pair),
    )


def _not_linking(ranking: DepartmentRanking, situation: Situation) -> set[Pair]:
    """Readings that leave two tables apart, where others would link them."""
    if len(ranking.tables) < 2:
        return set()
    possible = {pair for juror in situation.jurors for pair in situation.possible(juror)}
    not_linking: set[Pair] = set()
    for table in ranking.tables:
        own = {line.team.pk for group in table.groups for line in group}
        links = {juror for juror, team in situation.finished if team not in own} - {
            juror for juror, team in situation.finished if team in own
        }
        for line in table.groups[0]:
            of_team = {pair for pair in possible if pair[1] == line.team.pk}
            if any(juror in links for juror, _team in of_team):
                not_linking |= {pair for pair in of_team if pair[0] not in links}
    return not_linking
