from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class YearsConfig(AppConfig):
    name = "hackathon.extras.years"
    label = "years"
    verbose_name = _("Les années côte à côte")
