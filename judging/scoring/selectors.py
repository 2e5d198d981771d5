"""A juror's own sheets, never another juror's."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound, Refusal
from hackathon.base.core.selectors import get_or_not_found
from hackathon.base.live.fragments import once
from hackathon.event.editions.models import Department, Edition
from judging.enums import SheetState
from judging.jury.readings import is_judged_by, judged_teams, sheet_states
from judging.jury.rules import may_read_decision
from judging.jury.selectors import (
    criteria_of,
    is_locked,
    jurors_with_pause,
    jury_of,
    skips_of,
    stage_of,
)
from judging.models import Criterion, Juror, Score, ScoreSheet
from judging.ranking.selectors import weightings_of
from judging.ranking.standings import competition_ranks, total
from judging.scoring.pages import (
    MarkLine,
    MyTeams,
    OwnRange,
    OwnSheet,
    SheetPage,
    TeamLine,
    Work,
    counting_of,
)
from judging.scoring.remarks import asked_in
from judging.scoring.rules import has_changed, scoring_refusal
from submissions.models import Submission
from submissions.versions import selectors as submissions
from teams.models import Team


def my_teams(juror: Juror, *, at: datetime) -> MyTeams:
    criteria, pauses = _jury(juror.department)
    sheets = _sheets_by_team(juror)
    begun = sheet_states(Q(juror=juror))
    deposits = submissions.handed_in(juror.department)
    # A team that has just registered comes with its message.
    teams = [team for team in judged_teams(juror) if team.pk in deposits]
    skips = skips_of(juror)
    lines = []
    for team in teams:
        sheet = sheets.get(team.pk)
        marks = _marks(sheet)
        counting = counting_of(deposits[team.pk])
        lines.append(
            TeamLine(
                team=team,
                work=_work(sheet, is_begun=(juror.pk, team.pk) in begun),
                marked=len(marks),
                criteria=len(criteria),
                mean=_mean(marks, criteria),
                deposits=deposits[team.pk],
                version=sheet.version if sheet else 0,
                outdated=any(_outdated(score, counting) for score in _scores(sheet)),
                skip=skips.get(team.pk, ""),
            )
        )
    stage = stage_of(juror.department)
    closed = _closed(juror, lines[0].team, at, locked=stage.is_locked) if lines else None
    done = sum(line.work == Work.FINAL for line in lines)
    return MyTeams(
        juror=juror,
        criteria=criteria,
        lines=lines,
        done=done,
        closed=closed,
        is_open_to_sign=stage.is_open_to_sign,
        hears=stage.hears,
        reads_decision=may_read_decision(juror, locked=stage.is_decided, at=at),
        paused=[j for j in pauses if (j.paused_until or at) > at and j.pk != juror.pk],
    )


def _jury(department: Department) -> tuple[list[Criterion], list[Juror]]:
    """Criteria, and jurors who have made a pause, which all jurors share until one changes."""

    def read(_edition: Edition) -> tuple[list[Criterion], list[Juror]]:
        return criteria_of(department), jurors_with_pause(department)

    return once(department.edition, f"jury: {department.pk}", read, "jury")


def sheet_page(juror: Juror, team_pk: int, *, at: datetime) -> SheetPage:
    """Raises `NotFound` for a team that the juror does not read."""
    teams = judged_teams(juror)
    index = next((i for i, team in enumerate(teams) if team.pk == team_pk), None)
    if index is None:
        raise NotFound
    team = teams[index]
    criteria = criteria_of(juror.department)
    sheets = _sheets_by_team(juror)
    sheet = sheets.get(team_pk)
    marks = _marks(sheet)
    deposits = submissions.deposits_of(team, at=at)
    counting = counting_of(deposits)
    locked = is_locked(juror.department)
    remarks = [asked.read(sheet, criteria) for asked in asked_in(juror.department.edition)]
    old = {s.criterion_id for s in _scores(sheet) if _outdated(s, counting)}
    means = {
        other.pk: mean
        for other in teams
        if (mean := _mean(_marks(sheets.get(other.pk)), criteria)) is not None
    }
    after = teams[index + 1 :] + teams[:index]
    unfinished = [t for t in after if not _is_final(sheets.get(t.pk))]
    mine = _own_sheets(juror, teams, sheets, means)
    skipped = {own.team.pk for own in mine if own.skip}
    unfinished.sort(key=lambda team: team.pk in skipped)
    return SheetPage(
        juror=juror,
        team=team,
        sheet=sheet,
        lines=[
            MarkLine(c, marks.get(c.pk), c.pk in old, [by_pk[c.pk] for by_pk in remarks])
            for c in criteria
        ],
        mean=means.get(team_pk),
        mine=mine,
        own_range=_own_range(means, team_pk),
        index=index + 1,
        count=len(teams),
        previous=teams[index - 1] if index else None,
        next=teams[index + 1] if index + 1 < len(teams) else None,
        next_unfinished=unfinished[0] if unfinished else None,
        closed=_closed(juror, team, at, locked=locked),
        deposits=deposits,
        may_remark=bool(remarks)
        and _closed(juror, team, at, locked=locked and not _is_final(sheet)) is None,
    )


def get_submission_for(user: User | AnonymousUser, pk: int, edition: Edition | None) -> Submission:
    """Raises `NotFound`."""
    seats = jury_of(user, edition)
    departments = [juror.department_id for juror in seats]
    deposits = Submission.objects.select_related("deliverable", "team__edition", "inspection")
    deposit = get_or_not_found(deposits, pk=pk, team__department__in=departments)
    if not any(is_judged_by(juror, deposit.team_id) for juror in seats):
        raise NotFound
    return deposit


def _readings(juror: Juror, teams: Iterable[Team]) -> Counter[int]:
    others = ScoreSheet.objects.filter(team__in=list(teams)).exclude(juror=juror)
    return Counter(others.values_list("team_id", flat=True))


def _closed(juror: Juror, team: Team, at: datetime, *, locked: bool) -> Refusal | None:
    return scoring_refusal(juror, team, by=juror.user, locked=locked, at=at)


def _own_sheets(
    juror: Juror,
    teams: Sequence[Team],
    sheets: Mapping[int, ScoreSheet],
    means: Mapping[int, Fraction],
) -> list[OwnSheet]:
    skips, readings = skips_of(juror), _readings(juror, teams)
    return [
        OwnSheet(
            team=team,
            total=means.get(team.pk),
            is_final=_is_final(sheets.get(team.pk)),
            skip=skips.get(team.pk, ""),
            readings=readings[team.pk],
        )
        for team in teams
    ]


def _sheets_by_team(juror: Juror) -> dict[int, ScoreSheet]:
    sheets = ScoreSheet.objects.filter(juror=juror).prefetch_related("scores")
    return {sheet.team_id: sheet for sheet in sheets}


def _marks(sheet: ScoreSheet | None) -> dict[int, Decimal]:
    if sheet is None:
        return {}
    return {score.criterion_id: score.value for score in sheet.scores.all()}


def _scores(sheet: ScoreSheet | None) -> list[Score]:
    return list(sheet.scores.all()) if sheet else []


def _outdated(score: Score, counting: Mapping[int, datetime]) -> bool:
    return has_changed(score.seen, counting, score.changed_at)


def _is_final(sheet: ScoreSheet | None) -> bool:
    return sheet is not None and sheet.state == SheetState.FINAL


def _work(sheet: ScoreSheet | None, *, is_begun: bool) -> Work:
    if _is_final(sheet):
        return Work.FINAL
    return Work.DRAFT if is_begun else Work.UNTOUCHED


def _mean(marks: dict[int, Decimal], criteria: Sequence[Criterion]) -> Fraction | None:
    """None until every criterion is marked."""
    if len(marks) < len(criteria):
        return None
    return total(marks, weightings_of(criteria))


def _own_range(means: dict[int, Fraction], team_pk: int) -> OwnRange | None:
    if not means:
        return None
    ranks = competition_ranks({pk: -mean for pk, mean in means.items()})
    return OwnRange(
        low=min(means.values()),
        high=max(means.values()),
        count=len(means),
        rank=ranks.get(team_pk),
    )
