from hackathon.extras.favourite import services
from hackathon.run.demo.build import Made
from hackathon.run.demo.day import DemoPhase


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
