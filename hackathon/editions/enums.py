from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LatePolicy(TextChoices):
    REFUSE = "refuse", _("refuser")
    ACCEPT = "accept", _("accepter, marqué en retard")


class Phase(TextChoices):
    """Computed from the instants of the edition (`rules.phase`), never stored."""

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
