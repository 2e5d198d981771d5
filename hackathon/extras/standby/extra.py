from django.utils.translation import gettext_lazy as _

from hackathon.base.core import serving
from hackathon.base.core.extras import Extra, Part, Place, registry
from hackathon.extras.standby import copies, health, parts, selectors, services
from hackathon.run.operations import exporter, readiness
from hackathon.run.operations.readiness import Check
from submissions import hand_ins

NAME = "standby"

registry.add(
    Extra(
        NAME,
        _("Second serveur"),
        of_site=True,
        parts=(
            Part(Place.CHECK_CARDS, parts.card),
            Part(Place.DEPOSITS, parts.deposits),
            Part(Place.HEALTH, parts.age),
        ),
    )
)
hand_ins.add(
    hand_ins.Participant(NAME, send_ahead=copies.send_ahead, hold_commit=copies.hold_commit)
)
serving.watch_by(serving.Watch(services.reason, selectors.is_following))
readiness.CHECKS += [
    Check(
        "server",
        True,
        health.server,
        queries=True,
        on_top=("server", "epoch", "serving", "signed"),
    ),
    Check("standby", False, health.copy, queries=True),
]
exporter.OF_DATABASE.append(health.numbers)
