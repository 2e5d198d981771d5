from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Serveur"),
    {"mails.sent_again": _("{who} a renvoyé des e-mails qui n’étaient pas partis : {n}.")},
)
