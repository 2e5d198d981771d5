from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry
from submissions.enums import SealMoment

registry.add(
    _("Dépôts"),
    {
        "submission.received": _(
            "{who} a déposé « {name} » pour l’équipe « {team} », version {version}."
        ),
        "extension.granted": _("{who} a accordé {minutes} de plus : {to}."),
        "extension.revoked": _("{who} a retiré le délai de {minutes} : {to}."),
        "seal.made": _("{who} a scellé ce qui compte {moment}, empreinte {digest}."),
    },
    moment=SealMoment,
)
registry.add(
    _("Livrables"),
    {
        "deliverable.added": _("{who} a ajouté le livrable « {name} »."),
        "deliverable.changed": _("{who} a modifié le livrable « {name} »."),
        "deliverable.deleted": _("{who} a supprimé le livrable « {name} »."),
        "deliverable.moved": _("{who} a mis le livrable « {name} » en position {position}."),
    },
)
