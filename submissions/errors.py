from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode, Refused


class DepositRefusal(RefusalCode):
    NOT_MEMBER = "not_member", _("Seuls les membres de l’équipe rendent pour elle.")
    NOT_OPEN = "not_open", _("Le rendu ouvre au lancement, le {opens}.")
    NOT_OPEN_YET = "not_open_yet", _("Ce livrable ouvre le {opens}.")
    DEADLINE_PASSED = (
        "deadline_passed",
        _(
            "Trop tard : l’heure limite était {deadline}, et l’envoi a commencé à {begun}."
            " Voyez l’organisation."
        ),
    )
    GRACE_PASSED = (
        "grace_passed",
        _(
            "Trop tard : commencé avant {deadline}, l’envoi devait finir à {until} au plus tard."
            " Voyez l’organisation."
        ),
    )
    WRONG_KIND = "wrong_kind", _("Ce livrable attend autre chose : {expected}.")
    WRONG_FORMAT = (
        "wrong_format",
        _("« {filename} » n’est pas dans un format accepté. Convertissez-le en : {formats}."),
    )
    TOO_LARGE = "too_large", _("Le fichier pèse {size}, le maximum est {max}. Réduisez-le.")
    EMPTY = "empty", _("Ce que vous envoyez est vide. Vérifiez, puis envoyez de nouveau.")
    BAD_LINK = (
        "bad_link",
        _("Ce lien n’est pas utilisable : écrivez-le en entier, de https:// à la fin."),
    )
    INVISIBLE = (
        "invisible",
        _("Ce lien contient un signe que personne ne voit : écrivez-le à la main."),
    )
    LOCAL_LINK = (
        "local_link",
        _(
            "« {host} » ne s’ouvre que sur votre machine. Mettez votre travail en ligne,"
            " puis donnez son adresse."
        ),
    )
    TOO_LONG = "too_long", _("Le texte a {length} signes, le maximum est {max}.")
    TOO_MANY_UPLOADS = (
        "too_many_uploads",
        _("Votre équipe a déjà {max} envois en cours. Attendez qu’ils finissent, ou arrêtez-en."),
    )
    TOO_MANY_VERSIONS = (
        "too_many_versions",
        _(
            "Votre équipe a déjà envoyé {max} versions de ce livrable : c’est le maximum. La"
            " dernière reste valable. Pour la remplacer, voyez l’organisation."
        ),
    )
    STORAGE_FULL = (
        "storage_full",
        _(
            "Le serveur n’a plus assez de place pour ce fichier. L’organisation est prévenue :"
            " gardez votre fichier et réessayez dans quelques minutes."
        ),
    )
    STORAGE_KEPT = (
        "storage_kept",
        _(
            "La place qui reste sur le serveur est gardée pour ce que les équipes n’ont pas encore"
            " rendu. Votre version reçue reste valable : envoyez un fichier plus petit, ou"
            " réessayez dans quelques minutes."
        ),
    )
    TEAM_BUDGET = (
        "team_budget",
        _(
            "Votre équipe a presque tout utilisé de ses {total} sur le serveur : il reste {left}"
            " pour ce livrable. Envoyez un fichier plus petit, ou arrêtez les envois en cours dont"
            " vous n’avez plus besoin. Sinon, voyez l’organisation."
        ),
    )
    HAS_SUBMISSIONS = (
        "has_submissions",
        _(
            "Des équipes ont déjà rendu ce livrable : il ne peut plus être supprimé"
            " ni changer de nature."
        ),
    )
    OPENS_AFTER_DUE = (
        "opens_after_due",
        _("L’ouverture doit être avant l’heure limite de ce livrable."),
    )
    DUE_IS_PAST = (
        "due_is_past",
        _(
            "L’heure limite de « {name} » serait déjà passée : {due}. Donnez une heure à venir,"
            " ou celle d’avant."
        ),
    )
    OTHER_DECK = (
        "other_deck",
        _("« {name} » est déjà à projeter dans ce département : un seul livrable peut l’être."),
    )
    EXTENSION_TARGET = (
        "extension_target",
        _("Choisissez une équipe ou un département de cette édition, l’un ou l’autre."),
    )
    EXTENSION_DELIVERABLE = (
        "extension_deliverable",
        _(
            "« {name} » n’a pas sa propre heure limite, ou n’est pas demandé à qui reçoit ce délai."
            " Choisissez-en un autre."
        ),
    )
    EXTENSION_MINUTES = (
        "extension_minutes",
        _("Un délai va de {min} à {max} minutes. Choisissez entre les deux."),
    )
    EXTENSION_REASON = "extension_reason", _("Choisissez un motif : l’équipe et le jury le liront.")
    ENTRY_REASON = (
        "entry_reason",
        _("Dites pourquoi vous déposez à la place de l’équipe : elle et le jury le liront."),
    )
    ENTRY_CLOSED = "entry_closed", _("Les résultats sont publiés : plus rien n’est reçu.")


class NotDurable(Refused):
    """What was sent is good, but not yet stored wherever it must be before it is acknowledged."""
