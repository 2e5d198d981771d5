from datetime import datetime

from hackathon.base.live.audiences import EVERYONE
from hackathon.event.editions.live import publish
from hackathon.extras.witness.enums import Subject
from hackathon.extras.witness.models import Stamp


def stamp_granted(stamp: Stamp, *, at: datetime) -> None:
    """The pages of seals show messages about seals, those of envelopes about deliberations."""
    edition, data = stamp.edition, {"digest": stamp.digest}
    if stamp.subject == Subject.SEAL:
        publish(edition, EVERYONE, "seal.stamped", data, at=at)
    else:
        publish(edition, EVERYONE, "deliberation.stamped", data, at=at)
