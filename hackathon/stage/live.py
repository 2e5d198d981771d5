from datetime import datetime

from hackathon.core import live
from hackathon.editions.models import Department, Edition


def screen_switched(
    edition: Edition, department: Department | None, scene: str | None, *, at: datetime
) -> None:
    """To everyone, because projectors are anonymous; only for the edition that the site shows.

    `department` None: all projectors. `scene` None: that of all the others.
    """
    if edition.is_current:
        data = {"department": department and department.code, "scene": scene}
        live.publish(live.EVERYONE, "screen.switched", data, at=at)
