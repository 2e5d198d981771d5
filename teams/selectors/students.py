from datetime import datetime, timedelta

from django.db.models import Max, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hackathon.base.accounts.models import User
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.moves import Move
from teams.enums import StudentFilter
from teams.models import Membership, Student
from teams.models.team import StudentQuerySet

# Two organizers, or one who taps twice, must not mail everybody twice.
INVITED_AGAIN_AFTER = timedelta(minutes=10)


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


def to_invite(
    edition: Edition, *, department: Department | None, which: StudentFilter, at: datetime
) -> StudentQuerySet:
    """Without those whose invitation waits, or left less than `INVITED_AGAIN_AFTER` ago."""
    students = students_of(edition, department=department, which=which)
    recent = Q(invited_at__gte=at - INVITED_AGAIN_AFTER)
    return students.filter(user__is_active=True, mail_at=None).exclude(recent)


def preview_invitation(
    edition: Edition, *, department: Department | None, which: StudentFilter, at: datetime
) -> Move | None:
    """None if no student is to be mailed."""
    n = to_invite(edition, department=department, which=which, at=at).count()
    text = ngettext("{n} personne reçoit un e-mail.", "{n} personnes reçoivent un e-mail.", n)
    follows = [text.format(n=n)]
    if edition.deadline_at < at:
        follows.append(_("L’heure limite est déjà passée."))
    follows.append(_("Les e-mails partent 20 secondes après : « Annuler » les arrête avant."))
    key = f"{which}|{department.pk if department else ''}|{n}"
    return Move(edition=edition, at=at, changes=[], key=key, follows=tuple(follows)) if n else None


def waiting_until(edition: Edition, *, at: datetime) -> datetime | None:
    """When the invitations that wait leave. One query."""
    waiting = Student.objects.filter(edition=edition, mail_at__gt=at)
    return waiting.aggregate(last=Max("mail_at"))["last"]


def listed_department(user: User, edition: Edition) -> Department | None:
    """That of the school's list; None without an entry or a department in it."""
    entries = Student.objects.filter(edition=edition, user=user).select_related("department")
    student = entries.first()
    return student.department if student else None


def get_student(edition: Edition, pk: int) -> Student:
    """As `students_of`. Raises `NotFound`. The caller checks the right."""
    return get_or_not_found(students_of(edition), pk=pk)
