from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Part, Place, registry

registry.add(
    Extra(
        "trial_runs",
        _("Répétitions du site"),
        _("Avant le jour, des équipes inventées rendent toutes ensemble : le site est-il prêt ?"),
        (Concerns.ORGANIZERS,),
        parts=(
            Part(
                Place.CHECKS,
                lambda request, edition: render_to_string(
                    "trial_runs/_button.html", {"managed": edition}, request
                ),
            ),
        ),
        periodic={
            "trial-runs": {
                "task": "hackathon.extras.trial_runs.periodic.end_interrupted",
                "schedule": 60.0,
            }
        },
    )
)
