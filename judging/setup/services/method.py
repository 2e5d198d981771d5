from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import is_organizer
from judging import live, locks
from judging.jury.selectors import is_closed, is_president, rules_of, scoring_has_begun
from judging.models import Deliberation, JuryRules, Signature
from judging.plan import services as plans
from judging.setup.rules import procedure_refusal, rules_refusal


@transaction.atomic
def choose(
    *,
    department: Department,
    method: str,
    readings: int,
    separation: Decimal,
    by: User,
    at: datetime,
) -> JuryRules:
    """With other readings the plan is repaired."""
    department = locks.readings(department.pk)
    before = rules_of(department)
    after = rules_of(department)
    after.method, after.readings, after.separation = method, readings, separation
    check(
        rules_refusal(
            before,
            after,
            organizer=is_organizer(by, department.edition),
            begun=scoring_has_begun(department),
            closed=is_closed(department, at=at),
        )
    )
    changes = journal.changes(journal.state(before, ("method", "readings", "separation")), after)
    after.save()
    journal.record(
        "rules.chosen",
        after,
        by=by,
        at=at,
        method=method,
        readings=readings,
        changes=changes,
    )
    if before.readings != readings:
        plans.repair(department, by=by, at=at)
    live.jury_changed(department, at=at)
    return after


@transaction.atomic
def hear_nominees(*, department: Department, hears: bool, by: User, at: datetime) -> None:
    """In two acts or in one, until the first lock. Removes signatures, which were for the other."""
    department = locks.jury(department.pk)
    allowed = is_president(by, department) or is_organizer(by, department.edition)
    check(procedure_refusal(allowed=allowed, closed=is_closed(department, at=at)))
    rules = rules_of(department)
    if rules.hears_nominees == hears:
        return
    rules.hears_nominees = hears
    rules.save()
    live.jury_changed(department, at=at)
    Signature.objects.filter(deliberation__department=department).delete()
    opened = Deliberation.objects.filter(department=department, opened_at__isnull=False)
    if opened.update(opened_at=None):
        live.deliberation_closed(department, at=at)
    act = "deliberation.split" if hears else "deliberation.joined"
    journal.record(act, department, by=by, at=at)


@transaction.atomic
def copy(*, source: Edition, department_map: Mapping[int, Department]) -> None:
    """`department_map` is by the id of the source."""
    JuryRules.objects.bulk_create(
        JuryRules(
            department=department_map[rules.department_id],
            method=rules.method,
            readings=rules.readings,
            separation=rules.separation,
            hears_nominees=rules.hears_nominees,
        )
        for rules in JuryRules.objects.filter(department__edition=source)
        if rules.department_id in department_map
    )
