from django.db.models import OuterRef, Subquery

from hackathon.accounts.models import User
from hackathon.core.selectors import get_or_not_found
from hackathon.editions.models import Department, Edition
from teams.enums import StudentFilter
from teams.models import Membership, Student
from teams.models.team import StudentQuerySet


def students_of(
    edition: Edition,
    *,
    department: Department | None = None,
    which: StudentFilter = StudentFilter.ALL,
) -> StudentQuerySet:
    """With user, department, `team_name` and `team_room`. For organizers only."""
    places = Membership.objects.filter(edition=edition, user=OuterRef("user"))
    students = (
        Student.objects.filter(edition=edition)
        .select_related("user", "department")
        .annotate(
            team_name=Subquery(places.values("team__name")),
            team_room=Subquery(places.values("team__room")),
        )
    )
    if department is not None:
        students = students.filter(department=department)
    if which == StudentFilter.NOT_INVITED:
        return students.filter(invited_at__isnull=True)
    if which == StudentFilter.NEVER_SIGNED_IN:
        return students.never_came()
    if which == StudentFilter.WITHOUT_TEAM:
        return students.filter(team_name__isnull=True)
    return students


def listed_department(user: User, edition: Edition) -> Department | None:
    """That of the school's list; None without an entry or a department in it."""
    entries = Student.objects.filter(edition=edition, user=user).select_related("department")
    student = entries.first()
    return student.department if student else None


def get_student(edition: Edition, pk: int) -> Student:
    """As `students_of`. Raises `NotFound`. The caller checks the right."""
    return get_or_not_found(students_of(edition), pk=pk)
