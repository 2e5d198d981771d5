from typing import Any

from django import template
from django.utils.translation import gettext as _

from submissions.enums import Health
from submissions.inspection.sentences import sentences
from submissions.models import Inspection, Submission

register = template.Library()

URL_NAMESPACES = {"team": "submissions", "organizer": "submissions", "jury": "judging"}

# Colour and icon. The sentences say the same.
STYLES = {
    Health.PENDING: ("muted", "hourglass"),
    Health.GOOD: ("ok", "circle-check"),
    Health.DOUBTFUL: ("warn", "alert-triangle"),
    Health.BROKEN: ("alarm", "circle-x"),
}


@register.inclusion_tag("submissions/_light.html")
def light(submission: Submission, reader: str = "team", picture: bool = True) -> dict[str, Any]:
    """`reader` is `team`, `organizer` or `jury`. Needs `select_related("inspection")`."""
    if reader not in URL_NAMESPACES:
        raise ValueError(f"Unknown reader {reader!r}")
    inspection: Inspection | None = getattr(submission, "inspection", None)
    if inspection is None or submission.text:
        return {}
    namespace = URL_NAMESPACES[reader]
    colour, icon = STYLES[Health(inspection.health)]
    return {
        "submission": submission,
        "colour": colour,
        "icon": icon,
        "sentences": _sentences(inspection, to_team=reader == "team"),
        "thumbnail": f"{namespace}:thumbnail" if picture and inspection.thumbnail else "",
        "content": f"{namespace}:content",
        "query": "?inline" if namespace == "submissions" else "",
    }


def _sentences(inspection: Inspection, *, to_team: bool) -> list[str]:
    if inspection.health == Health.PENDING:
        return [_("Vérification en cours…")]
    return sentences(inspection.facts, inspection.findings, to_team=to_team)


@register.filter
def finding(submission: Submission) -> str:
    """The most serious one, for organizers."""
    return sentences(submission.inspection.facts, submission.inspection.findings, to_team=False)[0]
