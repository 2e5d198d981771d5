"""A record has all that is needed to compute the ranking again, with the names at the lock."""

import hashlib
import tomllib
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from django.conf import settings

from judging.deliberation import envelope
from judging.deliberation.selectors.decision import (
    DecisionState,
    Signer,
    signers_of,
)
from judging.deliberation.selectors.hearings import passages_record
from judging.deliberation.selectors.marks import marks_record
from judging.enums import HEARING
from judging.models import Deliberation, NominationSeal
from judging.ranking import grid, noise, standings
from judging.ranking.departures import Departure
from judging.ranking.results import DepartmentRanking, RankingResult
from judging.ranking.selectors import RankingInputs

RANKING_MODULES = (standings, grid, noise)


# In the second of two acts these are what they were when the nominees were locked.
OF_THE_NIGHT = (
    "criteria",
    "teams",
    "jurors",
    "recusals",
    "sheets",
    "parameters",
    "code",
    "ranking",
)


@dataclass(frozen=True)
class Draft:
    """With the jury locked no mark comes in between: all of it is of one state. `nominated`: in the
    second of two acts, the seal of the first one.
    """

    inputs: RankingInputs
    decided: DecisionState
    ranking: DepartmentRanking
    deliberation: Deliberation
    nominated: NominationSeal | None

    def record(self, results: envelope.Results, absent: Collection[int]) -> dict[str, Any]:
        """`absent`: jurors by id, as the president said; who has signed was not absent."""
        record = record_of(
            results,
            self.inputs,
            self.ranking.result,
            self.decided,
            signers_of(self.inputs.department),
            self.ranking.departures(self.decided.ranks),
            absent,
        )
        if self.nominated is not None:
            record |= {key: self.nominated.record[key] for key in OF_THE_NIGHT}
            record[HEARING] = passages_record(self.inputs.department)
        return record


def record_of(
    results: envelope.Results,
    inputs: RankingInputs,
    result: RankingResult,
    decided: DecisionState,
    signers: Iterable[Signer],
    departures: Iterable[Departure],
    absent: Collection[int],
) -> dict[str, Any]:
    """`results` becomes public. All other keys are for readers of the minutes."""
    deliberation = decided.deliberation
    assert deliberation is not None
    signers = list(signers)
    unsigned = [s.juror.pk for s in signers if s.signed_at is None]
    return {
        "results": results,
        **marks_record(inputs),
        "code": code_version(),
        "ranking": {
            "standings": [asdict(standing) for standing in result.standings],
            "groups": result.groups,
            "jurors": [asdict(severity) for severity in result.jurors],
            "not_ranked": result.not_ranked,
            "pairs": [[*pair, p] for pair, p in result.pairs.items()],
            "reliabilities": result.reliabilities,
            "wanted": [[team, n] for team, n in inputs.wanted.items()],
        },
        "decision": {
            "nominees": [team.pk for team in decided.nominees],
            "places": [
                {"rank": place.rank, "teams": [team.pk for team in place.teams]}
                for place in decided.places
            ],
            "special": [{"title": p.title, "team": p.team.pk} for p in decided.special],
            "reason": deliberation.reason,
            "departures": [asdict(d) for d in departures],
            "order_confirmed": deliberation.order_confirmed,
        },
        "signatures": [
            {"juror": s.juror.pk, "at": s.signed_at.isoformat()} for s in signers if s.signed_at
        ],
        "absent": [pk for pk in unsigned if pk in absent],
        "unsigned": [pk for pk in unsigned if pk not in absent],
    }


@cache
def code_version() -> dict[str, str]:
    project = settings.BASE_DIR / "pyproject.toml"
    version = ""
    if project.exists():
        version = tomllib.loads(project.read_text())["project"]["version"]
    digest = hashlib.sha256()
    for module in RANKING_MODULES:
        source = module.__spec__.loader.get_data(module.__file__)  # type: ignore[union-attr]
        digest.update(source)
    return {"version": version, "sha256": digest.hexdigest()}
