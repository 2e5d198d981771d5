"""News from the apps below."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hackathon.editions.models import Department, Edition
from hackathon.editions.signals import deadline_inspected, edition_cloned
from submissions.deliverables import services as deliverables
from submissions.deposits import selectors
from submissions.enums import ProgressState


@receiver(edition_cloned)
def copy_deliverables(department_map: dict[int, Department], **kwargs: Any) -> None:
    """The clone's departments ask for what those of its model asked for."""
    deliverables.copy(department_map)


@receiver(deadline_inspected)
def say_who_is_not_ready(edition: Edition, **kwargs: Any) -> list[str]:
    """How many teams an earlier deadline finds without anything, or without all that they must."""
    states = [team.state for team in selectors.progress(edition) if team.total]
    nothing = states.count(ProgressState.NOTHING)
    some = states.count(ProgressState.SOMETHING)
    said = []
    if nothing:
        text = ngettext(
            "%(n)s équipe n’a encore rien rendu.", "%(n)s équipes n’ont encore rien rendu.", nothing
        )
        said.append(text % {"n": nothing})
    if some:
        text = ngettext(
            "%(n)s équipe n’a pas encore tout rendu.",
            "%(n)s équipes n’ont pas encore tout rendu.",
            some,
        )
        said.append(text % {"n": some})
    return said or [_("Aucune équipe n’a plus rien à rendre.")]
