"""The department's ranking and decision: for who presides, and for the jury once it is locked."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from hackathon.accounts.models import User
from hackathon.editions.models import Department, Edition
from judging import ranking
from judging.models import Award, Criterion, Deliberation, Juror, ScoreSheet
from judging.selectors.assignments import final_sheets
from judging.selectors.juries import criteria_of, get_juror_for
from teams.models import Team


@dataclass(frozen=True)
class Comment:
    """What a juror wrote on a finished sheet."""

    juror: str
    text: str


@dataclass(frozen=True)
class TeamStanding:
    """A line of the ranking; `mean` is out of 20."""

    team: Team
    rank: int
    mean: float
    sheets: int
    is_tied: bool
    comments: list[Comment]


@dataclass(frozen=True)
class DepartmentRanking:
    """Who stands where by the final sheets, and who has none."""

    standings: list[TeamStanding]
    not_ranked: list[Team]
    sheets: int

    @property
    def teams(self) -> list[Team]:
        """Everybody, best first."""
        return [standing.team for standing in self.standings] + self.not_ranked


@dataclass(frozen=True)
class Place:
    """A rank and whoever holds it: several are ex aequo."""

    rank: int
    teams: list[Team]


@dataclass(frozen=True)
class DecisionState:
    """What a jury has decided so far. Without a deliberation: nothing."""

    deliberation: Deliberation | None = None
    nominees: list[Team] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    @property
    def is_locked(self) -> bool:
        """Whether it is final."""
        return self.deliberation is not None and self.deliberation.locked_at is not None

    @property
    def ranks(self) -> dict[int, int]:
        """Rank by team id."""
        return {team.pk: place.rank for place in self.places for team in place.teams}

    @property
    def winners(self) -> int:
        """How many teams win."""
        return len(self.ranks)


def is_locked(department: Department) -> bool:
    """Whether the department's deliberation is locked."""
    return Deliberation.objects.filter(department=department, locked_at__isnull=False).exists()


def get_decision_reader_for(
    user: User | AnonymousUser, department_code: str, edition: Edition | None
) -> Juror:
    """A seat that may read the decision: the president, and every juror once it is locked.

    Raises Http404 to anybody else, the organizers included.
    """
    juror = get_juror_for(user, department_code, edition)
    if not juror.is_president and not is_locked(juror.department):
        raise Http404
    return juror


def ranking_of(department: Department) -> DepartmentRanking:
    """The ranking. No right of access here: callers fetch the president first."""
    teams = {team.pk: team for team in Team.objects.filter(department=department)}
    sheets = list(final_sheets(department))
    ranked = ranking.rank(totals_of(sheets, criteria_of(department)), teams=teams)
    ties = Counter((s.component, s.rank) for s in ranked.standings)
    comments: dict[int, list[Comment]] = defaultdict(list)
    for sheet in sheets:
        if sheet.comment:
            comments[sheet.team_id].append(Comment(sheet.juror.user.display_name, sheet.comment))
    return DepartmentRanking(
        standings=[
            TeamStanding(
                team=teams[s.team],
                rank=s.rank,
                mean=s.mean,
                sheets=s.sheets,
                is_tied=ties[s.component, s.rank] > 1,
                comments=comments[s.team],
            )
            for s in ranked.standings
        ],
        not_ranked=[teams[pk] for pk in ranked.not_ranked],
        sheets=len(sheets),
    )


def decision_of(department: Department) -> DecisionState:
    """The decision as it is written. No right of access here: callers fetch the reader first."""
    deliberation = (
        Deliberation.objects.filter(department=department).select_related("locked_by").first()
    )
    if deliberation is None:
        return DecisionState()
    nominations = deliberation.nominations.select_related("team")
    awards = deliberation.awards.select_related("team")
    return DecisionState(
        deliberation=deliberation,
        nominees=sorted((n.team for n in nominations), key=lambda team: team.name),
        places=places_of(awards),
    )


def places_of(awards: Iterable[Award]) -> list[Place]:
    """Places gathered by rank, best first; special prizes are none."""
    by_rank: dict[int, list[Team]] = defaultdict(list)
    for award in awards:
        if award.rank is not None:
            by_rank[award.rank].append(award.team)
    return [
        Place(rank, sorted(teams, key=lambda team: team.name))
        for rank, teams in sorted(by_rank.items())
    ]


def totals_of(sheets: Iterable[ScoreSheet], criteria: Iterable[Criterion]) -> list[ranking.Total]:
    """The totals of sheets, out of 20."""
    return ranking.totals(
        (
            ranking.Sheet(s.juror_id, s.team_id, {m.criterion_id: m.value for m in s.scores.all()})
            for s in sheets
        ),
        scales_of(criteria),
    )


def scales_of(criteria: Iterable[Criterion]) -> dict[ranking.Key, ranking.Scale]:
    """Criteria as the ranking wants them."""
    return {c.pk: ranking.Scale(weight=c.weight, top=c.scale) for c in criteria}
