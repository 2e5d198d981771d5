from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.event.editions.models import Department
from hackathon.event.editions.selectors import is_organizer
from judging import live, locks
from judging.enums import ReadingKind, SheetState
from judging.errors import JudgingRefusal
from judging.jury.readings import Pair, has_plan, recused_pairs, sheet_states
from judging.jury.rules import change_refusal
from judging.jury.selectors import is_closed, is_locked, rules_of, scoring_has_begun
from judging.models import Assignment, Juror, JuryRules, Recusal, ScoreSheet
from judging.plan import assignment
from judging.plan.rules import added_reading_refusal, plan_refusal
from teams.models import Team


@transaction.atomic
def make(*, department: Department, by: User, at: datetime) -> assignment.Solution:
    """Makes the plan, or repairs it."""
    department = locks.readings(department.pk)
    _check(department, by, at)
    live.jury_changed(department, at=at)
    return _write(department, by=by, at=at, act="plan.made")


@transaction.atomic
def redraw(*, department: Department, by: User, at: datetime) -> assignment.Solution:
    department = locks.readings(department.pk)
    _check(department, by, at, redraw=True)
    rules = rules_of(department)
    rules.seed += 1
    rules.save()
    _planned(department).delete()
    live.jury_changed(department, at=at)
    return _write(department, by=by, at=at, act="plan.redrawn")


@transaction.atomic
def drop(*, department: Department, by: User, at: datetime) -> None:
    """Readings that organizers added stay."""
    department = locks.readings(department.pk)
    organizer = is_organizer(by, department.edition)
    check(change_refusal(organizer=organizer, closed=is_closed(department, at=at)))
    _planned(department).delete()
    journal.record("plan.dropped", department, by=by, at=at)
    live.jury_changed(department, at=at)


@transaction.atomic
def add_reading(*, juror: Juror, team: Team, by: User, at: datetime) -> None:
    """For a juror who marked a team offline while the plan gave it to another juror."""
    department = locks.readings(juror.department_id, of=team)
    check(
        added_reading_refusal(
            juror,
            team,
            organizer=is_organizer(by, department.edition),
            closed=is_closed(department, at=at),
            seated=Juror.objects.seated().filter(pk=juror.pk).exists(),
            recused=Recusal.objects.filter(juror=juror, team=team).exists(),
        )
    )
    if not has_plan(department):
        return
    row, is_new = _added(juror, team, ReadingKind.GIVEN)
    if is_new:
        journal.record("reading.given", row, by=by, at=at, juror=juror.pk, team=team.pk)
        live.jury_changed(department, at=at)


def add_second_reading(juror: Juror, team: Team) -> Assignment:
    """After all other teams of the juror. The caller holds the lock of the jury."""
    return _added(juror, team, ReadingKind.SECOND)[0]


def repair(department: Department, *, by: User | None, at: datetime) -> None:
    """The caller holds `locks.readings` and publishes `jury_changed` afterwards."""
    if has_plan(department):
        _write(department, by=by, at=at, act="plan.mended")


@transaction.atomic
def add_team(*, team: Team, at: datetime) -> None:
    """Without a plan no lock is taken."""
    if not has_plan(team.department):
        return
    department = locks.readings(team.department_id)
    if not is_locked(department):
        repair(department, by=None, at=at)
        live.jury_changed(department, at=at)


def remove_team(team: Team) -> None:
    """The caller holds the lock of the team."""
    Assignment.objects.filter(team=team).delete()
    Recusal.objects.filter(team=team).delete()


def take_over_recusals(team: Team, into: Team, *, at: datetime) -> None:
    """Of jurors who read `into` and must not read members of `team`. The caller has locked both."""
    department = locks.jury(into.department_id)
    check(change_refusal(organizer=True, closed=is_closed(department, at=at)))
    recusals = Recusal.objects.filter(team=team, juror__department=department)
    for recusal in recusals.exclude(juror__recusals__team=into):
        Recusal.objects.create(
            juror_id=recusal.juror_id,
            team=into,
            reason=recusal.reason,
            made_at=recusal.made_at,
            made_by_id=recusal.made_by_id,
        )
    repair(department, by=None, at=at)
    live.jury_changed(department, at=at)


def change_department(team: Team, before: Department, *, by: User, at: datetime) -> None:
    """`team` is saved with its new department. The caller has locked all teams of the edition."""
    juries = [locks.jury(pk) for pk in sorted((before.pk, team.department_id))]
    for department in juries:
        check(change_refusal(organizer=True, closed=is_closed(department, at=at)))
    if ScoreSheet.objects.filter(team=team).exists():
        raise Refused(refuse(JudgingRefusal.TEAM_HAS_MARKS, team=team.name))
    remove_team(team)
    for department in juries:
        repair(department, by=by, at=at)
        live.jury_changed(department, at=at)


def change_presence(department: Department, *, by: User, at: datetime) -> None:
    """After teams became absent or present. The caller has locked all teams of the edition."""
    department = locks.jury(department.pk)
    check(change_refusal(organizer=True, closed=is_closed(department, at=at)))
    repair(department, by=by, at=at)
    live.jury_changed(department, at=at)


def _check(department: Department, by: User, at: datetime, *, redraw: bool = False) -> None:
    check(
        plan_refusal(
            organizer=is_organizer(by, department.edition),
            closed=is_closed(department, at=at),
            begun=redraw and scoring_has_begun(department),
            jurors=Juror.objects.seated().filter(department=department).count(),
            teams=Team.objects.present().filter(department=department).count(),
        )
    )


def _write(
    department: Department, *, by: User | None, at: datetime, act: str
) -> assignment.Solution:
    rules = rules_of(department)
    # Those of absent teams stay as they are, for the case that a team comes back.
    assignments = Assignment.objects.filter(juror__department=department, team__absent_at=None)
    rows = list(assignments)
    problem, extra = _problem(department, rules, rows)
    solution = assignment.solve(problem)
    wanted = {
        (int(juror), int(team)): place
        for juror, teams in solution.assignments.items()
        for place, team in enumerate(teams)
    }
    added, removed = _replace(rows, wanted, extra)
    if added or removed or act != "plan.mended":
        journal.record(
            act,
            department,
            by=by,
            at=at,
            readings=rules.readings,
            seed=rules.seed,
            added=added,
            removed=removed,
            short=[int(shortfall.team) for shortfall in solution.shortfalls],
        )
    return solution


def _problem(
    department: Department, rules: JuryRules, rows: Iterable[Assignment]
) -> tuple[assignment.Problem, set[Pair]]:
    """Also returns the readings beside the plan, which no solution changes."""
    present = Team.objects.present().filter(department=department)
    teams = list(present.order_by("pk").values_list("pk"))
    seated = list(
        Juror.objects.seated().filter(department=department).order_by("pk").values_list("pk")
    )
    jurors = {pk for (pk,) in seated}
    counted = set(
        Juror.objects.counted().filter(department=department).values_list("pk", flat=True)
    )
    among = Q(team__department=department, team__absent_at=None)
    barred = recused_pairs(among & Q(juror__department=department))
    extra = {
        (row.juror_id, row.team_id)
        for row in rows
        if row.kind != ReadingKind.PLANNED
        and row.juror_id in jurors
        and (row.juror_id, row.team_id) not in barred
    }
    done = [
        pair
        for pair, state in sheet_states(among).items()
        if pair[0] in (jurors if state == SheetState.DRAFT else counted)
    ]
    recused: dict[str, set[str]] = {}
    for juror, team in sorted(barred | extra):
        recused.setdefault(str(juror), set()).add(str(team))
    problem = assignment.Problem(
        teams=[str(pk) for (pk,) in teams],
        jurors=[str(pk) for (pk,) in seated],
        readings=rules.readings,
        recused=recused,
        done=_as_ids(done),
        planned=_as_ids(
            (row.juror_id, row.team_id)
            for row in rows
            if row.kind == ReadingKind.PLANNED and row.juror_id in jurors
        ),
        seed=rules.seed,
    )
    return problem, extra


def _added(juror: Juror, team: Team, kind: ReadingKind) -> tuple[Assignment, bool]:
    last = juror.assignments.aggregate(last=Max("position"))["last"]
    position = 0 if last is None else last + 1
    return Assignment.objects.get_or_create(
        juror=juror, team=team, defaults={"kind": kind, "position": position}
    )


def _replace(
    rows: Iterable[Assignment], wanted: dict[Pair, int], extra: set[Pair]
) -> tuple[int, int]:
    """Returns how many rows were added and deleted. A juror's new teams come last."""
    staying = {
        (row.juror_id, row.team_id): row
        for row in rows
        if (row.juror_id, row.team_id) in wanted.keys() | extra
    }
    gone = [row.pk for row in rows if (row.juror_id, row.team_id) not in staying]
    Assignment.objects.filter(pk__in=gone).delete()
    new = [
        Assignment(juror_id=juror, team_id=team, position=0)
        for juror, team in wanted
        if (juror, team) not in staying
    ]
    by_juror: dict[int, list[Assignment]] = {}
    for row in [*staying.values(), *new]:
        by_juror.setdefault(row.juror_id, []).append(row)
    moved = []
    for mine in by_juror.values():
        mine.sort(
            key=lambda row: (
                row.pk is None,
                row.position if row.pk else wanted[row.juror_id, row.team_id],
            )
        )
        for position, row in enumerate(mine):
            if row.pk and row.position != position:
                moved.append(row)
            row.position = position
    Assignment.objects.bulk_update(moved, ["position"])
    Assignment.objects.bulk_create(new)
    return len(new), len(gone)


def _planned(department: Department) -> QuerySet[Assignment]:
    return Assignment.objects.filter(juror__department=department, kind=ReadingKind.PLANNED)


def _as_ids(pairs: Iterable[Pair]) -> list[assignment.Pair]:
    return [(str(juror), str(team)) for juror, team in sorted(pairs)]
