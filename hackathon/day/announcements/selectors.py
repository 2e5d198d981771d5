from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core.selectors import get_or_not_found
from hackathon.base.live.audiences import EVERYONE, team_in
from hackathon.day.announcements import audiences
from hackathon.day.announcements.models import (
    SEVERAL_TEAMS,
    Announcement,
    AnnouncementQuerySet,
    AnnouncementReach,
    ReadMark,
)
from hackathon.day.announcements.rules import COUNTED_FOR, SOON
from hackathon.event.editions.models import Edition
from hackathon.event.editions.moves import Move
from hackathon.event.editions.selectors import AnyUser
from hackathon.event.roles import Roles, audiences_of
from judging.models import Juror
from teams.floors import place
from teams.models import Membership

LISTED = 50  # announcements on a page

# ---------------------------------------------------------------- published


def announcements_for(
    roles: Roles, edition: Edition, limit: int | None = LISTED, *, at: datetime
) -> list[Announcement]:
    """Newest first; organizers read all. One query."""
    return list(_published(edition, _audiences(roles), at=at)[:limit])


def all_published(roles: Roles, edition: Edition, *, at: datetime) -> AnnouncementQuerySet:
    return _published(edition, _audiences(roles), at=at).select_related("published_by")


def public_announcements(
    edition: Edition, limit: int = LISTED, *, at: datetime
) -> list[Announcement]:
    return list(_published(edition, [EVERYONE], at=at)[:limit])


def announcement_stamps(roles: Roles, edition: Edition, *, at: datetime) -> list[str]:
    announcements = _published(edition, _audiences(roles), at=at).only("pk", "revision")
    return [announcement.stamp for announcement in announcements[:LISTED]]


def teams_addressed(edition: Edition) -> set[int]:
    """Teams to which an announcement goes that their whole department does not get. Two queries."""
    for_one = edition.announcements.filter(audience__startswith="team:")
    audiences = for_one.values_list("audience", flat=True).distinct()
    several = Announcement.teams.through.objects.filter(announcement__edition=edition)
    alone = {team_in([audience]) for audience in audiences.order_by()}
    return {pk for pk in alone if pk is not None} | set(several.values_list("team", flat=True))


def pinned_first(announcements: Iterable[Announcement]) -> list[Announcement]:
    return sorted(announcements, key=lambda announcement: not announcement.pinned)


def _published(
    edition: Edition, audiences: Collection[str] | None, *, at: datetime
) -> AnnouncementQuerySet:
    """None: all."""
    published = edition.announcements.published(at)
    if audiences is None:
        return published
    addressed = Q(audience__in=audiences)
    if (team := team_in(audiences)) is not None:
        to_it = Announcement.teams.through.objects.filter(team=team)
        addressed |= Q(audience=SEVERAL_TEAMS, pk__in=to_it.values("announcement"))
    return published.filter(addressed)


def _audiences(roles: Roles) -> list[str] | None:
    return None if roles.organizer else audiences_of(roles)


# ---------------------------------------------------------------- for organizers and tasks


def pending_announcements(edition: Edition, *, at: datetime) -> list[Announcement]:
    """Soonest first. The caller has checked that an organizer asks."""
    pending = edition.announcements.pending(at).select_related("published_by")
    return list(pending.order_by("published_at", "id"))


def get_announcement_of(edition: Edition, pk: int) -> Announcement:
    """Published or not; the caller organizes the edition. Raises `NotFound`."""
    return get_or_not_found(edition.announcements.all(), pk=pk, withdrawn_at=None)


def unpushed_announcements(*, at: datetime) -> list[int]:
    unpushed = Announcement.objects.unpushed(at).order_by("published_at", "id")
    return list(unpushed.values_list("pk", flat=True))


def announcements_to_mail(*, at: datetime) -> list[int]:
    due = Announcement.objects.mails_due(at).order_by("mails_at", "id")
    return list(due.values_list("pk", flat=True))


def preview(
    edition: Edition, audience: str, publish_at: datetime | None, *, by_mail: bool, at: datetime
) -> Move | None:
    """What an announcement that is published now does to everybody or to a department; None for
    one that is published later, or to one team.
    """
    people = audiences.people_in(edition).get(audience)
    if publish_at is not None or people is None:
        return None
    follows = [_("À {people}, aussitôt, sur leurs pages.").format(people=people)]
    if by_mail:
        follows.append(
            _("Les e-mails partent 20 secondes après : jusque-là, retirer l’annonce les arrête.")
        )
    key = f"{audience}|{people}|{by_mail}"
    return Move(edition=edition, at=at, changes=[], key=key, follows=tuple(follows))


def recipients_of(announcement: Announcement) -> QuerySet[User]:
    """Members of teams and seated jurors; for everyone also organizers."""
    edition, audience = announcement.edition, announcement.audience
    kind, _separator, pk = audience.partition(":")
    members = Membership.objects.filter(edition=edition)
    jurors = Juror.objects.seated().filter(department__edition=edition)
    if kind == "team":
        members, jurors = members.filter(team=int(pk)), jurors.none()
    elif kind == SEVERAL_TEAMS:
        members, jurors = members.filter(team__in=announcement.teams.all()), jurors.none()
    elif kind == "department":
        members = members.filter(team__department=int(pk))
        jurors = jurors.filter(department=int(pk))
    people = Q(pk__in=members.values("user")) | Q(pk__in=jurors.values("user"))
    if audience == EVERYONE:
        people |= Q(pk__in=edition.organizers.values("pk"))
    return User.objects.filter(people, is_active=True).order_by("pk")


@dataclass(frozen=True)
class Reach:
    """`counting`: the figures may still grow."""

    in_five_seconds: int
    in_a_minute: int
    counting: bool


def reach_of(announcements: Iterable[Announcement], *, at: datetime) -> dict[int, Reach]:
    """By the id of the announcement; none is missing. One query."""
    published = {announcement.pk: announcement.published_at for announcement in announcements}
    rows = AnnouncementReach.objects.filter(announcement__in=published).values_list(
        "announcement_id"
    )
    sums = rows.annotate(Sum("in_five_seconds"), Sum("in_a_minute"))
    counts = {pk: (in_five_seconds, in_a_minute) for pk, in_five_seconds, in_a_minute in sums}
    return {
        pk: Reach(*counts.get(pk, (0, 0)), at <= published_at + COUNTED_FOR)
        for pk, published_at in published.items()
    }


class UnreachedTeam(NamedTuple):
    pk: int
    name: str
    room: str


@dataclass(frozen=True)
class Unreached:
    """Teams that are there, none of whose pages confirmed the last `announcement`. Empty until
    `known_at`: open pages need a moment.
    """

    announcement: Announcement
    known_at: datetime
    teams: list[UnreachedTeam]


def unreached(edition: Edition, *, at: datetime) -> Unreached | None:
    """Of the last announcement that was sent to pages. Three queries at most."""
    sent = edition.announcements.published(at).filter(pushed_at__isnull=False)
    last = sent.order_by("-pushed_at", "-id").first()
    if last is None or last.pushed_at is None:
        return None
    known_at = last.pushed_at + SOON
    if at < known_at:
        return Unreached(last, known_at, [])
    confirmed = set().union(
        *AnnouncementReach.objects.filter(announcement=last).values_list("teams", flat=True)
    )
    kind, _separator, pk = last.audience.partition(":")
    concerned = edition.teams.filter(absent_at=None).exclude(pk__in=confirmed)
    if kind == SEVERAL_TEAMS:
        concerned = concerned.filter(pk__in=last.teams.values("pk"))
    elif kind != EVERYONE:
        concerned = concerned.filter(**{"pk" if kind == "team" else "department": int(pk)})
    by_place = sorted(concerned.only("name", "room", "floor"), key=place)
    return Unreached(last, known_at, [UnreachedTeam(t.pk, t.name, t.room) for t in by_place])


# ---------------------------------------------------------------- what has been read


def read_stamps(user: AnyUser, stamps: Iterable[str]) -> set[str]:
    """One query, none for an anonymous user."""
    if not user.is_authenticated:
        return set()
    marks = ReadMark.objects.filter(user=user, stamp__in=list(stamps))
    return set(marks.values_list("stamp", flat=True))
