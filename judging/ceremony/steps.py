"""The steps of the ceremony, from the juries' decisions. Pure functions.

A step holds only what the screens show during it, nothing about later steps.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

type Key = int | str  # of a department or team: its id, or of a placeholder team a text


class StepKind(StrEnum):
    OPENING = "opening"
    TITLE = "title"
    NOMINEES = "nominees"
    DRUM = "drum"
    PLACE = "place"
    SPECIAL = "special"
    FINALE = "finale"


@dataclass(frozen=True)
class DepartmentDecision:
    """`places` maps a rank to teams; `special` has pairs of title and team, in the order shown."""

    department: Key
    nominees: Sequence[Key] = ()
    places: Mapping[int, Sequence[Key]] = field(default_factory=dict)
    special: Sequence[tuple[str, Key]] = ()


@dataclass(frozen=True)
class Step:
    """`teams` are named by the step, as equals; `rank` or `title` is what they won."""

    kind: StepKind
    department: Key | None = None
    teams: tuple[Key, ...] = ()
    rank: int | None = None
    title: str = ""

    @property
    def reveals(self) -> bool:
        return self.kind in (StepKind.PLACE, StepKind.SPECIAL)


def ceremony_steps(decisions: Iterable[DepartmentDecision]) -> list[Step]:
    """All steps, departments in the given order.

    For each department: its name, the nominees, a drum roll, the places from the last to the first
    (teams ex aequo in one step), then the special prizes. Steps without anything to show are left
    out. The finale shows all winners.
    """
    steps = [Step(StepKind.OPENING)]
    for decision in decisions:
        steps += _department_steps(decision)
    winners = tuple(dict.fromkeys(team for step in steps if step.reveals for team in step.teams))
    return [*steps, Step(StepKind.FINALE, teams=winners)]


def _department_steps(decision: DepartmentDecision) -> list[Step]:
    department = decision.department
    steps = [Step(StepKind.TITLE, department)]
    if decision.nominees:
        steps.append(Step(StepKind.NOMINEES, department, tuple(decision.nominees)))
    if decision.places:
        steps.append(Step(StepKind.DRUM, department))
    for rank, teams in sorted(decision.places.items(), reverse=True):
        steps.append(Step(StepKind.PLACE, department, tuple(teams), rank=rank))
    special: dict[str, list[Key]] = defaultdict(list)
    for title, team in decision.special:
        special[title].append(team)
    for title, teams in special.items():
        steps.append(Step(StepKind.SPECIAL, department, tuple(teams), title=title))
    return steps


def step_at(steps: Sequence[Step], number: int) -> Step:
    """The step with this number, counted from 0, or the nearest one."""
    return steps[moved_number(steps, number, 0)]


def revealed_teams(steps: Sequence[Step], number: int) -> frozenset[Key]:
    """The winners shown up to step `number`, inclusive."""
    shown = steps[: number + 1]
    return frozenset(team for step in shown if step.reveals for team in step.teams)


def moved_number(steps: Sequence[Step], number: int, by: int) -> int:
    """The number of the step `by` steps away, at most the first or the last one."""
    return min(max(number + by, 0), len(steps) - 1)


def next_kind(steps: Sequence[Step], number: int) -> StepKind | None:
    """The kind of the next step, None after the last. The remote may show no more of it."""
    return steps[number + 1].kind if number + 1 < len(steps) else None
