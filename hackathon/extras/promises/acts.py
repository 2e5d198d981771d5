from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Rendre sans réseau"),
    {
        "promise.received": _(
            "{who} a reçu l’engagement {code} de l’équipe « {team} » pour « {name} »."
        ),
        "promise.kept": _("{who} a tenu l’engagement {code} de l’équipe « {team} » : « {name} »."),
        "promise.voided": _(
            "{who} a annulé l’engagement {code} de l’équipe « {team} » pour « {name} »."
        ),
        "promise_key.renewed": _("{who} a changé le carré à scanner de l’équipe « {team} »."),
    },
)
