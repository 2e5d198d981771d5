"""What somebody is in an edition, and hence what they hear and what is announced to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.safestring import SafeString

from hackathon.accounts.models import User
from hackathon.announcements import audiences as spelling
from hackathon.announcements.models import Announcement, AnnouncementReach, ReadMark
from hackathon.announcements.rules import COUNTED_FOR
from hackathon.core import live
from hackathon.core.errors import NotFound
from hackathon.core.formats import iso_utc
from hackathon.core.markdown import render
from hackathon.editions.live import department_audience
from hackathon.editions.models import Department, Edition
from hackathon.editions.selectors import AnyUser
from hackathon.roles import Roles, audiences_of
from judging.models import Juror
from teams.live import team_audience
from teams.models import Membership


def people_of(announcement: Announcement) -> QuerySet[User]:
    """Whom an announcement is for, by name: teams and seated jurors; of everyone the organizers
    as well.
    """
    edition, audience = announcement.edition, announcement.audience
    kind, _separator, pk = audience.partition(":")
    members = Membership.objects.filter(edition=edition)
    jurors = Juror.objects.seated().filter(department__edition=edition)
    organizers = edition.organizers.all()
    if kind == "team":
        members, jurors = members.filter(team=int(pk)), jurors.none()
    elif kind == "department":
        members = members.filter(team__department=int(pk))
        jurors = jurors.filter(department=int(pk))
    people = Q(pk__in=members.values("user")) | Q(pk__in=jurors.values("user"))
    if audience == live.EVERYONE:
        people |= Q(pk__in=organizers.values("pk"))
    return User.objects.filter(people, is_active=True).order_by("pk")


# ---------------------------------------------------------------- announcements


@dataclass(frozen=True)
class AnnouncementLine:
    """An announcement as it is shown; `audience` as people and programs write it."""

    pk: int
    audience: str
    label: str
    body: str
    html: SafeString
    published_at: datetime
    pinned: bool
    corrected_at: datetime | None
    stamp: str

    def as_dict(self) -> dict[str, Any]:
        """For the API; instants in UTC."""
        return {
            "id": self.pk,
            "audience": self.audience,
            "label": self.label,
            "body": self.body,
            "html": self.html,
            "published_at": iso_utc(self.published_at),
            "pinned": self.pinned,
            "corrected_at": None if self.corrected_at is None else iso_utc(self.corrected_at),
        }


def announcements_to(
    roles: Roles, edition: Edition | None, limit: int = 50, *, at: datetime
) -> list[AnnouncementLine]:
    """What these roles were told by `at`, newest first; organizers read all. Four queries."""
    if edition is None:
        return []
    return _lines(edition, announcement_audiences(roles, edition), limit, at=at)


def public_announcements(
    edition: Edition | None, limit: int = 50, *, at: datetime
) -> list[AnnouncementLine]:
    """What was announced to everyone by `at`, newest first. Two queries."""
    return _lines(edition, [live.EVERYONE], limit, at=at) if edition is not None else []


def announcement_line(announcement: Announcement, edition: Edition) -> AnnouncementLine:
    """One announcement as it is shown. One query."""
    return _line(announcement, {d.pk: d for d in edition.departments.all()})


def pinned_first(lines: Iterable[AnnouncementLine]) -> list[AnnouncementLine]:
    """The order of a page that has room for all of them."""
    return sorted(lines, key=lambda line: not line.pinned)


@dataclass(frozen=True)
class Reached:
    """On how many open pages an announcement arrived; `counting` while that may still grow."""

    in_five_seconds: int
    in_a_minute: int
    counting: bool


def with_reach(
    announcements: Iterable[Announcement | AnnouncementLine], *, at: datetime
) -> dict[int, Reached]:
    """How far each of these went, by id. One query."""
    lines = {announcement.pk: announcement for announcement in announcements}
    found = reach_of(lines)
    return {
        pk: Reached(
            counts.in_five_seconds,
            counts.in_a_minute,
            counting=at <= lines[pk].published_at + COUNTED_FOR,
        )
        for pk, counts in found.items()
    }


def announcement_audiences(roles: Roles, edition: Edition) -> list[str]:
    """Whose announcements these roles read: their own, organizers everybody's. Two queries for
    organizers, else none.
    """
    return _every_audience(edition) if roles.organizer else audiences_of(roles)


def _every_audience(edition: Edition) -> list[str]:
    teams = edition.teams.values_list("pk", flat=True)
    departments = edition.departments.values_list("pk", flat=True)
    return [
        live.EVERYONE,
        *(department_audience(pk) for pk in departments),
        *(team_audience(pk) for pk in teams),
    ]


def _lines(
    edition: Edition, audiences: Iterable[str], limit: int, *, at: datetime
) -> list[AnnouncementLine]:
    found = announcements_for(edition, audiences, limit, at=at)
    departments = {d.pk: d for d in edition.departments.all()} if found else {}
    return [_line(announcement, departments) for announcement in found]


def _line(announcement: Announcement, departments: dict[int, Department]) -> AnnouncementLine:
    return AnnouncementLine(
        pk=announcement.pk,
        audience=spelling.spoken(announcement.audience, departments),
        label=announcement.label,
        body=announcement.body,
        html=render(announcement.body),
        published_at=announcement.published_at,
        pinned=announcement.pinned,
        corrected_at=announcement.corrected_at,
        stamp=announcement.stamp,
    )


@dataclass(frozen=True)
class Reach:
    """Open pages on which an announcement arrived, as those pages said themselves."""

    in_five_seconds: int
    in_a_minute: int


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
    """An announcement, out or not, of an edition that the caller organizes. Raises `NotFound`."""
    found = edition.announcements.filter(pk=pk, withdrawn_at=None).first()
    if found is None:
        raise NotFound
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
