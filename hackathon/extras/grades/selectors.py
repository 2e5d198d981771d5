from datetime import datetime
from typing import Any

from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.extras.grades.enums import GradeKind
from hackathon.extras.grades.models import OwnGrade
from hackathon.extras.grades.rules import Grade, bounded
from judging.models import Deliberation
from judging.ranking.selectors import recorded_ranking
from teams.models import Membership, Student


def grades_of(edition: Edition, *, at: datetime) -> list[Grade]:
    """Of everybody in a team, by department and name: the own grade, or else the team's mark with
    its correction. Raises NotFound if the day is not graded, and until the results are published.
    Four queries.
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
    own: dict[int, dict[str, Any]] = {
        given.user_id: {
            "is_absent": given.kind == GradeKind.ABSENT,
            "is_excused": given.kind == GradeKind.NONE,
            "mark": given.mark,
        }
        for given in OwnGrade.objects.filter(edition=edition)
    }
    members = Membership.objects.filter(edition=edition)
    order = ("team__department__position", "team__department__name", "user__name", "pk")
    return [
        Grade(
            name=member.user.display_name,
            email="" if member.user.deleted_at else member.user.email,
            number=numbers.get(member.user_id, ""),
            department=member.team.department.code,
            team=member.team.name,
            **own.get(member.user_id)
            or {
                "is_absent": bool(member.team.absent_at or member.absent_at),
                "mark": marks.get(member.team_id),
            },
        )
        for member in members.select_related("user", "team__department").order_by(*order)
    ]


def get_member(edition: Edition, pk: int) -> Membership:
    members = Membership.objects.filter(edition=edition).select_related("user", "team")
    return get_or_not_found(members, pk=pk)


def get_own_grade(edition: Edition, pk: int) -> OwnGrade:
    return get_or_not_found(OwnGrade.objects.filter(edition=edition), pk=pk)


def own_grades(edition: Edition) -> list[tuple[OwnGrade, Membership | None]]:
    """By name, with where the person is now. Two queries."""
    members = Membership.objects.filter(edition=edition).select_related("team")
    rows = OwnGrade.objects.filter(edition=edition).select_related("user", "set_by")
    by_user = {member.user_id: member for member in members.filter(user__in=rows.values("user"))}
    return [(own, by_user.get(own.user_id)) for own in rows]


def own_grades_in(team: int, edition: Edition) -> list[tuple[Membership, OwnGrade | None]]:
    """By member. Two queries."""
    members = Membership.objects.filter(edition=edition, team=team).select_related("user")
    rows = OwnGrade.objects.filter(edition=edition, user__memberships__team=team)
    by_user = {own.user_id: own for own in rows}
    return [(member, by_user.get(member.user_id)) for member in members]


def own_grade_of(user: int, edition: Edition) -> OwnGrade | None:
    return OwnGrade.objects.filter(edition=edition, user=user).first()
