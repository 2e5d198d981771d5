"""Who reads whom: drawn up, repaired, given up for all reading all.

What is begun stays: a sheet with a mark on it is never taken from its juror by a plan.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import check
from hackathon.editions.models import Department
from hackathon.editions.selectors import is_organizer
from judging import live, locks
from judging.enums import ReadingKind, SheetState
from judging.jury import rules as jury_rules
from judging.jury.readings import Pair, has_plan, recused_pairs, sheet_states
from judging.jury.rules import jury_is_closed
from judging.jury.selectors import is_locked, rules_of, scoring_has_begun
from judging.models import Assignment, Juror, JuryRules, Recusal
from judging.plan import assignment
from judging.plan import rules as plan_rules
from teams.models import Team


@transaction.atomic
def plan(*, department: Department, by: User, at: datetime) -> assignment.Solution:
    """Say who reads whom; where that was said before, mend it. Raises `Refused`."""
    department = locks.readings(department.pk)
    _check(department, by, at)
    live.jury_changed(department, at=at)
    return _write(department, by=by, at=at, act="plan.made")


@transaction.atomic
def redraw(*, department: Department, by: User, at: datetime) -> assignment.Solution:
    """Another draw, as if nothing had been planned; before scoring has begun. Raises `Refused`."""
    department = locks.readings(department.pk)
    _check(department, by, at, anew=True)
    rules = rules_of(department)
    rules.seed += 1
    rules.save()
    _planned(department).delete()
    live.jury_changed(department, at=at)
    return _write(department, by=by, at=at, act="plan.redrawn")


@transaction.atomic
def drop(*, department: Department, by: User, at: datetime) -> None:
    """Without a plan every juror reads every team. What was read on top stays. Raises `Refused`."""
    department = locks.readings(department.pk)
    closed = jury_is_closed(department.edition, locked=is_locked(department), at=at)
    check(jury_rules.change_refusal(organizer=is_organizer(by, department.edition), closed=closed))
    _planned(department).delete()
    journal.record("plan.dropped", department, by=by, at=at)
    live.jury_changed(department, at=at)


@transaction.atomic
def give(*, juror: Juror, team: Team, by: User, at: datetime) -> None:
    """The juror reads this team too, on top of the plan: as one who marked it out of reach of the
    network, after it had gone to somebody else. Raises `Refused`.
    """
    department = locks.readings(juror.department_id)
    check(
        plan_rules.gift_refusal(
            juror,
            team,
            organizer=is_organizer(by, department.edition),
            closed=jury_is_closed(department.edition, locked=is_locked(department), at=at),
            seated=Juror.objects.seated().filter(pk=juror.pk).exists(),
            recused=Recusal.objects.filter(juror=juror, team=team).exists(),
        )
    )
    if not has_plan(department):
        return
    last = juror.assignments.aggregate(last=Max("position"))["last"]
    row, is_new = Assignment.objects.get_or_create(
        juror=juror,
        team=team,
        defaults={"kind": ReadingKind.GIVEN, "position": 0 if last is None else last + 1},
    )
    if is_new:
        journal.record("reading.given", row, by=by, at=at, juror=juror.pk, team=team.pk)
        live.jury_changed(department, at=at)


def mend(department: Department, *, by: User | None, at: datetime) -> None:
    """Where there is a plan, make it fit who sits now and what there is to read.

    Inside a transaction that holds `locks.readings`, after the change that the plan is to follow;
    who calls it tells the jury.
    """
    if has_plan(department):
        _write(department, by=by, at=at, act="plan.mended")


@transaction.atomic
def take_in(*, team: Team, at: datetime) -> None:
    """A team that registers after the plan was made gets its readers. Where there is none, as
    while teams register, nobody waits for a jury.
    """
    if not has_plan(team.department):
        return
    department = locks.readings(team.department_id)
    if not is_locked(department):
        mend(department, by=None, at=at)
        live.jury_changed(department, at=at)


def forget(team: Team) -> None:
    """A team that is dissolved is read by nobody. The caller holds its lock."""
    Assignment.objects.filter(team=team).delete()
    Recusal.objects.filter(team=team).delete()


def _check(department: Department, by: User, at: datetime, *, anew: bool = False) -> None:
    check(
        plan_rules.plan_refusal(
            organizer=is_organizer(by, department.edition),
            closed=jury_is_closed(department.edition, locked=is_locked(department), at=at),
            begun=anew and scoring_has_begun(department),
            jurors=Juror.objects.seated().filter(department=department).count(),
            teams=Team.objects.filter(department=department).count(),
        )
    )


def _write(
    department: Department, *, by: User | None, at: datetime, act: str
) -> assignment.Solution:
    """Solve what the database says, and make the rows say the answer."""
    rules = rules_of(department)
    rows = list(Assignment.objects.filter(juror__department=department))
    problem, on_top = _problem(department, rules, rows)
    solution = assignment.solve(problem)
    wanted = {
        (int(juror), int(team)): place
        for juror, teams in solution.assignments.items()
        for place, team in enumerate(teams)
    }
    added, removed = _replace(rows, wanted, on_top)
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
    """What is to be solved, and what is read on top of any plan: no part of it, it stays."""
    teams = list(Team.objects.filter(department=department).order_by("pk").values_list("pk"))
    seated = list(
        Juror.objects.seated().filter(department=department).order_by("pk").values_list("pk")
    )
    jurors = {pk for (pk,) in seated}
    counted = set(
        Juror.objects.counted().filter(department=department).values_list("pk", flat=True)
    )
    barred = recused_pairs(Q(juror__department=department))
    on_top = {
        (row.juror_id, row.team_id)
        for row in rows
        if row.kind != ReadingKind.PLANNED
        and row.juror_id in jurors
        and (row.juror_id, row.team_id) not in barred
    }
    done = [
        pair
        for pair, state in sheet_states(Q(team__department=department)).items()
        if pair[0] in (jurors if state == SheetState.DRAFT else counted)
    ]
    recused: dict[str, set[str]] = {}
    for juror, team in sorted(barred | on_top):
        recused.setdefault(str(juror), set()).add(str(team))
    problem = assignment.Problem(
        teams=[str(pk) for (pk,) in teams],
        jurors=[str(pk) for (pk,) in seated],
        readings=rules.readings,
        recused=recused,
        done=_spelt(done),
        planned=_spelt(
            (row.juror_id, row.team_id)
            for row in rows
            if row.kind == ReadingKind.PLANNED and row.juror_id in jurors
        ),
        seed=rules.seed,
    )
    return problem, on_top


def _replace(
    rows: Iterable[Assignment], wanted: dict[Pair, int], on_top: set[Pair]
) -> tuple[int, int]:
    """Write the difference: (rows added, rows taken away).

    Who is at work keeps their order: what they had comes first, as it was, what is new after it.
    """
    kept = {
        (row.juror_id, row.team_id): row
        for row in rows
        if (row.juror_id, row.team_id) in wanted.keys() | on_top
    }
    gone = [row.pk for row in rows if (row.juror_id, row.team_id) not in kept]
    Assignment.objects.filter(pk__in=gone).delete()
    new = [
        Assignment(juror_id=juror, team_id=team, position=0)
        for juror, team in wanted
        if (juror, team) not in kept
    ]
    by_juror: dict[int, list[Assignment]] = {}
    for row in [*kept.values(), *new]:
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


def _spelt(pairs: Iterable[Pair]) -> list[assignment.Pair]:
    return [(str(juror), str(team)) for juror, team in sorted(pairs)]
