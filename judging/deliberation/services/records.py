"""What is kept of a decision at its lock, so that anybody can be answered who asks how it came.

Names as they were in that instant: a team that is renamed, a juror who leaves change nothing.
"""

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from typing import Any

from django.conf import settings

from judging.deliberation.selectors.decision import DecisionState, Signer
from judging.deliberation.selectors.envelopes import results_to_seal
from judging.models import Deliberation, Juror, Recusal
from judging.ranking import grid, noise
from judging.ranking import noise as ranking_noise
from judging.ranking import standings as ranking
from judging.ranking.departures import Departing
from judging.ranking.selectors import Basis, Ranked

COMPUTED_BY = (ranking, grid, noise)


def record_of(
    deliberation: Deliberation,
    basis: Basis,
    ranked: Ranked,
    decided: DecisionState,
    signers: Iterable[Signer],
    departing: Iterable[Departing],
) -> dict[str, Any]:
    """Inputs, parameters, code and results of a deliberation that is being locked.

    `results` are what its envelope holds, and what everybody may read in the end; all else is the
    jury's.
    """
    department, signers = basis.department, list(signers)
    return {
        "results": results_to_seal(deliberation),
        "department": {"code": department.code, "name": department.name},
        "edition": {"slug": department.edition.slug, "name": department.edition.name},
        "criteria": [
            {"id": c.pk, "name": c.name, "weight": c.weight, "scale": c.scale}
            for c in basis.criteria
        ],
        "teams": [{"id": team.pk, "name": team.name} for team in basis.teams.values()],
        "jurors": _jurors(basis),
        "recusals": sorted(_recusals(basis)),
        "sheets": [
            {
                "juror": sheet.juror,
                "team": sheet.team,
                "marks": {str(pk): f"{value.normalize():f}" for pk, value in sheet.marks.items()},
            }
            for sheet in basis.sheets
        ],
        "parameters": {
            "method": str(basis.rules.method),
            "separation": f"{basis.rules.separation:.2f}",
            "noise": _noise(basis.noise),
        },
        "code": code_version(),
        "ranking": {
            "standings": [asdict(standing) for standing in ranked.standings],
            "groups": ranked.groups,
            "jurors": [asdict(severity) for severity in ranked.jurors],
            "not_ranked": ranked.not_ranked,
        },
        "decision": {
            "nominees": [team.pk for team in decided.nominees],
            "places": [
                {"rank": place.rank, "teams": [team.pk for team in place.teams]}
                for place in decided.places
            ],
            "special": [{"title": p.title, "team": p.team.pk} for p in decided.special],
            "reason": deliberation.reason,
            "departures": [asdict(d) for d in departing],
            "order_confirmed": deliberation.order_confirmed,
        },
        "signatures": [
            {"juror": s.juror.pk, "at": s.signed_at.isoformat()} for s in signers if s.signed_at
        ],
        "absent": [s.juror.pk for s in signers if s.signed_at is None],
    }


@cache
def code_version() -> dict[str, str]:
    """The version of the program, and the SHA-256 of the sources that rank."""
    project = settings.BASE_DIR / "pyproject.toml"
    version = ""
    if project.exists():
        version = tomllib.loads(project.read_text())["project"]["version"]
    digest = hashlib.sha256()
    for module in COMPUTED_BY:
        source = module.__spec__.loader.get_data(module.__file__)  # type: ignore[union-attr]
        digest.update(source)
    return {"version": version, "sha256": digest.hexdigest()}


def _jurors(basis: Basis) -> list[dict[str, Any]]:
    """Those who marked or still sit."""
    marked = {sheet.juror for sheet in basis.sheets}
    jurors = Juror.objects.filter(department=basis.department).select_related("user")
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


def _recusals(basis: Basis) -> list[tuple[int, int]]:
    """Who did not judge whom. Why, is nobody's affair."""
    found = Recusal.objects.filter(team__in=basis.teams)
    return list(found.values_list("juror_id", "team_id"))


def _noise(noise: ranking_noise.Noise) -> dict[str, Any]:
    lists = {name: getattr(noise, name).tolist() for name in ("weights", "error", "juror", "team")}
    return {**lists, "freedom": noise.freedom}
