"""Reads, with the right of access built in: who may not see something gets `Http404`, as if it were
not there.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, QuerySet, Sum
from django.http import Http404

from hackathon.accounts.models import User
from hackathon.editions import rules
from hackathon.editions.enums import Addressee, Phase, QuestionState
from hackathon.editions.models import (
    Announcement,
    AnnouncementReach,
    Brief,
    BriefAttachment,
    CannedAnswer,
    Department,
    Edition,
    Milestone,
    Publication,
    Question,
    ReadMark,
    ScreenChoice,
)
from hackathon.editions.models.question import SETTLED
from hackathon.editions.rules import questions
from hackathon.editions.rules.questions import Answerer

type AnyUser = User | AnonymousUser


@dataclass(frozen=True)
class Reach:
    """Open pages on which an announcement arrived, as those pages said themselves."""

    in_five_seconds: int
    in_a_minute: int


def is_organizer(user: AnyUser, edition: Edition | None) -> bool:
    """Whether `user` organizes `edition`. Superusers do; people not signed in never."""
    if edition is None or not user.is_authenticated:
        return False
    return user.is_superuser or edition.organizers.filter(pk=user.pk).exists()


def organizers_among(users: Iterable[User], edition: Edition) -> set[int]:
    """The primary keys of those who organize `edition`; one query."""
    asked = list(users)
    found = edition.organizers.filter(pk__in=[user.pk for user in asked])
    return {*found.values_list("pk", flat=True), *(u.pk for u in asked if u.is_superuser)}


def may_create_editions(user: AnyUser) -> bool:
    """Superusers, and whoever organizes some edition."""
    if not user.is_authenticated:
        return False
    return user.is_superuser or Edition.objects.filter(organizers=user.pk).exists()


def organized_edition(user: AnyUser, edition: Edition | None) -> Edition:
    """`edition`, if `user` organizes it; raises `Http404` otherwise, or without an edition."""
    if edition is None or not is_organizer(user, edition):
        raise Http404
    return edition


def get_organized_edition(user: AnyUser, slug: str) -> Edition:
    """The edition at this address, for its organizers."""
    return organized_edition(user, Edition.objects.filter(slug=slug).first())


def organized_editions(user: AnyUser) -> "QuerySet[Edition]":
    """Every edition that `user` organizes, newest first. Raises `Http404` if there is none."""
    if not may_create_editions(user):
        raise Http404
    found = Edition.objects.annotate(department_count=Count("departments"))
    return found if user.is_superuser else found.filter(organizers=user.pk)


def get_organized_department(user: AnyUser, pk: int) -> Department:
    """A department with its edition, for the organizers of that edition."""
    department = Department.objects.select_related("edition").filter(pk=pk).first()
    if department is None:
        raise Http404
    organized_edition(user, department.edition)
    return department


def get_milestone(edition: Edition, pk: int) -> Milestone:
    """A stored milestone of an edition that the caller was given."""
    found = Milestone.objects.filter(edition=edition, pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_department(edition: Edition, pk: int) -> Department:
    """A department of an edition that the caller was given."""
    found = Department.objects.filter(edition=edition, pk=pk).first()
    if found is None:
        raise Http404
    found.edition = edition
    return found


def has_departments(edition: Edition) -> bool:
    """Whether there is a department, without which nobody can register a team; one query."""
    return edition.departments.exists()


def is_open_for_nothing(edition: Edition, *, at: datetime) -> bool:
    """Whether the instants say that registration is open, and there is no department to register
    in; the database is asked only while they do.
    """
    return rules.phase(edition, at=at) == Phase.REGISTRATION and not has_departments(edition)


def departments_with_briefs(edition: Edition) -> list[Department]:
    """Departments in order, with their briefs (if written) and attachments: for organizers."""
    found = edition.departments.select_related("brief").prefetch_related("brief__attachments")
    return list(found)


def get_organizer(edition: Edition, pk: int) -> User:
    """A person who organizes an edition that the caller was given."""
    found = edition.organizers.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def organizers_of(edition: Edition) -> list[User]:
    """Who organizes an edition that the caller was given."""
    return list(edition.organizers.order_by("name", "email"))


def brief_of(department: Department) -> Brief | None:
    """The brief of a department that the caller organizes, with its attachments."""
    return Brief.objects.filter(department=department).prefetch_related("attachments").first()


def get_attachment_of(edition: Edition, pk: uuid.UUID) -> BriefAttachment:
    """An attachment of an edition that the caller organizes."""
    found = (
        BriefAttachment.objects.select_related("brief__department")
        .filter(brief__department__edition=edition, pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found


def moments(edition: Edition) -> list[rules.Moment]:
    """The day's line, in one query."""
    return rules.day_line(edition, edition.milestones.all())


def screen_choices(edition: Edition) -> list[ScreenChoice]:
    """What the projectors were told to show, that of all of them first. One query."""
    return list(edition.screen_choices.select_related("chosen_by", "department"))


def find_department(edition: Edition, code: str) -> Department | None:
    """The department with this code; one query, none without a code."""
    return edition.departments.filter(code__iexact=code).first() if code else None


def visible_briefs(user: AnyUser, edition: Edition, at: datetime) -> "QuerySet[Brief]":
    """The briefs that exist for `user` at `at`, in the departments' order."""
    briefs = (
        Brief.objects.filter(department__edition=edition)
        .select_related("department")
        .prefetch_related("attachments")
        .order_by("department__position", "department__name")
    )
    return briefs if is_organizer(user, edition) else briefs.published(at)


def get_brief_for(user: AnyUser, code: str, edition: Edition | None, at: datetime) -> Brief:
    """The brief of the department `code`. Before its instant `Http404`, as for an unknown code."""
    if edition is None:
        raise Http404
    brief = visible_briefs(user, edition, at).filter(department__code__iexact=code).first()
    if brief is None:
        raise Http404
    brief.department.edition = edition
    return brief


def get_attachment_for(user: AnyUser, pk: uuid.UUID, at: datetime) -> BriefAttachment:
    """An attachment, exactly as secret as its brief. Raises `Http404`."""
    found = (
        BriefAttachment.objects.select_related("brief__department__edition").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    published = rules.brief_is_published(found.brief, at=at)
    if not published and not is_organizer(user, found.brief.department.edition):
        raise Http404
    return found


def announcements_for(
    edition: Edition, audiences: Iterable[str], limit: int = 50, *, at: datetime
) -> list[Announcement]:
    """The newest announcements to any of these audiences (names of `core.live`) that are out."""
    mine = edition.announcements.published(at).filter(audience__in=list(audiences))
    return list(mine[:limit])


def announcement_stamps(
    edition: Edition, audiences: Iterable[str], limit: int = 50, *, at: datetime
) -> list[str]:
    """The stamps of the same announcements as `announcements_for`, without their texts."""
    mine = edition.announcements.published(at).filter(audience__in=list(audiences))
    return [announcement.stamp for announcement in mine.only("pk", "revision")[:limit]]


def pending_announcements(edition: Edition, *, at: datetime) -> list[Announcement]:
    """What waits for its instant, soonest first. The caller has checked that an organizer asks."""
    found = edition.announcements.pending(at).select_related("published_by")
    return list(found.order_by("published_at", "id"))


def get_announcement_of(edition: Edition, pk: int) -> Announcement:
    """An announcement, out or not, of an edition that the caller organizes. Raises `Http404`."""
    found = edition.announcements.filter(pk=pk, withdrawn_at=None).first()
    if found is None:
        raise Http404
    return found


def untold_announcements(*, at: datetime) -> list[int]:
    """The ids of those of which open pages have to be told, soonest first."""
    found = Announcement.objects.untold(at).order_by("published_at", "id")
    return list(found.values_list("pk", flat=True))


def reach_of(announcement_pks: Iterable[int]) -> dict[int, Reach]:
    """On how many open pages each arrived; none is missing. One query."""
    pks = list(announcement_pks)
    rows = AnnouncementReach.objects.filter(announcement__in=pks).values_list("announcement_id")
    sums = rows.annotate(Sum("in_five_seconds"), Sum("in_a_minute"))
    return dict.fromkeys(pks, Reach(0, 0)) | {pk: Reach(*counts) for pk, *counts in sums}


def read_stamps(user: AnyUser, stamps: Iterable[str]) -> set[str]:
    """Which of these texts `user` has read; one query, none for nobody."""
    if not user.is_authenticated:
        return set()
    marks = ReadMark.objects.filter(user=user, stamp__in=list(stamps))
    return set(marks.values_list("stamp", flat=True))


# ---------------------------------------------------------------- questions


def questions_of_team(team_pk: int, limit: int = 100) -> list[Question]:
    """What this team asked, newest first, for its members. One query."""
    found = Question.objects.filter(team_pk=team_pk).select_related(
        "asked_by", "publication", "duplicate_of__question"
    )
    return list(found.order_by("-asked_at", "-id")[:limit])


def queue(edition: Edition, who: Answerer, *, settled: int = 50) -> list[Question]:
    """What `who` may answer, the oldest that waits first, then the newest of what is settled. Two
    queries.
    """
    found = Question.objects.filter(department__edition=edition).select_related(
        "department", "asked_by", "taken_by", "settled_by", "publication"
    )
    if not who.organizer:
        found = found.filter(to=Addressee.CLIENT, department__in=list(who.client_of))
    waiting = found.exclude(state__in=SETTLED)
    return [*waiting, *found.filter(state__in=SETTLED).order_by("-settled_at")[:settled]]


def waiting_count(edition: Edition, who: Answerer) -> int:
    """How many questions wait for `who`, taken ones not counted. One query."""
    found = Question.objects.filter(department__edition=edition, state=QuestionState.OPEN)
    if not who.organizer:
        found = found.filter(to=Addressee.CLIENT, department__in=list(who.client_of))
    return found.count()


def get_question_for(who: Answerer, edition: Edition | None, pk: int) -> Question:
    """A question that `who` may answer. Raises `Http404`."""
    found = (
        Question.objects.filter(department__edition=edition, pk=pk)
        .select_related("department__edition", "asked_by", "taken_by", "settled_by", "publication")
        .first()
    )
    if edition is None or found is None or not who.may_answer(found):
        raise Http404
    return found


def publications(
    edition: Edition, audiences: Iterable[str], limit: int = 100, *, at: datetime
) -> list[Publication]:
    """What was answered for all of these audiences to read, newest first; of the question only what
    it is about is shown. One query.
    """
    found = (
        Publication.objects.filter(
            question__department__edition=edition, audience__in=list(audiences), withdrawn_at=None
        )
        .select_related("question__department__brief")
        .order_by("-published_at", "-id")[:limit]
    )
    return [
        publication
        for publication in found
        if questions.publication_is_visible(
            publication,
            edition,
            getattr(publication.question.department, "brief", None),
            at=at,
        )
    ]


def get_publication_of(edition: Edition, pk: int) -> Publication | None:
    """A published answer of an edition that the caller answers questions in; None if it is gone."""
    found = Publication.objects.select_related("question__department")
    return found.filter(question__department__edition=edition, pk=pk, withdrawn_at=None).first()


def canned_answers(edition: Edition) -> list[CannedAnswer]:
    """Answers ready to be sent, in order, for whoever answers."""
    return list(edition.canned_answers.all())


def get_canned_answer(edition: Edition, pk: int) -> CannedAnswer:
    """One of them, of an edition that the caller organizes. Raises `Http404`."""
    found = CannedAnswer.objects.filter(edition=edition, pk=pk).first()
    if found is None:
        raise Http404
    return found
