from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.enums import ColleagueRole
from teams.enums import HelpKind


class Role(TextChoices):
    ORGANIZER = "organizer", _("organisation")
    COLLEAGUE = "colleague", _("accueil ou lecture")
    STUDENT = "student", _("étudiant")
    MEMBER = "member", _("membre d’une équipe")
    JUROR = "juror", _("juré")
    HELPER = "helper", _("répond aux appels")


class GivenRole(TextChoices):
    """What the page of people gives; the other roles have pages of their own."""

    ORGANIZER = "organizer", _("organise (tout)")
    DESK = ColleagueRole.DESK.value, ColleagueRole.DESK.label
    READER = ColleagueRole.READER.value, ColleagueRole.READER.label
    TEACHER = HelpKind.TEACHER.value, _("répond aux appels : professeur")
    CLIENT = HelpKind.CLIENT.value, _("répond aux appels : client")
    TECHNICAL = HelpKind.TECHNICAL.value, _("répond aux appels : technique")
