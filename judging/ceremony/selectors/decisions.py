"""What juries have locked, as far as the screens may show it. No access checks."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef

from hackathon.event.editions.models import Department, Edition
from judging.ceremony.steps import (
    DepartmentDecision,
    Key,
    Messages,
    WithSteps,
    ceremony_steps,
    pause_number,
)
from judging.models import Award, Deliberation, Nomination
from teams.models import Team

LAST = 32767  # a step behind all others
type Prize = tuple[str, int]  # its title, the team's id


@dataclass(frozen=True)
class DepartmentRow:
    """`hears`: the jury has chosen two acts. `sealed_at`: its nominees are locked in the first."""

    pk: int
    name: str
    locked_at: datetime | None
    sealed_at: datetime | None
    hears: bool

    @property
    def is_nominated(self) -> bool:
        return self.locked_at is not None or self.sealed_at is not None

    def shown_from(self, *, resumed: bool) -> datetime | None:
        """The instant of the lock on which the screens depend now."""
        return self.locked_at if resumed or self.sealed_at is None else self.sealed_at


def department_rows(edition: Edition) -> list[DepartmentRow]:
    """Departments without a present team are left out, as for the publication, and those that are
    held back. One query.
    """
    has_teams = Exists(Team.objects.present().filter(department=OuterRef("pk")))
    departments = Department.objects.filter(has_teams, edition=edition, held_back_at=None)
    rows = departments.values_list(
        "pk",
        "name",
        "deliberation__locked_at",
        "deliberation__nomination_seal__locked_at",
        "jury_rules__hears_nominees",
    )
    return [
        DepartmentRow(pk, name, locked_at, sealed_at, bool(hears))
        for pk, name, locked_at, sealed_at, hears in rows
    ]


def locked_decisions(
    edition: Edition,
    rows: Collection[DepartmentRow],
    messages: Messages,
    additions: Iterable[WithSteps],
    step: int,
) -> list[DepartmentDecision]:
    """Two queries; one as long as `step` is not behind the pause: prizes are not read then."""
    nominees: dict[int, list[int]] = defaultdict(list)
    nominated = Deliberation.objects.nominated().filter(department__in=[row.pk for row in rows])
    for department, team in (
        Nomination.objects.filter(deliberation__in=nominated)
        .order_by("team__name")
        .values_list("deliberation__department", "team")
    ):
        nominees[department].append(team)
    decisions = [
        DepartmentDecision(row.pk, nominees[row.pk], hears=row.sealed_at is not None)
        for row in rows
    ]
    pause = pause_number(ceremony_steps(decisions, messages, additions))
    if pause is not None and step <= pause:
        return decisions
    places, special = _prizes(rows)
    return [
        replace(each, places=dict(places[each.department]), special=special[each.department])
        for each in decisions
    ]


def _prizes(
    rows: Iterable[DepartmentRow],
) -> tuple[dict[Key, dict[int, list[int]]], dict[Key, list[Prize]]]:
    """Of locked decisions, by department. One query."""
    places: dict[Key, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    special: dict[Key, list[Prize]] = defaultdict(list)
    locked = {
        "deliberation__department__in": [row.pk for row in rows],
        "deliberation__locked_at__isnull": False,
    }
    for award in (
        Award.objects.filter(**locked)
        .select_related("deliberation")
        .order_by("rank", "title", "team__name")
    ):
        department = award.deliberation.department_id
        if award.rank is None:
            special[department].append((award.title, award.team_id))
        else:
            places[department][award.rank].append(award.team_id)
    return places, special
