from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class PhotographRefusal(RefusalCode):
    HEIC = (
        "photograph_heic",
        _(
            "« {filename} » est une photo HEIC d’iPhone, que les navigateurs n’affichent pas :"
            " exportez-la en JPEG (dans Photos : Partager, Options, « Le plus compatible »)."
        ),
    )
    KIND = "photograph_kind", _("« {filename} » n’est pas une photo JPEG, PNG ou WebP.")
    TOO_LARGE = "photograph_too_large", _("« {filename} » dépasse {max} Mo.")
    UNREADABLE = (
        "photograph_unreadable",
        _("« {filename} » ne s’ouvre pas : le fichier est abîmé, ou l’image trop grande."),
    )
    TWICE = "photograph_twice", _("« {filename} » est déjà parmi les photos.")
    TOO_MANY = (
        "photograph_too_many",
        _("« {filename} » : l’édition a déjà {max} photos. Supprimez-en une d’abord."),
    )
    AT_ONCE = (
        "photograph_at_once",
        _("« {filename} » : {max} photos au plus par envoi. Envoyez celle-ci ensuite."),
    )
    NAMED_AND_NOBODY = (
        "photograph_named_and_nobody",
        _("Nommez des équipes, ou dites que personne n’y est reconnaissable : pas les deux."),
    )
    NOT_MEMBER = (
        "photograph_not_member",
        _("La question est pour les membres d’une équipe de cette édition."),
    )
