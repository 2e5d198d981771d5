from hackathon.base.core.tables import Row
from hackathon.extras.running_order import services
from hackathon.extras.running_order.forms import StepRow
from hackathon.run.demo.build import Made

WHO = ("Eve Organisation", "Accueil", "Technique", "")


def fill(made: Made) -> None:
    """What has passed is done, but the last one."""
    edition, day, by = made.edition, made.day, made.organizer
    steps = services.propose(edition, by=by, at=day.registration_opens_at)
    rows = [
        Row(StepRow(), step.pk, {"who": WHO[number % len(WHO)]}, frozenset(["who"]))
        for number, step in enumerate(steps)
    ]
    services.save_rows(edition, rows, by=by, at=day.registration_opens_at)
    passed = [step for step in steps if step.at < day.now]
    for step in passed[:-1]:
        services.tick(step=step, done=True, by=by, at=step.at)
