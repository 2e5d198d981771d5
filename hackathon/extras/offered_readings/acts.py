from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Lectures proposées"),
    {
        "readings.offered": _(
            "{who} fait proposer une lecture de plus aux jurés qui ont fini ({department})."
        ),
        "readings.withheld": _(
            "{who} ne fait plus proposer de lecture aux jurés qui ont fini ({department})."
        ),
        "reading.accepted": _("{who} a accepté une lecture de plus ({department})."),
    },
)
