from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Attestations"),
    {"certificate.named": _("{who} a corrigé le nom de {person} sur les attestations.")},
)
