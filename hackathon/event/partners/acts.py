from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Client et partenaires"),
    {
        "client.written": _("{who} a modifié la page du client."),
        "client.document_added": _("{who} a ajouté un document du client."),
        "client.document_removed": _("{who} a retiré un document du client."),
        "partner.added": _("{who} a ajouté le partenaire « {name} »."),
        "partner.changed": _("{who} a modifié le partenaire « {name} »."),
        "partner.removed": _("{who} a retiré le partenaire « {name} »."),
    },
)
