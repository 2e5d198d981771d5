"""Closed lists of the edition's words. Labels are French, as everything that is shown."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LatePolicy(TextChoices):
    """What happens to a deposit that comes after the deadline and outside the grace."""

    REFUSE = "refuse", _("refuser")
    ACCEPT = "accept", _("accepter, marqué en retard")


class Phase(TextChoices):
    """Where in its life an edition is; computed from its instants, never stored."""

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
    """Moments of the day. Launch and deadline are the edition's own instants, not stored rows."""

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
    """What everybody is told once as the deadline comes near."""

    FOUR_HOURS = "four_hours", _("plus que quatre heures")
    ONE_HOUR = "one_hour", _("plus qu’une heure")
    TEN_MINUTES = "ten_minutes", _("plus que dix minutes")
    DEADLINE = "deadline", _("temps écoulé")


class Addressee(TextChoices):
    """Whom a team asks."""

    ORGANIZERS = "organizers", _("l’organisation")
    CLIENT = "client", _("le client")


class Topic(TextChoices):
    """What a question is about. Those about the work wait for the brief."""

    BRIEF = "brief", _("le sujet")
    DELIVERABLE = "deliverable", _("un livrable")
    PRACTICAL = "practical", _("l’organisation pratique")
    OTHER = "other", _("autre chose")


class QuestionState(TextChoices):
    """How far a question is; of a closed one `duplicate_of` says whether it was asked before."""

    OPEN = "open", _("à prendre")
    TAKEN = "taken", _("en cours")
    ANSWERED = "answered", _("répondue")
    CLOSED = "closed", _("close")


class PublishTo(TextChoices):
    """Who reads an answer besides the team that asked."""

    DEPARTMENT = "department", _("le département")
    EVERYONE = "everyone", _("tous")


class Scene(TextChoices):
    """What a projector shows. What `AUTO` stands for follows from the clock (`rules.screens`)."""

    AUTO = "auto", _("Automatique")
    NIGHT = "night", _("La nuit")
    COUNTDOWN = "countdown", _("Grand compte à rebours")
    DAY = "day", _("La journée")
    ANNOUNCEMENTS = "announcements", _("Annonces")
    ARRIVALS = "arrivals", _("Arrivées")
    SEAL = "seal", _("Le scellé")
    ENVELOPES = "envelopes", _("Les enveloppes")
    CEREMONY = "ceremony", _("La cérémonie")
    PAUSE = "pause", _("Pause, écran noir")
