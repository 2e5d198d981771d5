from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class SetupRefusal(RefusalCode):
    INSTALLED = (
        "installed",
        _("Ce site a déjà son organisation : le code ne sert plus. Connectez-vous."),
    )
    CODE_WRONG = (
        "code_wrong",
        _(
            "Ce n’est pas le dernier code donné. Il est dans la console ou le journal du serveur ;"
            " « manage.py setup-code » en donne un autre."
        ),
    )
    TOO_MANY_CODES = (
        "too_many_codes",
        _(
            "Trop d’essais : attendez cinq minutes, ou demandez un autre code avec"
            " « manage.py setup-code »."
        ),
    )
    SHOWN = "shown", _("« {edition} » est affichée : masquez-la d’abord.")
    HANDED_IN = (
        "handed_in",
        _("« {edition} » a des dépôts ou des notes, qui ne s’effacent pas : archivez-la."),
    )
    NAME_NOT_TYPED = (
        "name_not_typed",
        _("Écrivez le nom de l’édition, « {edition} », pour confirmer."),
    )
