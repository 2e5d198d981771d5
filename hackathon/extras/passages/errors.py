from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class PassagesRefusal(RefusalCode):
    DRAW_ELSEWHERE = (
        "draw_elsewhere",
        _("L’ordre se tire quand les équipes nommées sont à l’écran, avant le premier passage."),
    )
    DRAW_REHEARSAL = (
        "draw_rehearsal",
        _("Pendant une répétition les équipes sont inventées : rien ne se tire au sort."),
    )
    DRAW_AGAIN = (
        "draw_again",
        _("L’ordre est déjà tiré au sort : écrivez pourquoi il change, le journal le gardera."),
    )
    DRAW_NO_SEAL = (
        "draw_no_seal",
        _("Ce département n’a pas encore de scellé : mettez les équipes en ordre à la main."),
    )
    ORDER_INCOMPLETE = (
        "order_incomplete",
        _("Donnez à chaque équipe nommée un rang différent."),
    )
    NO_PASSAGE = "no_passage", _("Aucune équipe ne passe en ce moment : regardez l’écran.")
