from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Extra, Part, Place, registry
from hackathon.extras.public_demo import middleware, parts

registry.add(
    Extra(
        "public_demo",
        _("Démonstration publique"),
        of_site=True,
        parts=(Part(Place.EVERY_PAGE, parts.banner), Part(Place.HOME, parts.roles)),
        periodic={
            "public-demo": {
                "task": "hackathon.extras.public_demo.periodic.reset_if_due",
                "schedule": 30.0,
            }
        },
        middleware=middleware.PublicDemoSite,
    )
)
