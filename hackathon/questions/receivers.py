"""Receivers of signals of the apps below."""

from typing import Any

from django.dispatch import receiver

from hackathon.editions.models import Edition
from hackathon.editions.signals import edition_cloned, edition_created
from hackathon.questions.services import canned


@receiver(edition_created)
def add_usual_answers(sender: Any, *, edition: Edition, **_: Any) -> None:
    """A new edition begins with the usual ready answers."""
    canned.begin(edition)


@receiver(edition_cloned)
def copy_canned_answers(sender: Any, *, source: Edition, clone: Edition, **_: Any) -> None:
    """A clone begins with the ready answers of its source."""
    canned.begin(clone, like=source)
