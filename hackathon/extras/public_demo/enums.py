from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.extras import Text
from hackathon.run.demo.day import DemoPhase


class Role(TextChoices):
    STUDENT = "student", _("Étudiant, étudiante")
    ORGANIZER = "organizer", _("Organisateur, organisatrice")
    JUROR = "juror", _("Juré, jurée")
    PRESIDENT = "president", _("Présidence d’un jury")
    HELPER = "helper", _("Aide technique")


@dataclass(frozen=True)
class Entrance:
    """What a visitor may choose."""

    role: Role
    icon: str
    sentence: Text


ENTRANCES = (
    Entrance(Role.STUDENT, "users", _("Lire le sujet, déposer des fichiers, poser une question.")),
    Entrance(
        Role.ORGANIZER, "layout-dashboard", _("Suivre la journée, ou créer sa propre édition.")
    ),
    Entrance(Role.JUROR, "clipboard-check", _("Lire les travaux et les noter.")),
    Entrance(Role.PRESIDENT, "gavel", _("Suivre son jury et décider du palmarès.")),
    Entrance(Role.HELPER, "lifebuoy", _("Répondre aux équipes qui appellent.")),
)
MOMENTS = (
    (DemoPhase.RUNNING, _("Pendant la journée")),
    (DemoPhase.REGISTRATION, _("La veille, pendant les inscriptions")),
    (DemoPhase.LAST_MINUTES, _("Un quart d’heure avant l’heure limite")),
    (DemoPhase.JUDGING, _("La nuit des jurys")),
    (DemoPhase.CEREMONY, _("Le lendemain, avant la cérémonie")),
)
