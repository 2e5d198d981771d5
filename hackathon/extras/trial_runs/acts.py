from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Répétition"),
    {"rehearsal.begun": _("{who} a lancé une petite répétition sur le site.")},
)
