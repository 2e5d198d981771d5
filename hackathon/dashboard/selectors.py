"""What somebody is in an edition, and hence what they hear and what is announced to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString

from hackathon.accounts.models import User
from hackathon.core import live
from hackathon.core.markdown import render
from hackathon.dashboard import audiences as spelling
from hackathon.editions import selectors as editions
from hackathon.editions.live import utc
from hackathon.editions.models import Announcement, Department, Edition
from hackathon.editions.services.announcements import COUNTED_FOR
from judging.enums import JurorKind
from judging.models import Juror
from judging.selectors import juries_of
from teams.models import Duty, Membership
from teams.selectors import duties_of, memberships_of


@dataclass(frozen=True)
class Roles:
    """Everything one person is in one edition; several at once are possible."""

    organizer: bool = False
    membership: Membership | None = None
    juries: list[Juror] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)


def roles_of(user: Any, edition: Edition | None) -> Roles:
    """Five queries at most; none for anonymous, for a closed account or without edition."""
    if edition is None or not getattr(user, "is_authenticated", False) or not user.is_active:
        return Roles()
    return roles_of_all([user], edition)[user.pk]


def roles_of_all(users: Sequence[User], edition: Edition) -> dict[int, Roles]:
    """The roles of each of these active accounts, by primary key. Five queries.

    Three where all are students or organizers: those answer no calls for help, these all.
    """
    organizers = editions.organizers_among(users, edition)
    memberships = memberships_of(users, edition)
    juries = juries_of(users, edition)
    others = [user for user in users if user.pk not in organizers and user.pk not in memberships]
    duties = duties_of(others, edition)
    return {
        user.pk: Roles(
            organizer=user.pk in organizers,
            membership=memberships.get(user.pk),
            juries=juries.get(user.pk, []),
            duties=duties.get(user.pk, []),
        )
        for user in users
    }


def departments_of(roles: Roles) -> list[int]:
    """The departments somebody belongs to: that of their team, those of their juries."""
    found = [juror.department_id for juror in roles.juries]
    if roles.membership is not None:
        found.append(roles.membership.team.department_id)
    return found


# ---------------------------------------------------------------- audiences

PUBLIC = [live.EVERYONE]


def audiences_of(roles: Roles) -> list[str]:
    """What these roles may hear, each audience once."""
    audiences = [live.EVERYONE]
    if roles.organizer:
        audiences.append(live.ORGANIZERS)
    if roles.membership is not None:
        team = roles.membership.team
        audiences += [live.department_audience(team.department_id), live.team_audience(team.pk)]
    for juror in roles.juries:
        audiences += [
            live.department_audience(juror.department_id),
            live.jury_audience(juror.department_id),
        ]
        if juror.kind == JurorKind.CLIENT:
            audiences.append(live.client_audience(juror.department_id))
    audiences += [live.helpers_audience(duty.kind, duty.department_id) for duty in roles.duties]
    return list(dict.fromkeys(audiences))


def audiences_for(user: Any, edition: Edition | None) -> list[str]:
    """What `user` may hear of `edition`; five queries at most."""
    return audiences_of(roles_of(user, edition))


def live_audiences(users: Sequence[User]) -> dict[int, list[str]]:
    """What the sockets of these active accounts hear, by primary key: of the edition which the
    site shows. Six queries at most, none for nobody.
    """
    edition = Edition.objects.current() if users else None
    if edition is None:
        return {user.pk: PUBLIC for user in users}
    roles = roles_of_all(users, edition)
    return {pk: audiences_of(one) for pk, one in roles.items()}


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
            "published_at": utc(self.published_at),
            "pinned": self.pinned,
            "corrected_at": None if self.corrected_at is None else utc(self.corrected_at),
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
    found = editions.reach_of(lines)
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
        *(live.department_audience(pk) for pk in departments),
        *(live.team_audience(pk) for pk in teams),
    ]


def _lines(
    edition: Edition, audiences: Iterable[str], limit: int, *, at: datetime
) -> list[AnnouncementLine]:
    found = editions.announcements_for(edition, audiences, limit, at=at)
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
