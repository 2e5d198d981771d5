from typing import Any

from django.dispatch import receiver

from hackathon.editions.models import Edition
from hackathon.editions.signals import edition_cloned, edition_created
from hackathon.questions.services import canned


@receiver(edition_created)
def add_default_answers(sender: Any, *, edition: Edition, **_: Any) -> None:
    canned.add_defaults(edition)


@receiver(edition_cloned)
def copy_canned_answers(sender: Any, *, source: Edition, clone: Edition, **_: Any) -> None:
    canned.copy(source=source, to=clone)
