"""A step contains only what its screens show, so that it reveals no later step."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from judging.enums import Anchor

type Key = int | str  # of a department or team: its id, or of a placeholder team a text


class StepKind(StrEnum):
    """`PRESENTATION`, of a team on stage, is of extras."""

    OPENING = "opening"
    TITLE = "title"
    NOMINEES = "nominees"
    PRESENTATION = "presentation"
    DELIBERATION = "deliberation"
    DRUM = "drum"
    PLACE = "place"
    SPECIAL = "special"
    MESSAGE = "message"
    FINALE = "finale"


@dataclass(frozen=True)
class DepartmentDecision:
    """`places` maps a rank to teams; `special` has pairs of title and team. `hears`: the jury
    decides about prizes once it has heard the nominees.
    """

    department: Key
    nominees: Sequence[Key] = ()
    places: Mapping[int, Sequence[Key]] = field(default_factory=dict)
    special: Sequence[tuple[str, Key]] = ()
    hears: bool = False


@dataclass(frozen=True)
class Step:
    """`kind`: of extras too. `rank` or `title` is what the `teams` won together; `message` is the
    id of a slide, `anchor` what it comes after.
    """

    kind: str
    department: Key | None = None
    teams: tuple[Key, ...] = ()
    rank: int | None = None
    title: str = ""
    message: int | None = None
    anchor: Anchor | None = None

    @property
    def reveals(self) -> bool:
        return self.kind in (StepKind.PLACE, StepKind.SPECIAL)

    @property
    def is_passage(self) -> bool:
        return self.kind == StepKind.PRESENTATION


type Messages = Mapping[tuple[Anchor, Key | None], Sequence[int]]  # ids, in their order
type WithSteps = Callable[[list[Step]], list[Step]]  # of an extra


def ceremony_steps(
    decisions: Iterable[DepartmentDecision],
    messages: Messages | None = None,
    additions: Iterable[WithSteps] = (),
) -> list[Step]:
    """The places of a department come from the last to the first, equal ranks in one step.

    Juries that hear their nominees come in two parts, with a pause between them. All prizes are
    behind the pause, those of other juries too, so that all winners are announced in one part.
    `additions` add steps before the finale.
    """
    slides: Messages = messages or {}
    decisions = list(decisions)
    steps = [Step(StepKind.OPENING), *_messages(slides, Anchor.OPENING)]
    heard = [decision for decision in decisions if decision.hears]
    for decision in heard:
        steps += _nominee_steps(decision, slides)
    if heard:
        steps.append(Step(StepKind.DELIBERATION))
    for decision in decisions:
        if decision.hears:
            steps.append(Step(StepKind.TITLE, decision.department))
        else:
            steps += _nominee_steps(decision, slides)
        steps += _prize_steps(decision, slides)
    winners = tuple(dict.fromkeys(team for step in steps if step.reveals for team in step.teams))
    for with_steps in additions:
        steps = with_steps(steps)
    return [*steps, *_messages(slides, Anchor.FINALE), Step(StepKind.FINALE, teams=winners)]


def _nominee_steps(decision: DepartmentDecision, slides: Messages) -> list[Step]:
    department = decision.department
    steps = [Step(StepKind.TITLE, department), *_messages(slides, Anchor.TITLE, department)]
    if decision.nominees:
        steps.append(Step(StepKind.NOMINEES, department, tuple(decision.nominees)))
    steps += _messages(slides, Anchor.NOMINEES, department)
    return [*steps, *_messages(slides, Anchor.PASSAGES, department)]


def _prize_steps(decision: DepartmentDecision, slides: Messages) -> list[Step]:
    department = decision.department
    steps = []
    if decision.places:
        steps.append(Step(StepKind.DRUM, department))
    for rank, teams in sorted(decision.places.items(), reverse=True):
        steps.append(Step(StepKind.PLACE, department, tuple(teams), rank=rank))
    special: dict[str, list[Key]] = defaultdict(list)
    for title, team in decision.special:
        special[title].append(team)
    for title, teams in special.items():
        steps.append(Step(StepKind.SPECIAL, department, tuple(teams), title=title))
    return [*steps, *_messages(slides, Anchor.PRIZES, department)]


def _messages(slides: Messages, anchor: Anchor, department: Key | None = None) -> list[Step]:
    ids = slides.get((anchor, department), ())
    return [Step(StepKind.MESSAGE, department, message=pk, anchor=anchor) for pk in ids]


def pause_number(steps: Sequence[Step]) -> int | None:
    kinds = [step.kind for step in steps]
    return kinds.index(StepKind.DELIBERATION) if StepKind.DELIBERATION in kinds else None


def steps_until(steps: Sequence[Step], number: int, *, waits: bool) -> list[Step]:
    """All steps, or up to the pause as long as step `number` is not behind it. If nobody `waits`
    for a jury then also the first one behind it: the title of a department.
    """
    pause = pause_number(steps)
    if pause is None or number > pause:
        return list(steps)
    return list(steps[: pause + (1 if waits else 2)])


def step_at(steps: Sequence[Step], number: int) -> Step:
    """Numbers start at 0. Outside of the steps: the first or the last one."""
    return steps[moved_number(steps, number, 0)]


def revealed_teams(steps: Sequence[Step], number: int) -> frozenset[Key]:
    """Including those of step `number`."""
    shown = steps[: number + 1]
    return frozenset(team for step in shown if step.reveals for team in step.teams)


def moved_number(steps: Sequence[Step], number: int, by: int) -> int:
    """At most the first or the last number."""
    return min(max(number + by, 0), len(steps) - 1)


def next_kind(steps: Sequence[Step], number: int) -> str | None:
    return steps[number + 1].kind if number + 1 < len(steps) else None
