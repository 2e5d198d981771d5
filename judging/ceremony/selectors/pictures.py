from collections.abc import Mapping, Sequence
from datetime import datetime

from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from submissions.models import Inspection, Submission
from submissions.versions.selectors import TeamDeposits, deposits_by_team
from teams.enums import Circle
from teams.models import Team


def pictures_of(edition: Edition, teams: Sequence[Team], *, at: datetime) -> dict[int, Submission]:
    """The first submission with a thumbnail, by team id. No access check. Four queries.

    In the ceremony of teams in which no member has refused that the works are public; once the
    results are published, of teams in which all members have agreed. Never if an organizer hides
    the works.
    """
    if not teams:
        return {}
    agreed = Team.objects.filter(pk__in=[team.pk for team in teams], works_hidden_because="")
    if results_are_public(edition, at=at):
        agreed = agreed.showing_works_to(Circle.EVERYBODY)
    else:
        agreed = agreed.exclude(memberships__shows_works_to__in=(Circle.NOBODY, Circle.EDITION))
    pks = set(agreed.values_list("pk", flat=True))
    shown = [team for team in teams if team.pk in pks]
    return pictures_among(deposits_by_team(edition, shown, at=at)) if shown else {}


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
