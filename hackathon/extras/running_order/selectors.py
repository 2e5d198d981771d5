from datetime import datetime

from django.db.models import QuerySet

from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.base.live.fragments import once
from hackathon.event.editions.models import Edition
from hackathon.event.roles import Roles
from hackathon.extras.running_order import rules
from hackathon.extras.running_order.models import Step


def is_shown_to(roles: Roles) -> bool:
    """Organizers, colleagues, and helpers who sit in no jury and are in no team."""
    helps = bool(roles.duties) and not roles.juries and roles.membership is None
    return roles.organizer or roles.desk or helps


def seen_edition(roles: Roles, edition: Edition | None) -> Edition:
    if edition is None or not is_shown_to(roles):
        raise NotFound
    return edition


def steps_of(edition: Edition) -> "QuerySet[Step]":
    return Step.objects.filter(edition=edition).select_related("done_by")


def get_step(edition: Edition, pk: int) -> Step:
    return get_or_not_found(steps_of(edition), pk=pk)


def _undone(edition: Edition) -> list[Step]:
    return list(steps_of(edition).filter(done_at=None))


def shared_undone(edition: Edition) -> list[Step]:
    """No query until a message about them."""
    return once(edition, "steps", _undone, "step edition")


def late_steps(edition: Edition, *, at: datetime) -> list[Step]:
    return rules.late(shared_undone(edition), at=at)
