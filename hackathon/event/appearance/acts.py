from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Apparence"), {"edition.picture": _("{who} a changé le logo ou la signature de l’édition.")}
)
