from collections.abc import Iterable
from datetime import datetime, timedelta

from hackathon.base.core.errors import Refusal, refuse
from hackathon.extras.running_order.errors import StepRefusal
from hackathon.extras.running_order.models import Step

LATE_AFTER = timedelta(minutes=5)


def late_at(step: Step) -> datetime:
    return step.at + LATE_AFTER


def is_late(step: Step, *, at: datetime) -> bool:
    return step.done_at is None and late_at(step) <= at


def late(steps: Iterable[Step], *, at: datetime) -> list[Step]:
    return [step for step in steps if is_late(step, at=at)]


def proposing_refusal(count: int) -> Refusal | None:
    return refuse(StepRefusal.NOT_EMPTY) if count else None
