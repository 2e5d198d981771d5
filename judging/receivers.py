"""News from below."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from hackathon.accounts.models import User
from hackathon.editions.models import Department, Edition
from hackathon.editions.signals import edition_cloned
from judging.jury import selectors
from judging.plan import services as assignments
from judging.setup.services import criteria, method
from judging.setup.services import seats as jury
from submissions.models import Seal
from submissions.signals import seal_made
from teams.models import Duty, Team
from teams.signals import duties_asked, team_dissolving, team_registered


@receiver(edition_cloned)
def copy_criteria(
    sender: Any, *, source: Edition, department_map: Mapping[int, Department], **_: Any
) -> None:
    """A cloned edition marks on what its model marked on, by the same rules."""
    criteria.copy(source=source, department_map=department_map)
    method.copy(source=source, department_map=department_map)


@receiver(seal_made)
def mail_seals(sender: Any, *, departments: Iterable[Seal], **_: Any) -> None:
    """Each jury keeps the digest of what it will judge."""
    for seal in departments:
        jury.mail_seal(seal)


@receiver(duties_asked)
def answer_as_jurors(
    sender: Any, *, edition: Edition, users: Iterable[User] | None, **_: Any
) -> list[Duty]:
    """A jury is its department's teachers and its client: whom the teams call."""
    return selectors.duties_of_jurors(edition, users)


@receiver(team_registered)
def give_readers(sender: Any, *, team: Team, at: datetime, **_: Any) -> None:
    """A team that comes late is read as the others are."""
    assignments.take_in(team=team, at=at)


@receiver(team_dissolving)
def take_readers(sender: Any, *, team: Team, **_: Any) -> None:
    """What was only planned for a team does not keep it."""
    assignments.forget(team)
