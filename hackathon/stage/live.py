from datetime import datetime

from hackathon.core import live
from hackathon.editions.live import publish
from hackathon.editions.models import Department, Edition


def tell_screen(
    edition: Edition, department: Department | None, scene: str | None, *, at: datetime
) -> None:
    """`screen.switched`, to everyone: projectors sign in nowhere. A null `department` is all of
    them, a null `scene` that of all the others.
    """
    data = {"department": department and department.code, "scene": scene}
    publish(edition, live.EVERYONE, "screen.switched", data, at=at)
