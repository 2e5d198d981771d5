"""Second readings for the teams whose order is not known."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from hackathon.editions.models import Department
from judging.deliberation import second_readings
from judging.deliberation.selectors.readings_left import (
    expected_readings,
    finished_readings,
    seated_in,
)
from judging.jury.readings import Pair, has_plan
from judging.jury.selectors import rules_of
from judging.models import Assignment, Juror, Recusal, ScoreSheet
from judging.ranking.selectors import DepartmentRanking
from teams.models import Team


def readers_of(department: Department) -> dict[int, set[int]]:
    """Ids of jurors by team id: those who have a sheet of the team or are assigned to it."""
    readers: dict[int, set[int]] = defaultdict(set)
    sheets = ScoreSheet.objects.filter(team__department=department)
    assigned = Assignment.objects.filter(team__department=department)
    for juror, team in [
        *sheets.values_list("juror_id", "team_id"),
        *assigned.values_list("juror_id", "team_id"),
    ]:
        readers[team].add(juror)
    return readers


def proposal_of(department: Department, ranking: DepartmentRanking) -> list[tuple[Juror, Team]]:
    """For the teams whose order is not known. Empty without a plan: every juror reads every team
    then.
    """
    teams = {team.pk: team for team in ranking.undecided}
    jurors = {juror.pk: juror for juror in seated_in(department)}
    if not has_plan(department):
        return []
    all_teams = list(Team.objects.present().filter(department=department))
    expected = expected_readings(department, jurors.values(), all_teams, seconds=True)
    finished = finished_readings(department)
    readers = readers_of(department)
    recused = set(Recusal.objects.filter(team__in=teams).values_list("juror_id", "team_id"))
    pairs = second_readings.propose(
        teams,
        jurors,
        readers,
        recused | _not_linking(ranking, finished, jurors, readers, recused),
        {pk: len(own - finished.keys()) for pk, own in expected.items()},
        rules_of(department).seed,
    )
    return [(jurors[juror], teams[team]) for juror, team in pairs]


def _not_linking(
    ranking: DepartmentRanking,
    finished: Collection[Pair],
    jurors: Iterable[int],
    readers: Mapping[int, Collection[int]],
    recused: Collection[Pair],
) -> set[Pair]:
    """Readings that leave two tables apart, where others would link them."""
    if len(ranking.tables) < 2:
        return set()
    not_linking: set[Pair] = set()
    for table in ranking.tables:
        own = {line.team.pk for group in table.groups for line in group}
        links = {juror for juror, team in finished if team not in own} - {
            juror for juror, team in finished if team in own
        }
        for line in table.groups[0]:
            team = line.team.pk
            if any((j, team) not in recused and j not in readers.get(team, ()) for j in links):
                not_linking |= {(juror, team) for juror in jurors if juror not in links}
    return not_linking


@dataclass(frozen=True)
class ProposedReadings:
    """Of one team. `margin_later` is approximate: errors shrink as the root of the sheets."""

    team: Team
    readers: list[Juror]
    sheets: int
    margin: float

    @property
    def sheets_later(self) -> int:
        return self.sheets + len(self.readers)

    @property
    def margin_later(self) -> float:
        return float(self.margin * (self.sheets / self.sheets_later) ** 0.5)


def proposed_readings(
    ranking: DepartmentRanking, proposal: Iterable[tuple[Juror, Team]]
) -> list[ProposedReadings]:
    """No query."""
    readers: dict[Team, list[Juror]] = defaultdict(list)
    for juror, team in proposal:
        readers[team].append(juror)
    lines = {line.team: line for line in ranking.standings}
    return [
        ProposedReadings(team, jurors, lines[team].sheets, lines[team].margin)
        for team, jurors in readers.items()
    ]
