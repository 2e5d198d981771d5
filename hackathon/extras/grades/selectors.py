from datetime import datetime

from hackathon.base.core.errors import NotFound
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.extras.grades.rules import Grade, bounded
from judging.models import Deliberation
from judging.ranking.selectors import recorded_ranking
from teams.models import Membership, Student


def grades_of(edition: Edition, *, at: datetime) -> list[Grade]:
    """Of everybody in a team, by department and name: the team's mark with its correction. Raises
    NotFound if the day is not graded, and until the results are published. Three queries.
    """
    if not edition.is_graded or not results_are_public(edition, at=at):
        raise NotFound
    records = Deliberation.objects.published(at).filter(department__edition=edition)
    marks = {
        standing.team: bounded(standing.estimate)
        for record in records.values_list("record", flat=True)
        if "ranking" in record
        for standing in recorded_ranking(record).standings
    }
    listed = Student.objects.filter(edition=edition)
    numbers = dict(listed.values_list("user_id", "number"))
    members = Membership.objects.filter(edition=edition)
    order = ("team__department__position", "team__department__name", "user__name", "pk")
    return [
        Grade(
            name=member.user.display_name,
            email="" if member.user.deleted_at else member.user.email,
            number=numbers.get(member.user_id, ""),
            department=member.team.department.code,
            team=member.team.name,
            is_absent=bool(member.team.absent_at or member.absent_at),
            mark=marks.get(member.team_id),
        )
        for member in members.select_related("user", "team__department").order_by(*order)
    ]
