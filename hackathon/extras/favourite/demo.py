from hackathon.demo.build import Made
from hackathon.demo.day import DemoPhase
from hackathon.extras.favourite import services


def fill(made: Made) -> None:
    """For the ceremony of the demo, before it begins."""
    if made.day.phase == DemoPhase.CEREMONY:
        services.prepare(
            edition=made.edition,
            title="Coup de cœur du public",
            only_presented=True,
            by=made.organizer,
            at=made.day.judging_opens_at,
        )
