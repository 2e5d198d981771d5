from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Mentions légales"),
    {"legal_notice.updated": _("{who} a modifié les mentions légales du site.")},
)
