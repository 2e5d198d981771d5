from django.utils.translation import gettext_lazy as _

from hackathon.base.core.acts import registry

registry.add(
    _("Passages sur scène"),
    {
        "passages.planned": _(
            "{who} fait passer les équipes nommées ({department}) : {speaking_minutes} min, puis"
            " {questions_minutes} min de questions."
        ),
        "passages.dropped": _("{who} ne fait plus passer les équipes nommées ({department})."),
        "passages.drawn": _(
            "{who} a tiré au sort l’ordre des passages ({department}) avec « {word} » et"
            " l’empreinte {digest}. Motif d’un nouveau tirage : {reason}"
        ),
        "passages.ordered": _(
            "{who} a mis les passages en ordre à la main ({department}). Motif : {reason}"
        ),
    },
)
