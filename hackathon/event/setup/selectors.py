from dataclasses import dataclass

from django.db.models import Q, QuerySet

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from judging.models import Juror, Score
from submissions.models import Submission
from teams.models import Membership, Student


def is_installed() -> bool:
    """Two queries at most."""
    return Edition.objects.exists() or User.objects.filter(is_superuser=True).exists()


def students_of(edition: Edition) -> QuerySet[User]:
    """By the lists of the school, or as members of a team."""
    listed = Student.objects.filter(edition=edition).values("user")
    members = Membership.objects.filter(edition=edition).values("user")
    return User.objects.filter(Q(pk__in=listed) | Q(pk__in=members))


@dataclass(frozen=True)
class Contents:
    """What would go with an edition. `is_used`: there are submissions or marks."""

    departments: int
    teams: int
    students: int
    jurors: int
    is_used: bool


def contents_of(edition: Edition) -> Contents:
    """Six queries."""
    return Contents(
        departments=edition.departments.count(),
        teams=edition.teams.count(),
        students=students_of(edition).count(),
        jurors=Juror.objects.filter(department__edition=edition).count(),
        is_used=Submission.objects.filter(team__edition=edition).exists()
        or Score.objects.filter(sheet__team__edition=edition).exists(),
    )
