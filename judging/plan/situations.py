"""Reads marks: only what `judging.plan.more_readings` makes of them may be shown."""

from datetime import datetime

from django.db.models import Q

from hackathon.event.editions.models import Department
from judging.enums import ReadingKind, SheetState
from judging.jury.readings import recused_pairs, sheet_states
from judging.models import Assignment, Juror, Skip
from judging.plan.more_readings import Situation
from judging.ranking.selectors import ranking_inputs


def situation_of(department: Department, *, at: datetime) -> Situation | None:
    """None without a plan: every juror reads every team then. Twelve queries."""
    among = Q(juror__department=department)
    assigned = Assignment.objects.filter(among, team__absent_at=None)
    kinds = {
        (juror, team): kind
        for juror, team, kind in assigned.values_list("juror_id", "team_id", "kind")
    }
    if ReadingKind.PLANNED not in kinds.values():
        return None
    inputs = ranking_inputs(department)
    seated = Juror.objects.seated().filter(department=department).order_by("pk")
    jurors = dict(seated.values_list("pk", "paused_until"))
    states = sheet_states(among)
    skips = Skip.objects.filter(among).exclude(reason="")
    return Situation(
        teams=sorted(inputs.teams),
        jurors=list(jurors),
        paused={pk for pk, until in jurors.items() if until is not None and until > at},
        least=inputs.rules.readings,
        assigned=set(kinds),
        seconds={pair for pair, kind in kinds.items() if kind == ReadingKind.SECOND},
        begun={pair for pair, state in states.items() if state == SheetState.DRAFT},
        finished={pair for pair, state in states.items() if state == SheetState.FINAL},
        barred=recused_pairs(among),
        put_off=set(skips.values_list("juror_id", "team_id")),
        totals=inputs.totals,
        noise=inputs.noise,
    )
