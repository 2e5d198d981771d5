from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Concerns, Extra, Part, Place, registry
from hackathon.extras.offered_readings import parts

registry.add(
    Extra(
        "offered_readings",
        _("Lectures proposées"),
        _("Un juré qui a fini se voit proposer une équipe de plus à lire, celle qui départage."),
        (Concerns.JURORS,),
        parts=(Part(Place.JUROR, parts.offers), Part(Place.JURY_REPORT, parts.switch)),
        cloned=_("Quels jurys proposent des lectures de plus"),
    )
)
