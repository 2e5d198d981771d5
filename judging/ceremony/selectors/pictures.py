from collections.abc import Mapping, Sequence
from datetime import datetime

from hackathon.editions.models import Edition
from submissions.deposits.selectors import TeamDeposits, deposits_by_team
from submissions.models import Inspection, Submission
from teams.models import Team


def pictures_of(edition: Edition, teams: Sequence[Team], *, at: datetime) -> dict[int, Submission]:
    """The first submission with a thumbnail, by team id. No access check. Three queries."""
    if not teams:
        return {}
    return pictures_among(deposits_by_team(edition, teams, at=at))


def pictures_among(deposits: Mapping[int, TeamDeposits]) -> dict[int, Submission]:
    pictures = {pk: _picture(deposit) for pk, deposit in deposits.items()}
    return {pk: submission for pk, submission in pictures.items() if submission is not None}


def _picture(deposits: TeamDeposits) -> Submission | None:
    for status in deposits.statuses:
        if status.counting is None:
            continue
        submission = status.counting.submission
        inspection: Inspection | None = getattr(submission, "inspection", None)
        if inspection is None or not inspection.thumbnail:
            continue
        if inspection.facts.get("type") != "archive":  # small pictures of the sources
            return submission
    return None
