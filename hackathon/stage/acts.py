from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.core.acts import Facts, registry
from hackathon.stage.enums import Scene


def _switched(facts: Facts) -> str:
    text = gettext("{who} a mis à l’écran « {scene} » ({where}).")
    where, scene = facts.department or gettext("tous les écrans"), Scene(facts.detail["scene"])
    return text.format(who=facts.who, scene=scene.label, where=where)


registry.add(
    _("Écrans"),
    {
        "screen.released": _("{who} a remis l’écran du département {department} avec les autres."),
        "brief_scene.changed": _("{who} a modifié la scène du sujet."),
        "projector.added": _("{who} a ajouté le projecteur « {name} »."),
        "projector.changed": _("{who} a modifié le projecteur « {name} »."),
        "projector.renewed": _("{who} a donné de nouvelles adresses au projecteur « {name} »."),
        "projector.removed": _("{who} a retiré le projecteur « {name} »."),
        "projector.readied": _("La salle du projecteur « {name} » est dite prête."),
        "projector.unreadied": _("La salle du projecteur « {name} » n’est plus dite prête."),
    },
    says={"screen.switched": _switched},
)
