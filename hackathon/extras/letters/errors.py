from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class LetterRefusal(RefusalCode):
    TOO_LONG = (
        "remark_too_long",
        _("« {criterion} » : {chars} signes, c’est trop. Raccourcissez à {most}."),
    )
    EDITED = (
        "remark_edited",
        _("La présidence a revu cette phrase. Pour la changer encore, parlez-en avec elle."),
    )
    OUT = (
        "letters_out",
        _("Les lettres sont parties avec les résultats : elles ne changent plus."),
    )
