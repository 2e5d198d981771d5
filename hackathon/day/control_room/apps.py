from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ControlRoomConfig(AppConfig):
    name = "hackathon.day.control_room"
    label = "control_room"
    verbose_name = _("Pilotage")
