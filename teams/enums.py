from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class MembershipMail(TextChoices):
    """What a member is mailed."""

    REGISTERED = "registered"
    JOINED = "joined"
    REMOVED = "removed"
    CAPTAIN = "captain"


class ReceiptMails(TextChoices):
    """Of what the others of the team hand in. Who hands in gets the receipt in any case."""

    EACH = "each", _("Un e-mail pour chaque dépôt de l’équipe")
    DIGEST = "digest", _("Un résumé, une fois par heure au plus")
    NONE = "none", _("Rien, sauf pour ce que j’envoie moi-même")


class Circle(IntegerChoices):
    """To whom a member agrees that the works of the team are shown, the smallest first."""

    UNANSWERED = 0, _("pas encore répondu")
    NOBODY = 1, _("personne")
    EDITION = 2, _("les participants de l’édition")
    EVERYBODY = 3, _("tout le monde")


class HelpKind(TextChoices):
    """Who is called. A label stands alone: « 3 appels · professeur »."""

    CLIENT = "client", _("client")
    TEACHER = "teacher", _("professeur")
    TECHNICAL = "technical", _("technique")


class HelpState(TextChoices):
    WAITING = "waiting", _("en attente")
    CLAIMED = "claimed", _("prise en charge")
    COMING = "coming", _("en route")
    DONE = "done", _("terminée")
    WITHDRAWN = "withdrawn", _("retirée")


class StudentFilter(TextChoices):
    ALL = "all", _("tous")
    NOT_INVITED = "not_invited", _("pas encore invités")
    NEVER_SIGNED_IN = "never_signed_in", _("pas encore connectés")
    WITHOUT_TEAM = "without_team", _("sans équipe")


class TeamFilter(TextChoices):
    ALL = "all", _("toutes")
    INCOMPLETE = "incomplete", _("incomplètes")
    NOTHING = "nothing", _("sans aucun dépôt")
    PARTLY = "partly", _("qui n’ont rendu qu’en partie")
    LATE = "late", _("en retard")
    COMPLETE = "complete", _("qui ont tout rendu")
    NEVER_SIGNED_IN = "never_signed_in", _("avec un membre pas encore connecté")
    WITHOUT_ROOM = "without_room", _("sans salle")
    ABSENT = "absent", _("absentes")


# By what a team has handed in.
PROGRESS = (TeamFilter.NOTHING, TeamFilter.PARTLY, TeamFilter.LATE, TeamFilter.COMPLETE)


class TeamOrder(TextChoices):
    DEPARTMENT = "department", _("département")
    NAME = "name", _("nom")
    ROOM = "room", _("étage et salle")
    SIZE = "size", _("les plus petites d’abord")
    REGISTERED = "registered", _("les dernières inscrites d’abord")


OPEN_STATES = (HelpState.WAITING, HelpState.CLAIMED, HelpState.COMING)
HELD_STATES = (HelpState.CLAIMED, HelpState.COMING)
