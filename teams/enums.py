"""Closed lists of the teams' words."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class HelpKind(TextChoices):
    """Who is called. Labels stand alone: « 3 appels · professeur »."""

    CLIENT = "client", _("client")
    TEACHER = "teacher", _("professeur")
    TECHNICAL = "technical", _("technique")


class HelpState(TextChoices):
    """How far a call for help is. It may go back from taken or on the way to waiting."""

    WAITING = "waiting", _("en attente")
    CLAIMED = "claimed", _("prise en charge")
    COMING = "coming", _("en route")
    DONE = "done", _("terminée")
    WITHDRAWN = "withdrawn", _("retirée")


OPEN_STATES = (HelpState.WAITING, HelpState.CLAIMED, HelpState.COMING)
# Somebody has taken it and has not been there yet.
HELD_STATES = (HelpState.CLAIMED, HelpState.COMING)
