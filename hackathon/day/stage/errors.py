from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class StageRefusal(RefusalCode):
    SCENE_UNKNOWN = "scene_unknown", _("Cette scène n’existe pas : choisissez-en une autre.")
    SCENE_TOO_EARLY = (
        "scene_too_early",
        _("Rien n’est scellé avant l’heure limite : choisissez une autre scène."),
    )
    SCREEN_ELSEWHERE = (
        "screen_elsewhere",
        _("Ce département n’est pas de cette édition : choisissez-en un autre."),
    )
    PROJECTOR_NAME_TAKEN = (
        "projector_name_taken",
        _("Un autre projecteur s’appelle déjà « {projector} » : choisissez un autre nom."),
    )
    TOO_MANY_PROJECTORS = (
        "too_many_projectors",
        _("Une édition a {max} projecteurs au plus : retirez-en un avant d’en ajouter."),
    )
