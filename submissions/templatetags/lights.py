"""The light of a deposit: what a look inside found, in words, with an icon and a colour."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from submissions.enums import Health
from submissions.inspection.sentences import sentences
from submissions.models import Inspection, Submission

register = template.Library()

DOORS = {"team": "submissions", "organizer": "submissions", "jury": "judging"}

# (colour, icon); words say it too.
LOOKS = {
    Health.PENDING: ("muted", "hourglass"),
    Health.GOOD: ("ok", "circle-check"),
    Health.DOUBTFUL: ("warn", "alert-triangle"),
    Health.BROKEN: ("alarm", "circle-x"),
}


@register.inclusion_tag("submissions/_light.html")
def light(submission: Submission, reader: str = "team", picture: bool = True) -> dict[str, Any]:
    """Light and thumbnail of a submission that was read with its inspection; nothing for a text.

    `reader` (team, organizer, jury): only the team is told what to do, and a juror's thumbnail has
    an address of its own.
    """
    if reader not in DOORS:
        raise ValueError(f"Unknown reader {reader!r}")
    inspection: Inspection | None = getattr(submission, "inspection", None)
    if inspection is None or submission.text:
        return {}
    door = DOORS[reader]
    colour, icon = LOOKS[Health(inspection.health)]
    return {
        "submission": submission,
        "colour": colour,
        "icon": icon,
        "words": _words(inspection, to_team=reader == "team"),
        "thumbnail": f"{door}:thumbnail" if picture and inspection.thumbnail else "",
        "content": f"{door}:content",
        "query": "?inline" if door == "submissions" else "",
    }


def _words(inspection: Inspection, *, to_team: bool) -> list[str]:
    if inspection.health == Health.PENDING:
        return [_("Vérification en cours…")]
    return sentences(inspection.facts, inspection.findings, to_team=to_team)


@register.filter
def finding(submission: Submission) -> str:
    """The gravest thing found, for organizers: « Ce fichier demande un mot de passe… »."""
    return sentences(submission.inspection.facts, submission.inspection.findings, to_team=False)[0]
