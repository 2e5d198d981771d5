"""How a jury works: how marks become a ranking, and how many read a team."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import check
from hackathon.editions.models import Department, Edition
from hackathon.editions.selectors import is_organizer
from judging import live, locks
from judging.jury.rules import jury_is_closed
from judging.jury.selectors import is_locked, rules_of, scoring_has_begun
from judging.models import JuryRules
from judging.plan import services as assignments
from judging.setup import rules as setup_rules


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
    """Replace a jury's rules. A plan of who reads whom follows the readings. Raises `Refused`."""
    department = locks.readings(department.pk)
    before = rules_of(department)
    after = rules_of(department)
    after.method, after.readings, after.separation = method, readings, separation
    check(
        setup_rules.rules_refusal(
            before,
            after,
            organizer=is_organizer(by, department.edition),
            begun=scoring_has_begun(department),
            closed=jury_is_closed(department.edition, locked=is_locked(department), at=at),
        )
    )
    after.save()
    journal.record(
        "rules.chosen",
        after,
        by=by,
        at=at,
        method=method,
        readings=readings,
        separation=str(separation),
    )
    if before.readings != readings:
        assignments.mend(department, by=by, at=at)
    live.jury_changed(department, at=at)
    return after


@transaction.atomic
def copy(*, source: Edition, department_map: Mapping[int, Department]) -> None:
    """Juries of a cloned edition work as those they come from, by old id."""
    JuryRules.objects.bulk_create(
        JuryRules(
            department=department_map[rules.department_id],
            method=rules.method,
            readings=rules.readings,
            separation=rules.separation,
        )
        for rules in JuryRules.objects.filter(department__edition=source)
        if rules.department_id in department_map
    )
