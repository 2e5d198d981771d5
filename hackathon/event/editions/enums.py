from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class EditionState(TextChoices):
    """Only an open edition may be the one that the site shows."""

    DRAFT = "draft", _("brouillon")
    OPEN = "open", _("ouverte")
    ARCHIVED = "archived", _("archivée")


class Theme(TextChoices):
    NIGHT = "night", _("La nuit et ses fenêtres : le bandeau suit l’heure du jour")
    PLAIN = "plain", _("Sobre : un bandeau d’une couleur")


class ColleagueRole(TextChoices):
    """Of a colleague who has less than an organizer."""

    DESK = "desk", _("tient l’accueil : présence, repas, codes d’entrée, temps accordé")
    READER = "reader", _("lit tout, ne change rien")


class ClonedPart(TextChoices):
    DEPARTMENTS = "departments", _("Départements")
    DELIVERABLES = "deliverables", _("Livrables")
    CRITERIA = "criteria", _("Critères et méthode des jurys")
    BRIEFS = "briefs", _("Sujets et pièces jointes, à relire : ils paraîtront à leur heure")
    JURORS = "jurors", _("Jurés, sans les inviter")
    MILESTONES = "milestones", _("Étapes de la journée")
    TEXTS = "texts", _("Réponses toutes faites")
    ROOMS = "rooms", _("Salles et leurs places")
    ORGANIZERS = "organizers", _("Organisation et personnes qui aident")
    CLIENT = "client", _("Client et partenaires")
    PROJECTORS = "projectors", _("Projecteurs, sans le film ni les diapositives")


USUALLY_CLONED = frozenset(ClonedPart) - {
    ClonedPart.BRIEFS,
    ClonedPart.JURORS,
    ClonedPart.CLIENT,
}
OF_DEPARTMENTS = frozenset(
    {ClonedPart.DELIVERABLES, ClonedPart.CRITERIA, ClonedPart.BRIEFS, ClonedPart.JURORS}
)


class Options(TextChoices):
    """Which extras a new edition begins with."""

    ESSENTIAL = "essential", _("L’essentiel : équipes, sujets, rendu, jurys, cérémonie")
    ALL = "all", _("Comme à Nancy : toutes les options")
    CHOOSE = "choose", _("Je choisis")


class LatePolicy(TextChoices):
    REFUSE = "refuse", _("refuser")
    ACCEPT = "accept", _("accepter, marqué en retard")


class Phase(TextChoices):
    """Computed from the state and the instants of the edition (`rules.phase`), never stored."""

    DRAFT = "draft", _("en préparation")
    REGISTRATION = "registration", _("inscriptions ouvertes")
    READY = "ready", _("inscriptions closes")
    RUNNING = "running", _("en cours")
    GRACE = "grace", _("marge")
    CLOSED = "closed", _("rendu terminé")
    JUDGING = "judging", _("jurys au travail")
    DELIBERATED = "deliberated", _("délibérations closes")
    PUBLISHED = "published", _("résultats publiés")


class MilestoneKind(TextChoices):
    """Launch and deadline are fields of the edition, not stored milestones."""

    LAUNCH = "launch", _("lancement")
    BRIEFS = "briefs", _("sujets")
    MEAL = "meal", _("repas")
    VISITS = "visits", _("passage du client")
    HALFWAY = "halfway", _("mi-parcours")
    SPRINT = "sprint", _("dernière ligne droite")
    DEADLINE = "deadline", _("rendu")
    AWARDS = "awards", _("remise des prix")
    OTHER = "other", _("autre")


STORED_MILESTONES = [
    choice
    for choice in MilestoneKind.choices
    if choice[0] not in (MilestoneKind.LAUNCH, MilestoneKind.DEADLINE)
]


class Notice(TextChoices):
    FOUR_HOURS = "four_hours", _("plus que quatre heures")
    ONE_HOUR = "one_hour", _("plus qu’une heure")
    TEN_MINUTES = "ten_minutes", _("plus que dix minutes")
    DEADLINE = "deadline", _("temps écoulé")
