"""What pages are told about an edition. Nothing here is secret: everyone may hear it.

Pages show the current edition, so changes of another one are not told: a draft of next year must
not move tonight's clocks.
"""

from datetime import datetime

from hackathon.core import live
from hackathon.editions.models import Department, Edition


def tell_screen(
    edition: Edition, department: Department | None, scene: str | None, *, at: datetime
) -> None:
    """`screen.switched`, to everyone: projectors sign in nowhere. A null `department` is all of
    them, a null `scene` that of all the others.
    """
    if edition.is_current:
        data = {"department": department and department.code, "scene": scene}
        live.publish(live.EVERYONE, "screen.switched", data, at=at)
