"""Reads with the right of access built in: `NotFound` to everybody who may not see it."""

from hackathon.editions.models import Edition
from hackathon.stage.models import ScreenChoice


def screen_choices(edition: Edition) -> list[ScreenChoice]:
    """What the projectors were told to show, that of all of them first. One query."""
    return list(edition.screen_choices.select_related("chosen_by", "department"))
