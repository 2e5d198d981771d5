"""Raises `NotFound` for those who may not see the object."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.db.models.functions import Lower

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.extras.photographs import rules
from hackathon.extras.photographs.enums import State
from hackathon.extras.photographs.models import ImageRight, Photograph
from teams.models import Membership, Team


@dataclass(frozen=True)
class Shown:
    """`missing`, `refused`: how many people of the teams that it names. `state` is computed each
    time: who withdraws is obeyed at once.
    """

    photograph: Photograph
    teams: list[Team]
    state: State
    missing: int
    refused: int


def photographs_of(edition: Edition, *, at: datetime, pk: uuid.UUID | None = None) -> list[Shown]:
    """All of an edition in their order, or the one with this key. Four queries."""
    named = Prefetch("teams", Team.objects.select_related("department").order_by(Lower("name")))
    rows = Photograph.objects.filter(edition=edition).prefetch_related(named)
    found = list(rows if pk is None else rows.filter(pk=pk))
    answers = answers_by_team(edition, {t.pk for each in found for t in each.teams.all()})
    return [_shown(edition, photograph, answers, at=at) for photograph in found]


def _shown(
    edition: Edition, photograph: Photograph, answers: dict[int, list[bool | None]], *, at: datetime
) -> Shown:
    teams = list(photograph.teams.all())
    for team in teams:
        team.edition = team.department.edition = edition
    given = [answers.get(team.pk, []) for team in teams]
    # A photograph of winners of a department that is held back comes with its results.
    places: list[Edition | Department] = [edition, *(team.department for team in teams)]
    are_public = all(results_are_public(place, at=at) for place in places)
    state = rules.state_of(
        given, shows_nobody=photograph.shows_nobody, results_are_public=are_public
    )
    each = [answer for members in given for answer in members]
    return Shown(photograph, teams, state, each.count(None), each.count(False))


def answers_by_team(edition: Edition, teams: set[int]) -> dict[int, list[bool | None]]:
    """Of the members of these teams. Two queries."""
    if not teams:
        return {}
    answered = answers_of(edition)
    members = Membership.objects.filter(team__in=teams).values_list("team", "user")
    found: defaultdict[int, list[bool | None]] = defaultdict(list)
    for team, user in members:
        found[team].append(answered.get(user))
    return found


def public_photographs(edition: Edition, *, at: datetime) -> list[Shown]:
    """None before the results are public, and no query then; four otherwise."""
    if not results_are_public(edition, at=at):
        return []
    return [each for each in photographs_of(edition, at=at) if each.state == State.SHOWN]


def get_public(edition: Edition, pk: uuid.UUID, *, at: datetime) -> Photograph:
    for each in photographs_of(edition, at=at, pk=pk):
        if each.state == State.SHOWN:
            return each.photograph
    raise NotFound


def get_photograph(edition: Edition, pk: uuid.UUID) -> Photograph:
    """For organizers: callers have checked it."""
    return get_or_not_found(Photograph.objects.select_related("edition"), edition=edition, pk=pk)


def teams_in(edition: Edition) -> list[Team]:
    """By department and name. One query."""
    order = ("department__position", "department__name", Lower("name"))
    return list(Team.objects.filter(edition=edition).select_related("department").order_by(*order))


def answer_of(edition: Edition, user: User) -> bool | None:
    """None: not answered. One query."""
    rights = ImageRight.objects.filter(edition=edition, user=user)
    return rights.values_list("agrees", flat=True).first()


def is_in_photographs(team: Team) -> bool:
    return Photograph.objects.filter(teams=team).exists()


def answers_of(edition: Edition) -> dict[int, bool]:
    """By user. One query."""
    return dict(ImageRight.objects.filter(edition=edition).values_list("user", "agrees"))


def counts_of(edition: Edition) -> dict[str, int]:
    """Of the members of teams. Two queries."""
    answered = answers_of(edition)
    members = Membership.objects.filter(edition=edition).values_list("user", flat=True)
    given = [answered.get(user) for user in members]
    return {"yes": given.count(True), "no": given.count(False), "missing": given.count(None)}
