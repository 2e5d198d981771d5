from collections.abc import Container, Iterable, Mapping, Sequence
from hashlib import sha256

from hackathon.base.core.errors import Refusal, refuse
from hackathon.extras.passages.errors import PassagesRefusal
from hackathon.extras.passages.models import PassagePlan
from judging.ceremony.steps import Key, Step, StepKind
from judging.enums import Anchor
from judging.models import Ceremony


def with_passages(steps: Iterable[Step], orders: Mapping[Key, Sequence[int]]) -> list[Step]:
    """Each nominee presents its work, in its order, after its department's nominees and the
    messages behind them. `orders`: by the ids of departments with passages.
    """
    made: list[Step] = []
    waiting: list[Step] = []
    for step in steps:
        if not (step.kind == StepKind.MESSAGE and step.anchor == Anchor.NOMINEES):
            made += waiting
            waiting = []
        order = orders.get(step.department or 0)
        if step.kind == StepKind.NOMINEES and order is not None:
            teams = placed_first(order, step.teams)
            waiting = [Step(StepKind.PRESENTATION, step.department, (team,)) for team in teams]
            step = Step(step.kind, step.department, tuple(teams))
        made.append(step)
    return [*made, *waiting]


def following(steps: Sequence[Step], number: int) -> Key | None:
    """Who presents directly after step `number`."""
    after = steps[number + 1] if number + 1 < len(steps) else None
    return after.teams[0] if after and after.is_passage else None


def drawn_order(names: Iterable[str], *, seed: str, word: str) -> list[str]:
    """`seed`: the digest of the department's seal, public before `word` was chosen.
    `docs/ceremony.md` says how to compute it again.
    """
    return sorted(names, key=lambda name: sha256(f"{seed}\n{word}\n{name}".encode()).hexdigest())


def placed_first(order: Iterable[Key], nominees: Iterable[Key]) -> list[Key]:
    """The nominees, those in `order` first and in this order."""
    places = {team: place for place, team in enumerate(order)}
    return sorted(nominees, key=lambda team: places.get(team, len(places)))


def draw_refusal(step: Step, ceremony: Ceremony, departments: Container[Key]) -> Refusal | None:
    """Of drawing or setting the order of passages. Nominees are secret before this step; after it
    the order may already have been used. `departments` are those with passages.
    """
    if step.kind != StepKind.NOMINEES or step.department not in departments:
        return refuse(PassagesRefusal.DRAW_ELSEWHERE)
    return refuse(PassagesRefusal.DRAW_REHEARSAL) if ceremony.is_rehearsal else None


def order_refusal(
    plan: PassagePlan,
    nominees: Sequence[Key],
    *,
    teams: Sequence[int],
    word: str,
    seed: str,
    reason: str,
) -> Refusal | None:
    """`plan` as it was. Without `word` the `teams` were put in order by hand."""
    if plan.seed and not reason:
        return refuse(PassagesRefusal.DRAW_AGAIN)
    if word:
        return None if seed else refuse(PassagesRefusal.DRAW_NO_SEAL)
    complete = len(teams) == len(nominees) and set(teams) == set(nominees)
    return None if complete else refuse(PassagesRefusal.ORDER_INCOMPLETE)


def passage_refusal(step: Step) -> Refusal | None:
    return None if step.is_passage else refuse(PassagesRefusal.NO_PASSAGE)
