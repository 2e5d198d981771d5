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
    deliverables.copy(department_map)


@receiver(deadline_inspected)
def warn_about_incomplete_teams(edition: Edition, **kwargs: Any) -> list[str]:
    """Sentences for the confirmation of an earlier deadline: how many teams are not complete."""
    states = [team.state for team in selectors.progress(edition) if team.total]
    nothing = states.count(ProgressState.NOTHING)
    some = states.count(ProgressState.SOMETHING)
    sentences = []
    if nothing:
        text = ngettext(
            "%(n)s équipe n’a encore rien rendu.", "%(n)s équipes n’ont encore rien rendu.", nothing
        )
        sentences.append(text % {"n": nothing})
    if some:
        text = ngettext(
            "%(n)s équipe n’a pas encore tout rendu.",
            "%(n)s équipes n’ont pas encore tout rendu.",
            some,
        )
        sentences.append(text % {"n": some})
    return sentences or [_("Aucune équipe n’a plus rien à rendre.")]
