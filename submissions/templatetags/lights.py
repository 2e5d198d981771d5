from typing import Any

from django import template
from django.utils.translation import gettext as _

from submissions.enums import Health
from submissions.inspection.result import FindingCode
from submissions.inspection.selectors import is_copy_awaited
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


@register.inclusion_tag("submissions/inspection/_light.html")
def light(
    submission: Submission, reader: str = "team", picture: bool = True, is_settled: bool = False
) -> dict[str, Any]:
    """`reader` is `team`, `organizer` or `jury`. Needs `select_related("inspection")`. The version
    must be the one that counts. `is_settled`: a new one would not.
    """
    if reader not in URL_NAMESPACES:
        raise ValueError(f"Unknown reader {reader!r}")
    inspection: Inspection | None = getattr(submission, "inspection", None)
    if inspection is None or submission.text:
        return {}
    namespace = URL_NAMESPACES[reader]
    colour, icon = STYLES[_health(inspection)]
    return {
        "submission": submission,
        "colour": colour,
        "icon": icon,
        "sentences": _sentences(inspection, to_team=reader == "team", is_settled=is_settled),
        "thumbnail_route": f"{namespace}:thumbnail" if picture and inspection.thumbnail else "",
        "content_route": f"{namespace}:content",
        "query": "?inline" if namespace == "submissions" else "",
    }


def _sentences(inspection: Inspection, *, to_team: bool, is_settled: bool) -> list[str]:
    if inspection.health == Health.PENDING:
        return [_("Vérification en cours…")]
    findings = _findings(inspection)
    lines = sentences(inspection.facts, findings, to_team=to_team, is_settled=is_settled)
    if to_team and findings != inspection.findings:
        copied = _("Le jury en verra une copie qui s’ouvre partout. Votre fichier reste intact.")
        lines.append(copied)
    return lines


def _findings(inspection: Inspection) -> list[dict[str, Any]]:
    """The format of a video that has a copy, or will get one, is not reported."""
    if not inspection.reading_copy and not is_copy_awaited(inspection):
        return inspection.findings
    return [one for one in inspection.findings if one["code"] != FindingCode.RARE_FORMAT]


def _health(inspection: Inspection) -> Health:
    is_copied = inspection.findings and not _findings(inspection)
    return Health.GOOD if is_copied else Health(inspection.health)


@register.filter
def finding(submission: Submission) -> str:
    """The most serious one, for organizers."""
    return sentences(submission.inspection.facts, submission.inspection.findings, to_team=False)[0]
