"""What the projectors show."""

from datetime import datetime

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import check
from hackathon.editions.models import Department, Edition
from hackathon.editions.services.guard import lock_for
from hackathon.stage import live, rules
from hackathon.stage.models import ScreenChoice


@transaction.atomic
def choose(
    *,
    edition: Edition,
    scene: str,
    department: Department | None = None,
    by: User,
    at: datetime,
) -> ScreenChoice:
    """Put `scene` on the projectors of `department`, or on all: then none keeps one of its own."""
    edition = lock_for(by, edition.pk)
    check(rules.scene_refusal(edition, department, scene, at=at))
    if department is None:
        edition.screen_choices.exclude(department=None).delete()
    choice, _made = ScreenChoice.objects.update_or_create(
        edition=edition,
        department=department,
        defaults={"scene": scene, "chosen_at": at, "chosen_by": by},
    )
    journal.record(
        "screen.switched", choice, by=by, at=at, scene=scene, department=_code(department)
    )
    live.tell_screen(edition, department, scene, at=at)
    return choice


@transaction.atomic
def follow_others(*, edition: Edition, department: Department, by: User, at: datetime) -> None:
    """The projectors of `department` show again what all of them show."""
    edition = lock_for(by, edition.pk)
    choice = edition.screen_choices.filter(department=department).first()
    if choice is None:
        return
    journal.record("screen.released", choice, by=by, at=at, department=department.code)
    choice.delete()
    live.tell_screen(edition, department, None, at=at)


def _code(department: Department | None) -> str | None:
    return None if department is None else department.code
