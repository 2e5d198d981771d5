from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Second serveur"),
    {
        "standby.strict": _(
            "{who} a choisi qu’un dépôt ne soit confirmé qu’une fois sur les deux serveurs."
        ),
        "standby.asynchronous": _(
            "{who} a choisi qu’un dépôt soit confirmé avant sa copie sur le second serveur."
        ),
        "standby.taken_over": _("Le serveur « {server} » a pris le relais."),
    },
)
