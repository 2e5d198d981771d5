from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refusal
from hackathon.day.site.rules import missing
from hackathon.day.site.selectors import legal_notice
from hackathon.event.editions import selectors as editions
from hackathon.event.editions.models import Brief, Department, Edition
from judging.models import Criterion, Juror, Score
from submissions.models import Deliverable, Submission
from teams.models import Membership, Student


def is_installed() -> bool:
    """Two queries at most."""
    return Edition.objects.exists() or User.objects.filter(is_superuser=True).exists()


@dataclass(frozen=True)
class DepartmentFacts:
    department: Department
    has_brief: bool
    deliverables: int
    criteria: int
    jurors: int
    has_president: bool


@dataclass(frozen=True)
class Facts:
    """What an edition has already."""

    departments: list[DepartmentFacts]
    milestones: int
    organizers: int
    teams: int
    students: int
    oddities: list[Refusal]
    missing_in_notice: list[str]


def facts_of(edition: Edition, *, at: datetime) -> Facts:
    """Thirteen queries, whatever the size."""
    in_edition = Q(department__edition=edition)
    seated = Juror.objects.seated().filter(in_edition)
    briefs = _by_department(Brief.objects.filter(in_edition))
    deliverables = _by_department(Deliverable.objects.filter(in_edition))
    criteria = _by_department(Criterion.objects.filter(in_edition))
    jurors = _by_department(seated)
    presidents = _by_department(seated.filter(is_president=True))
    return Facts(
        departments=[
            DepartmentFacts(
                department,
                has_brief=department.pk in briefs,
                deliverables=deliverables[department.pk],
                criteria=criteria[department.pk],
                jurors=jurors[department.pk],
                has_president=department.pk in presidents,
            )
            for department in edition.departments.all()
        ],
        milestones=edition.milestones.count(),
        organizers=edition.organizers.count(),
        teams=edition.teams.count(),
        students=students_of(edition).count(),
        oddities=editions.oddities(edition, at=at),
        missing_in_notice=missing(legal_notice()),
    )


def _by_department(rows: QuerySet[Any]) -> Counter[int]:
    return Counter(dict(rows.order_by().values_list("department").annotate(Count("pk"))))


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
