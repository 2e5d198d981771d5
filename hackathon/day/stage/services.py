from datetime import datetime
from typing import Any

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.day.stage import live, rules
from hackathon.day.stage.models import ScreenChoice
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services.guard import lock_for
from judging.ceremony.selectors.state import additions
from judging.ceremony.services import publication, screens


@transaction.atomic
def choose(
    *,
    edition: Edition,
    scene: str,
    department: Department | None = None,
    by: User,
    at: datetime,
) -> ScreenChoice:
    """Without `department`, the choices of departments are deleted. Raises `Refused`."""
    edition = lock_for(by, edition.pk)
    check(rules.scene_refusal(edition, department, scene, at=at))
    if department is None:
        edition.screen_choices.exclude(department=None).delete()
    choice, _is_new = ScreenChoice.objects.update_or_create(
        edition=edition,
        department=department,
        defaults={"scene": scene, "chosen_at": at, "chosen_by": by},
    )
    code = department.code if department else None
    journal.record("screen.switched", choice, by=by, at=at, scene=scene, department=code)
    live.screen_switched(edition, department, scene, at=at)
    return choice


@transaction.atomic
def follow_others(*, edition: Edition, department: Department, by: User, at: datetime) -> None:
    """Delete the choice of `department`, if there is one. Raises `Refused`."""
    edition = lock_for(by, edition.pk)
    choice = edition.screen_choices.filter(department=department).first()
    if choice is None:
        return
    journal.record("screen.released", choice, by=by, at=at, department=department.code)
    choice.delete()
    live.screen_switched(edition, department, None, at=at)


def press_remote(
    *,
    edition: Edition,
    button: str,
    seen: int,
    rehearsal: bool,
    changes: int = 0,
    by: User,
    at: datetime,
) -> None:
    """Call the service of a button of the ceremony's remote (`forms.BUTTONS`), or of
    an extra. Raises `Refused`."""
    act: dict[str, Any] = {"edition": edition, "by": by, "at": at}
    match button:
        case "rehearse" | "start":
            screens.start(rehearsal=button == "rehearse", **act)
        case "next" | "back":
            steps = 1 if button == "next" else -1
            screens.move(steps=steps, seen=seen, rehearsal=rehearsal, **act)
        case "blank" | "show":
            screens.blank(is_blank=button == "blank", seen=seen, rehearsal=rehearsal, **act)
        case "end":
            screens.end(rehearsal=rehearsal, **act)
        case "publish":
            publication.publish(**act)
        case _:
            of_extras = {
                key: press for each in additions(edition) for key, press in each.keys.items()
            }
            of_extras[button](changes=changes, seen=seen, rehearsal=rehearsal, **act)
