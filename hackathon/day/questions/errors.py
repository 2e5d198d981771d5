from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode


class QuestionRefusal(RefusalCode):
    NOT_OPEN = "questions_not_open", _("Les questions ouvrent au lancement, le {opens}.")
    CLOSED = "questions_closed", _("Le rendu est terminé : on ne pose plus de question.")
    EMPTY = "question_empty", _("Écrivez votre question avant de l’envoyer.")
    TOO_LONG = (
        "question_too_long",
        _("Une question a {max} caractères au plus : allez à l’essentiel."),
    )
    TOO_MANY = (
        "questions_too_many",
        _("Vous avez déjà {max} questions en attente : attendez une réponse."),
    )
    TOO_SOON = (
        "question_too_soon",
        _("Votre équipe vient de poser une question : attendez encore {seconds} s."),
    )
    BRIEF_NOT_OUT = (
        "question_before_brief",
        _("Votre sujet n’est pas encore paru : posez cette question quand vous l’aurez lu."),
    )
    NOT_YOURS = "question_not_yours", _("Cette question s’adresse à quelqu’un d’autre.")
    TAKEN = "question_taken", _("{person} s’en occupe déjà.")
    NOT_TAKEN = "question_not_taken", _("Personne ne s’en occupe.")
    SETTLED = "question_settled", _("Cette question a déjà sa réponse, ou elle est close.")
    NOT_ANSWERED = "question_not_answered", _("Répondez d’abord à l’équipe.")
    ANSWER_EMPTY = "answer_empty", _("Écrivez une réponse avant de l’envoyer.")
    ANSWER_TOO_LONG = (
        "answer_too_long",
        _("Une réponse a {max} caractères au plus : raccourcissez-la."),
    )
    WORDING_EMPTY = (
        "wording_empty",
        _("Écrivez la question telle que les autres la liront."),
    )
    NAMES_TEAM = (
        "question_names_team",
        _(
            "Le nom de l’équipe est dans le texte : personne ne doit savoir qui a demandé. "
            "Reformulez, ou confirmez que ce mot désigne autre chose."
        ),
    )
    NOT_PUBLISHER = (
        "question_not_publisher",
        _("Seule l’organisation publie une réponse pour tous."),
    )
    DUPLICATE_UNKNOWN = (
        "duplicate_unknown",
        _("Cette réponse publiée n’existe pas, ou l’équipe ne peut pas la lire."),
    )
    NOT_PUBLISHED = "question_not_published", _("Cette réponse n’est pas publiée.")
