"""What somebody is in an edition, and hence what they hear and what is announced to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString

from hackathon.accounts.models import User
from hackathon.core import live
from hackathon.core.markdown import render
from hackathon.dashboard import audiences as spelling
from hackathon.editions import selectors as editions
from hackathon.editions.live import utc
from hackathon.editions.models import Announcement, Department, Edition
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

    def as_dict(self) -> dict[str, Any]:
        """For the API; instants in UTC."""
        return {
            "id": self.pk,
            "audience": self.audience,
            "label": self.label,
            "body": self.body,
            "html": self.html,
            "published_at": utc(self.published_at),
        }


def announcements_to(
    roles: Roles, edition: Edition | None, limit: int = 50
) -> list[AnnouncementLine]:
    """What these roles were told, newest first; organizers read all. Four queries at most."""
    if edition is None:
        return []
    audiences = _every_audience(edition) if roles.organizer else audiences_of(roles)
    return _lines(edition, audiences, limit)


def public_announcements(edition: Edition | None, limit: int = 50) -> list[AnnouncementLine]:
    """What was announced to everyone, newest first. Two queries."""
    return _lines(edition, [live.EVERYONE], limit) if edition is not None else []


def announcement_line(announcement: Announcement, edition: Edition) -> AnnouncementLine:
    """One announcement as it is shown. One query."""
    return _line(announcement, {d.pk: d for d in edition.departments.all()})


def _every_audience(edition: Edition) -> list[str]:
    teams = edition.teams.values_list("pk", flat=True)
    departments = edition.departments.values_list("pk", flat=True)
    return [
        live.EVERYONE,
        *(live.department_audience(pk) for pk in departments),
        *(live.team_audience(pk) for pk in teams),
    ]


def _lines(edition: Edition, audiences: Iterable[str], limit: int) -> list[AnnouncementLine]:
    found = editions.announcements_for(edition, audiences, limit)
    departments = {d.pk: d for d in edition.departments.all()} if found else {}
    return [_line(announcement, departments) for announcement in found]


def _line(announcement: Announcement, departments: dict[int, Department]) -> AnnouncementLine:
    return AnnouncementLine(
        pk=announcement.pk,
        audience=spelling.spoken(announcement.audience, departments),
        label=announcement.audience_label,
        body=announcement.body,
        html=render(announcement.body),
        published_at=announcement.published_at,
    )
