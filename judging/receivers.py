from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from hackathon.base.accounts.models import User
from hackathon.event.editions.enums import ClonedPart
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.signals import edition_cloned, extras_chosen
from judging.ceremony.services import messages
from judging.ceremony.services.steps import keep_step
from judging.deliberation.services import hearings
from judging.jury.selectors import duties_of_jurors
from judging.plan import services as plans
from judging.setup.services import criteria, method, seats
from submissions.models import Seal
from submissions.signals import seal_made
from teams.models import Duty, Team
from teams.signals import (
    department_changed,
    duties_asked,
    presence_changed,
    team_dissolving,
    team_registered,
    teams_merged,
)


@receiver(edition_cloned)
def copy_juries(
    sender: Any,
    *,
    source: Edition,
    parts: Collection[ClonedPart],
    clone: Edition,
    department_map: Mapping[int, Department],
    at: datetime,
    **_: Any,
) -> None:
    if ClonedPart.DEPARTMENTS in parts:
        messages.copy(source, clone, department_map)
    if ClonedPart.CRITERIA in parts:
        criteria.copy(source=source, department_map=department_map)
        method.copy(source=source, department_map=department_map)
        hearings.copy(source=source, department_map=department_map)
    if ClonedPart.JURORS in parts:
        seats.copy(source=source, department_map=department_map, at=at)


@receiver(extras_chosen)
def keep_step_of_ceremony(
    sender: Any, *, edition: Edition, before: list[str], at: datetime, **_: Any
) -> None:
    keep_step(edition, extras=before, at=at)


@receiver(seal_made)
def mail_seals(sender: Any, *, departments: Iterable[Seal], **_: Any) -> None:
    for seal in departments:
        seats.mail_seal(seal)


@receiver(duties_asked)
def answer_as_jurors(
    sender: Any, *, edition: Edition, users: Iterable[User] | None, **_: Any
) -> list[Duty]:
    return duties_of_jurors(edition, users)


@receiver(team_registered)
def add_to_plan(sender: Any, *, team: Team, at: datetime, **_: Any) -> None:
    plans.add_team(team=team, at=at)


@receiver(team_dissolving)
def remove_from_plan(sender: Any, *, team: Team, **_: Any) -> None:
    plans.remove_team(team)


@receiver(teams_merged)
def keep_recusals(sender: Any, *, team: Team, into: Team, at: datetime, **_: Any) -> None:
    plans.take_over_recusals(team, into, at=at)


@receiver(department_changed)
def change_jury(
    sender: Any, *, team: Team, before: Department, by: User, at: datetime, **_: Any
) -> None:
    plans.change_department(team, before, by=by, at=at)


@receiver(presence_changed)
def repair_plans(
    sender: Any, *, departments: Iterable[Department], by: User, at: datetime, **_: Any
) -> None:
    for department in departments:
        plans.change_presence(department, by=by, at=at)
