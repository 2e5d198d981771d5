"""The deliberations of a rehearsal: the presidents take the two best teams of each department."""

from datetime import datetime

from hackathon.base.core.errors import Refused
from hackathon.event.editions.models import Edition
from judging.deliberation.services import decision
from judging.ranking.selectors import ranking_of


class NotDecided(Exception):
    pass


def make(edition: Edition, *, at: datetime) -> None:
    """Raises `NotDecided`: a department without any mark."""
    for department in edition.departments.all():
        president = department.jurors.get(is_president=True).user
        teams = [line.team.pk for line in ranking_of(department).standings]
        teams = (teams or list(department.teams.values_list("pk", flat=True)))[:2]
        if not teams:
            continue
        try:
            decision.decide(
                department=department,
                nominees=teams,
                places={pk: place for place, pk in enumerate(teams, 1)},
                reason="Répétition.",
                order_confirmed=True,
                by=president,
                at=at,
            )
            decision.lock(department=department, by=president, at=at)
        except Refused as refused:
            raise NotDecided(f"{department.code}: {refused.refusal}") from refused
