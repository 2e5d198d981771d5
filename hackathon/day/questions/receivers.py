from collections.abc import Collection
from typing import Any

from django.dispatch import receiver

from hackathon.day.questions.services import canned, questions
from hackathon.event.editions.enums import ClonedPart
from hackathon.event.editions.models import Edition
from hackathon.event.editions.signals import edition_cloned, edition_created
from teams.models import Team
from teams.signals import teams_merged


@receiver(edition_created)
def add_default_answers(sender: Any, *, edition: Edition, **_: Any) -> None:
    canned.add_defaults(edition)


@receiver(edition_cloned)
def copy_canned_answers(
    sender: Any, *, source: Edition, clone: Edition, parts: Collection[ClonedPart], **_: Any
) -> None:
    if ClonedPart.TEXTS in parts:
        canned.copy(source=source, to=clone)
    else:
        canned.add_defaults(clone)


@receiver(teams_merged)
def keep_questions(sender: Any, *, team: Team, into: Team, **_: Any) -> None:
    questions.hand_over(team.pk, into.pk)
