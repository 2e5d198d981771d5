"""Services of teams. They raise `Refused`."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from hackathon.base.accounts.models import User
from hackathon.base.accounts.services import get_or_make_account
from hackathon.base.core import journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import Refusal, Refused, check, refuse
from hackathon.base.live import messages
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import is_organizer
from teams import rules, signals, tasks
from teams.enums import MembershipMail
from teams.errors import TeamRefusal
from teams.live import membership_changed, team_dissolved, team_registered, team_updated
from teams.models import Membership, Removal, Student, Team, new_join_code
from teams.selectors.teams import membership_of


@transaction.atomic
def register(
    edition: Edition,
    department: Department,
    name: str,
    *,
    by: User,
    at: datetime,
    captain: User | None = None,
    captain_email: str = "",
    **fields: Any,
) -> Team:
    """The captain is `by`, or for an organizer `captain` or who has `captain_email`, whose account
    is made if there is none (neither: the first person who joins).
    """
    if department.edition_id != edition.pk:
        raise ValueError("The department belongs to another edition.")
    organizer = is_organizer(by, edition)
    if captain is None and not organizer:
        captain = by
    if (captain not in (None, by) or captain_email) and not organizer:
        raise Refused(refuse(TeamRefusal.NOT_ORGANIZER))
    if captain_email:
        captain = get_or_make_account(captain_email)
    existing = None if captain is None else membership_of(captain, edition)
    check(rules.register_refusal(edition, membership=existing, at=at, organizer=organizer))
    since = at - rules.CHANGES_PERIOD
    recent = journal.recorded_by(by, "team.registered", since=since)
    check(rules.pace_refusal(recent, organizer=organizer))
    fields = _checked_fields({"name": name, **fields})
    team = Team(edition=edition, department=department, registered_at=at, **fields)
    if captain is not None:  # roles are given under this lock; a new team has none yet
        Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    save(team)
    if captain is not None:
        add_member(team, captain, at=at, is_captain=True)
        if captain_email:
            list_student(team, captain, at=at)
        messages.refresh_rights(captain.pk)
        enqueue(tasks.tell_member, team.pk, captain.pk, MembershipMail.REGISTERED)
    journal.record("team.registered", team, by=by, at=at, name=team.name)
    team_registered(team, at=at)
    membership_changed(team, at=at)
    signals.team_registered.send(sender=Team, team=team, at=at)
    return team


@transaction.atomic
def edit(team: Team, *, by: User, at: datetime, **fields: Any) -> Team:
    """`fields`: some of `Team.EDITABLE`."""
    fields = _checked_fields(fields)
    team = lock(team)
    edition = team.edition
    changed = {name: value for name, value in fields.items() if getattr(team, name) != value}
    check(
        rules.edit_refusal(
            team,
            by=membership_of(by, edition),
            renames="name" in changed,
            edition=edition,
            at=at,
            organizer=is_organizer(by, edition),
        )
    )
    if not changed:
        return team
    recent = journal.recorded("team.edited", team, since=at - rules.CHANGES_PERIOD)
    check(rules.pace_refusal(recent, organizer=is_organizer(by, edition)))
    before = journal.state(team, changed)
    for name, value in changed.items():
        setattr(team, name, value)
    save(team)
    changes = journal.changes(before, team)
    journal.record("team.edited", team, by=by, at=at, changes=changes)
    team_updated(team, at=at)
    return team


@transaction.atomic
def renew_code(team: Team, *, by: User, at: datetime) -> Team:
    """The former code and its link become invalid."""
    team = lock(team)
    organizer = is_organizer(by, team.edition)
    check(rules.captain_refusal(team, by=membership_of(by, team.edition), organizer=organizer))
    recent = journal.recorded("join_code.renewed", team, since=at - rules.CHANGES_PERIOD)
    check(rules.pace_refusal(recent, organizer=organizer))
    team.join_code = new_join_code()
    team.save(update_fields=["join_code"])
    journal.record("join_code.renewed", team, by=by, at=at)
    team_updated(team, at=at)
    return team


@transaction.atomic
def dissolve(team: Team, *, by: User, at: datetime) -> None:
    """Organizers only. Refused if the team has submissions or extensions."""
    team = lock(team)
    if not is_organizer(by, team.edition):
        raise Refused(refuse(TeamRefusal.NOT_ORGANIZER))
    members = [membership.user_id for membership in team.memberships.all()]
    delete(team, by=by, at=at)
    for pk in members:
        messages.refresh_rights(pk)


def lock(team: Team) -> Team:
    """Locks the row until the transaction ends. Raises `Refused`."""
    locked = (
        Team.objects.select_for_update(of=("self",))
        .select_related("department", "edition")
        .filter(pk=team.pk)
        .first()
    )
    if locked is None:
        raise Refused(refuse(TeamRefusal.TEAM_GONE))
    return locked


def add_member(team: Team, user: User, *, at: datetime, is_captain: bool) -> Membership:
    """The caller has locked the team. Refused if the person has just joined another team, and for
    who has a part of an organizer's rights, which are given under the locks of all teams.
    """
    if team.edition.colleagues.filter(user=user).exists():
        raise Refused(refuse(TeamRefusal.COLLEAGUE))
    membership = Membership(
        edition=team.edition, team=team, user=user, is_captain=is_captain, joined_at=at
    )
    try:
        with transaction.atomic():
            membership.save(force_insert=True)
            Removal.objects.filter(edition=team.edition, user=user).delete()
    except IntegrityError:
        existing = membership_of(user, team.edition)
        # As for an organizer, whom the period does not stop: only a membership refuses.
        check(rules.register_refusal(team.edition, membership=existing, at=at, organizer=True))
        raise
    return membership


def list_student(team: Team, user: User, *, at: datetime) -> None:
    """On the list of students, whom an organizer places in a team by their address."""
    defaults = {"department": team.department, "listed_at": at}
    Student.objects.get_or_create(edition=team.edition, user=user, defaults=defaults)


def delete(team: Team, *, by: User, at: datetime) -> None:
    """The caller has locked the team."""
    journal.record("team.dissolved", team, by=by, at=at, name=team.name)
    delete_row(team, refuse(TeamRefusal.HAS_SUBMISSIONS), at=at)


def delete_row(team: Team, refusal: Refusal, *, at: datetime) -> None:
    """The caller has locked the team, and writes the journal. `refusal`: if something is kept."""
    team_dissolved(team, at=at)
    membership_changed(team, at=at)
    signals.team_dissolving.send(sender=Team, team=team, at=at)
    try:
        team.delete()
    except ProtectedError:
        raise Refused(refusal) from None


def ensure_captain(team: Team) -> Membership | None:
    """If the team has no captain, the member who joined first becomes captain; returns this
    membership. None if there is a captain, or no member. The caller has locked the team.
    """
    if team.memberships.filter(is_captain=True).exists():
        return None
    successor = team.memberships.order_by("joined_at", "pk").first()
    if successor is not None:
        successor.is_captain = True
        successor.save(update_fields=["is_captain"])
    return successor


def save(team: Team) -> None:
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError:
        taken = Team.objects.filter(edition=team.edition, name__iexact=team.name)
        if taken.exclude(pk=team.pk).exists():
            raise Refused(refuse(TeamRefusal.NAME_TAKEN, name=team.name)) from None
        raise


def _checked_fields(fields: dict[str, Any]) -> dict[str, Any]:
    """With single spaces in texts. Raises `TypeError` for a field that cannot be edited."""
    if unknown := fields.keys() - set(Team.EDITABLE):
        raise TypeError(f"Not fields of a team that can be edited: {sorted(unknown)}")
    return {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in fields.items()
    }
