"""All marks of a jury, as the record of a lock keeps them. No access check."""

from typing import Any

from judging.models import Juror, Recusal
from judging.ranking import standings
from judging.ranking.selectors import RankingInputs


def marks_record(inputs: RankingInputs) -> dict[str, Any]:
    """What the ranking is computed from, with the names as they are now."""
    department = inputs.department
    return {
        "department": {"code": department.code, "name": department.name},
        "edition": {"slug": department.edition.slug, "name": department.edition.name},
        "criteria": [
            {"id": c.pk, "name": c.name, "weight": c.weight, "scale": c.scale}
            for c in inputs.criteria
        ],
        "teams": [{"id": team.pk, "name": team.name} for team in inputs.teams.values()],
        "jurors": _jurors(inputs),
        "recusals": sorted(_recusals(inputs)),
        "sheets": [
            {
                "juror": sheet.juror,
                "team": sheet.team,
                "marks": {str(pk): f"{value.normalize():f}" for pk, value in sheet.marks.items()},
            }
            for sheet in inputs.sheets
        ],
        "parameters": {
            "method": str(inputs.rules.method),
            "separation": f"{inputs.rules.separation:.2f}",
            # Pooled over all juries, whose marks are not in this record: without it the ranking
            # could not be computed again.
            "noise": inputs.noise.as_dict(),
            "model": standings.MODEL,
        },
    }


def _jurors(inputs: RankingInputs) -> list[dict[str, Any]]:
    """Those who marked a sheet that counts, and those still seated."""
    marked = {sheet.juror for sheet in inputs.sheets}
    jurors = Juror.objects.filter(department=inputs.department).select_related("user")
    return [
        {
            "id": juror.pk,
            "name": juror.user.display_name,
            "kind": str(juror.kind),
            "president": juror.is_president,
            "left": juror.left_at is not None,
        }
        for juror in jurors
        if juror.left_at is None or juror.pk in marked
    ]


def _recusals(inputs: RankingInputs) -> list[tuple[int, int]]:
    """Without the reasons, which are private."""
    recusals = Recusal.objects.filter(team__in=inputs.teams)
    return list(recusals.values_list("juror_id", "team_id"))
