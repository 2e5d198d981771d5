from datetime import datetime

from hackathon.base.live.audiences import EVERYONE, ORGANIZERS
from hackathon.event.editions.live import publish
from hackathon.event.editions.models import Department, Edition


def screen_switched(
    edition: Edition, department: Department | None, scene: str | None, *, at: datetime
) -> None:
    """`department` None: all projectors. `scene` None: the department follows the others."""
    data = {"department": department and department.code, "scene": scene}
    publish(edition, EVERYONE, "screen.switched", data, at=at)


def projector_changed(edition: Edition, *, at: datetime) -> None:
    publish(edition, ORGANIZERS, "projector.changed", {}, at=at)
