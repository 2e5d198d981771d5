"""The slides of the client."""

from hackathon.base.core.received_files import received_file
from hackathon.extras.brief_scene import services
from hackathon.run.demo import content
from hackathon.run.demo.build import Made

SLIDE_SECONDS = 8


def fill(made: Made) -> None:
    slides = content.pdf(made.edition.client, "Crazy Charly Day", seed=11)
    services.save(
        edition=made.edition,
        file=received_file(slides, "client.pdf"),
        slide_seconds=SLIDE_SECONDS,
        works_offline=True,
        by=made.organizer,
        at=made.day.registration_opens_at,
    )
