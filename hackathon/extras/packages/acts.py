from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Sujets"),
    {
        "brief.unlocked": _(
            "{who} a ouvert le sujet du département {department} sur les pages qui l’attendaient."
        ),
    },
)
