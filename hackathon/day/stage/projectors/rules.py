from datetime import timedelta

from hackathon.base.core.errors import Refusal, refuse
from hackathon.day.stage.errors import StageRefusal

PROJECTORS_MAX = 20
# Without a report: their pages report every minute.
GONE = timedelta(minutes=3)


def projector_refusal(name: str, *, others: list[str], is_new: bool) -> Refusal | None:
    """`others`: the names of the other projectors of the edition."""
    if is_new and len(others) >= PROJECTORS_MAX:
        return refuse(StageRefusal.TOO_MANY_PROJECTORS, max=PROJECTORS_MAX)
    if name.casefold() in map(str.casefold, others):
        return refuse(StageRefusal.PROJECTOR_NAME_TAKEN, projector=name)
    return None
