from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ControlRoomConfig(AppConfig):
    """The control room: what every team has handed in, and what organizers do about it."""

    name = "hackathon.control_room"
    label = "control_room"
    verbose_name = _("Pilotage")
