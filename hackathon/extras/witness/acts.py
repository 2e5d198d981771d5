from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Horodatage"),
    {"stamp.granted": _("L’autorité {authority} a horodaté l’empreinte {digest}.")},
)
