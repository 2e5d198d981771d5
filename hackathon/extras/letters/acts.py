from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Lettres du jury"),
    {
        "sentences.asked": _("{who} a demandé à {person} des phrases pour les lettres."),
        "sentences.edited": _("{who} a revu une phrase du jury pour la lettre de « {team} »."),
        "sentences.prepared": _("{who} a réglé les phrases du jury sur le critère « {name} »."),
    },
)
