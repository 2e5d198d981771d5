from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Part, Place, registry

TASKS = "hackathon.extras.packages.periodic"

registry.add(
    Extra(
        "packages",
        _("Sujets chargés d’avance"),
        _("Les ordinateurs chargent les sujets avant l’heure, chiffrés, et les ouvrent à l’heure."),
        (Concerns.STUDENTS, Concerns.JURORS),
        parts=(
            Part(
                Place.BRIEFS,
                lambda request, _edition: render_to_string("packages/_packages.html", {}, request),
            ),
        ),
        periodic={
            "unlock": {"task": f"{TASKS}.unlock_packages", "schedule": 1.0},
            "packages": {"task": f"{TASKS}.make_packages", "schedule": 20.0},
        },
    )
)
