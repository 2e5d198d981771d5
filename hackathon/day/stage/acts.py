from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.base.core import extras
from hackathon.base.core.acts import Facts, registry
from hackathon.day.stage.enums import Scene


def _switched(facts: Facts) -> str:
    text = gettext("{who} a mis à l’écran « {scene} » ({where}).")
    where, value = facts.department or gettext("tous les écrans"), facts.detail["scene"]
    labels = {scene.value: scene.label for scene in (*Scene, *extras.all_scenes())}
    return text.format(who=facts.who, scene=labels.get(value, value), where=where)


registry.add(
    _("Écrans"),
    {
        "screen.released": _("{who} a remis l’écran du département {department} avec les autres."),
        "projector.added": _("{who} a ajouté le projecteur « {name} »."),
        "projector.changed": _("{who} a modifié le projecteur « {name} »."),
        "projector.renewed": _("{who} a donné de nouvelles adresses au projecteur « {name} »."),
        "projector.removed": _("{who} a retiré le projecteur « {name} »."),
    },
    says={"screen.switched": _switched},
)
