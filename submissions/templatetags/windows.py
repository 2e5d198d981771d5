"""What a window says to a pointer and to a screen reader."""

from django import template
from django.utils.translation import gettext as _

from hackathon.core.formats import duration_fr
from submissions.deposits.selectors import TeamProgress
from submissions.enums import ProgressState

register = template.Library()


@register.filter
def state_words(progress: TeamProgress) -> str:
    """« 2 sur 3 », « tout rendu », « rien encore »."""
    if progress.state == ProgressState.SOMETHING:
        return _("%(n)s sur %(total)s") % {"n": progress.received, "total": progress.total}
    return str(progress.state.label)


@register.filter
def public_label(progress: TeamProgress) -> str:
    """For everybody: the team and its window."""
    return f"{progress.team.name} : {state_words(progress)}"


@register.filter
def control_label(progress: TeamProgress) -> str:
    """For organizers: where the team is, and what is missing."""
    team = progress.team
    where = _("%(team)s, salle %(room)s") if team.room else "%(team)s"
    label = f"{where % {'team': team.name, 'room': team.room}} : {state_words(progress)}"
    if progress.received and progress.missing:
        names = ", ".join(deliverable.name for deliverable in progress.missing)
        label += " · " + _("il manque : %(names)s") % {"names": names}
    if progress.delay_minutes:
        time = duration_fr(progress.delay_minutes * 60)
        label += " · " + _("délai de %(time)s") % {"time": time}
    return label
