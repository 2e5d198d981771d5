from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class PeopleRefusal(RefusalCode):
    UNKNOWN_ADDRESS = (
        "unknown_address",
        _(
            "Personne n’a de compte à l’adresse {email}. Vérifiez-la : qui lit ce courrier aura le "
            "rôle. Pour l’inviter, cochez la case."
        ),
    )
    ONESELF = "oneself", _("Vous ne pouvez pas désactiver votre propre compte.")
    SUPERUSER = (
        "superuser",
        _("{who} administre le site : seule l’administration peut désactiver ce compte."),
    )
    OTHER_EDITION = (
        "other_edition",
        _(
            "{who} prend part à une édition que vous n’organisez pas : demandez à une personne qui "
            "l’organise."
        ),
    )
    INACTIVE = "inactive", _("Ce compte est désactivé : réactivez-le d’abord.")
    DELETED = (
        "deleted",
        _("Ce compte a été supprimé par la personne : elle peut en créer un autre."),
    )
    SOLE_ORGANIZER = (
        "sole_organizer",
        _(
            "Vous êtes la seule personne à organiser « {edition} »."
            " Ajoutez d’abord une autre personne."
        ),
    )
    CAPTAIN = (
        "captain",
        _(
            "Vous êtes capitaine de « {team} » : confiez d’abord ce rôle à une autre personne de"
            " l’équipe."
        ),
    )
    JUROR = (
        "juror",
        _(
            "Vous siégez au jury « {department} », dont les résultats ne sont pas publiés :"
            " demandez d’abord à l’organisation de vous retirer du jury."
        ),
    )
    SOLE_ADMINISTRATOR = (
        "sole_administrator",
        _(
            "Vous êtes la seule personne à administrer le site : donnez d’abord ce droit"
            " à une autre personne."
        ),
    )
