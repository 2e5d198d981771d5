from datetime import datetime

from hackathon.accounts.models import User
from hackathon.core.received_files import received_file
from hackathon.demo import content
from hackathon.editions.models import Edition
from hackathon.stage.brief_scene import services as brief_scene
from hackathon.stage.projectors import services as projectors

SLIDE_SECONDS = 8


def prepare_projectors(edition: Edition, *, by: User, at: datetime) -> None:
    """Two amphitheatres, and the slides of the client for the scene « Le sujet »."""
    for name, room in (("Amphi Est", "Amphi 1"), ("Amphi Ouest", "Amphi 2")):
        projectors.save(edition=edition, name=name, room=room, by=by, at=at)
    slides = content.pdf(edition.client, "Crazy Charly Day", seed=11)
    brief_scene.save(
        edition=edition,
        file=received_file(slides, "client.pdf"),
        slide_seconds=SLIDE_SECONDS,
        works_offline=True,
        by=by,
        at=at,
    )
