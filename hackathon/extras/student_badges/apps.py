from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StudentBadgesConfig(AppConfig):
    name = "hackathon.extras.student_badges"
    label = "student_badges"
    verbose_name = _("Badges et affiches de porte")
