"""Acts of organizers on one team or several. Each is one transaction and one entry of the journal.

All lock the edition and then its teams, so that no membership changes meanwhile, and raise
`Refused`. What a team has handed in stays with it: no act moves it to another team.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.accounts.services import get_or_make_account
from hackathon.base.core import journal
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.base.live.audiences import ORGANIZERS
from hackathon.base.live.messages import refresh_rights
from hackathon.event.editions.live import publish
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import is_organizer
from teams import live, rules, signals
from teams.errors import TeamRefusal
from teams.models import Membership, Team, TeamNote
from teams.selectors.calls import open_call_of
from teams.selectors.teams import membership_of
from teams.services.teams import add_member, delete_row, ensure_captain, list_student, save


@transaction.atomic
def add_people(team: Team, emails: Iterable[str], *, by: User, at: datetime) -> list[User]:
    """Adds all of them, or raises `Refused`. Missing accounts are made, unconfirmed until the first
    sign-in. Sends no mail.

    The right is checked first, so that nobody else can test addresses.
    """
    edition, (team,) = lock_teams(team.edition, [team], by=by)
    users = [get_or_make_account(email) for email in dict.fromkeys(emails)]
    members = team.memberships.count()
    for user in users:
        check(
            rules.register_refusal(
                edition, membership=membership_of(user, edition), at=at, organizer=True
            )
        )
    check(rules.size_refusal(team, members=members + len(users), edition=edition))
    for user in users:
        add_member(team, user, at=at, is_captain=False)
        list_student(team, user, at=at)
    ensure_captain(team)
    pks = [user.pk for user in users]
    journal.record("membership.added", team, by=by, at=at, team=team.pk, users=pks)
    _publish_members([team], pks, at=at)
    return users


@transaction.atomic
def move_members(members: Collection[Membership], to: Team, *, by: User, at: datetime) -> Team:
    """Returns `to`. Refused if one of them has left the team of `members` since.

    A team may become empty.
    """
    edition, (to,) = lock_teams(to.edition, [to], by=by)
    moved = _read_again(members)
    refusal = rules.move_refusal(moved, to, members=to.memberships.count(), edition=edition)
    check(refusal)
    sources = {membership.team_id: membership.team for membership in moved}
    _place(moved, to, at=at)
    journal.record(
        "membership.moved",
        to,
        by=by,
        at=at,
        team=to.pk,
        users=[membership.user_id for membership in moved],
        before=sorted(team.name for team in sources.values()),
    )
    _publish_members([*sources.values(), to], [m.user_id for m in moved], at=at)
    return to


@transaction.atomic
def merge(team: Team, into: Team, *, by: User, at: datetime) -> Team:
    """Returns `into`, which gets the members, finished calls, questions, notes and recusals of
    `team`. That one is deleted, so it must have handed in nothing.
    """
    edition, (team, into) = lock_teams(into.edition, [team, into], by=by)
    moved = list(team.memberships.select_related("user"))
    refusal = rules.merge_refusal(
        team,
        into,
        members=len(moved) + into.memberships.count(),
        open_call=open_call_of(team),
        edition=edition,
    )
    check(refusal)
    signals.teams_merged.send(sender=Team, team=team, into=into, at=at)
    _place(moved, into, at=at)
    team.help_requests.update(team=into)
    team.notes.update(team=into)
    users = [membership.user_id for membership in moved]
    journal.record(
        "team.merged", into, by=by, at=at, team=into.pk, name=team.name, gone=team.pk, users=users
    )
    delete_row(team, refuse(TeamRefusal.MERGED_HAS_SUBMISSIONS, team=team.name), at=at)
    _publish_members([into], users, at=at)
    return into


@transaction.atomic
def split(
    team: Team, members: Collection[Membership], name: str, *, by: User, at: datetime
) -> Team:
    """A new team in the same department and room. What was handed in stays with `team`."""
    edition, (team,) = lock_teams(team.edition, [team], by=by)
    moved = _read_again(members)
    check(rules.split_refusal(team, chosen=len(moved), members=team.memberships.count()))
    new = Team(
        edition=edition,
        department=team.department,
        name=" ".join(name.split()),
        room=team.room,
        floor=team.floor,
        registered_at=at,
    )
    save(new)
    _place(moved, new, at=at)
    users = [membership.user_id for membership in moved]
    journal.record(
        "team.split", new, by=by, at=at, team=new.pk, name=new.name, before=team.name, users=users
    )
    live.team_registered(new, at=at)
    signals.team_registered.send(sender=Team, team=new, at=at)
    _publish_members([team, new], users, at=at)
    return new


@transaction.atomic
def relocate(
    edition: Edition,
    teams: Collection[Team],
    *,
    department: Department | None = None,
    room: str = "",
    floor: int | None = None,
    by: User,
    at: datetime,
) -> int:
    """To another department, room or floor; what is None or empty stays. All or none.

    Returns how many teams changed. A team that has handed in something keeps its department.
    """
    edition, rows = lock_teams(edition, teams, by=by)
    if department is not None and department.edition_id != edition.pk:
        raise ValueError("The department belongs to another edition.")
    wanted = {"department": department, "room": " ".join(room.split()), "floor": floor}
    wanted = {name: value for name, value in wanted.items() if value not in (None, "")}
    changed = []
    was: dict[str, list[str]] = {name: [] for name in wanted}
    for team in rows:
        before = team.department
        if all(getattr(team, name) == value for name, value in wanted.items()):
            continue
        for name, value in wanted.items():
            old = getattr(team, name)
            was[name].append("–" if old in (None, "") else str(old))
            setattr(team, name, value)
        team.save(update_fields=list(wanted))
        changed.append(team)
        live.team_updated(team, at=at)
        if team.department_id != before.pk:
            _change_department(team, before, by=by, at=at)
    if changed:
        detail = {name: str(value) for name, value in wanted.items()}
        was = {name: list(dict.fromkeys(values)) for name, values in was.items()}
        journal.record(
            "teams.relocated", edition, by=by, at=at, **_names(changed), **detail, before=was
        )
    return len(changed)


@transaction.atomic
def set_presence(
    edition: Edition, teams: Collection[Team], *, absent: bool, by: User, at: datetime
) -> list[Team]:
    """Returns the teams that changed. No jury reads an absent team; coming back undoes that."""
    edition, rows = lock_teams(edition, teams, by=by)
    changed = [team for team in rows if rules.presence_changes(team, absent=absent)]
    if not changed:
        return []
    Team.objects.filter(pk__in=[team.pk for team in changed]).update(
        absent_at=at if absent else None, absent_by=by if absent else None
    )
    departments = sorted({team.department for team in changed}, key=lambda d: d.pk)
    signals.presence_changed.send(sender=Team, departments=departments, by=by, at=at)
    act = "teams.absent" if absent else "teams.present"
    journal.record(act, edition, by=by, at=at, **_names(changed))
    for team in changed:
        _publish_to_organizers(team, at=at)
    return changed


@transaction.atomic
def note_absent_members(
    team: Team, absent: Collection[Membership], *, by: User, at: datetime
) -> None:
    """The other members are there. Who was absent before keeps the instant of then."""
    _edition, (team,) = lock_teams(team.edition, [team], by=by)
    gone = {member.pk for member in _read_again(absent)}
    members = list(team.memberships.all())
    left = [m for m in members if m.pk in gone and m.absent_at is None]
    back = [m for m in members if m.pk not in gone and m.absent_at is not None]
    for act, changed, since in (("members.absent", left, at), ("members.present", back, None)):
        if changed:
            team.memberships.filter(pk__in=[m.pk for m in changed]).update(absent_at=since)
            users = [member.user_id for member in changed]
            journal.record(act, team, by=by, at=at, team=team.pk, users=users)
    if left or back:
        _publish_to_organizers(team, at=at)


@transaction.atomic
def set_visitor(team: Team, *, going: bool, by: User, at: datetime) -> None:
    """`by` goes to the team, or has been there."""
    _edition, (team,) = lock_teams(team.edition, [team], by=by)
    team.visitor = by if going else None
    team.save(update_fields=["visitor"])
    journal.record(
        "team.visited", team, by=by, at=at, team=team.pk, state="going" if going else "been"
    )
    _publish_to_organizers(team, at=at)


@transaction.atomic
def write_note(team: Team, text: str, *, by: User, at: datetime) -> TeamNote:
    """The text is not in the journal, so that it can be deleted."""
    _edition, (team,) = lock_teams(team.edition, [team], by=by)
    note = TeamNote.objects.create(
        team=team, text=" ".join(text.split()), written_by=by, written_at=at
    )
    if team.visitor_id == by.pk:
        Team.objects.filter(pk=team.pk).update(visitor=None)
    journal.record("team_note.written", team, by=by, at=at, team=team.pk)
    _publish_to_organizers(team, at=at)
    return note


@transaction.atomic
def delete_note(note: TeamNote, *, by: User, at: datetime) -> None:
    _edition, (team,) = lock_teams(note.team.edition, [note.team], by=by)
    note.delete()
    journal.record("team_note.deleted", team, by=by, at=at, team=team.pk)
    _publish_to_organizers(team, at=at)


@transaction.atomic
def hide_works(team: Team, *, because: str, by: User, at: datetime) -> None:
    """From everybody to whom they are shown; the team reads why. Without a reason: not any more.

    The reason is not in the journal: it goes when the works are shown again.
    """
    _edition, (team,) = lock_teams(team.edition, [team], by=by)
    was_hidden, team.works_hidden_because = team.works_hidden_because, " ".join(because.split())
    if team.works_hidden_because == was_hidden:
        return
    team.save(update_fields=["works_hidden_because"])
    act = "works.hidden" if team.works_hidden_because else "works.shown"
    journal.record(act, team, by=by, at=at, team=team.pk)
    live.consents_changed(team, at=at)
    if bool(was_hidden) != bool(team.works_hidden_because):
        live.works_changed(team, at=at)


def lock_teams(
    edition: Edition, teams: Collection[Team], *, by: User
) -> tuple[Edition, list[Team]]:
    """Also returns the rows of `teams` as they are now, in their order."""
    # Not for update: that would block the rows that refer to the edition.
    locked = Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)
    if not is_organizer(by, locked):
        raise Refused(refuse(TeamRefusal.NOT_ORGANIZER))
    every = Team.objects.select_for_update(of=("self",), no_key=True).filter(edition=locked)
    by_pk = {team.pk: team for team in every.select_related("department").order_by("pk")}
    if any(team.pk not in by_pk for team in teams):
        raise Refused(refuse(TeamRefusal.TEAM_GONE))
    rows = [by_pk[team.pk] for team in teams]
    for team in rows:
        team.edition = team.department.edition = locked
    return locked, rows


def _read_again(members: Collection[Membership]) -> list[Membership]:
    memberships = Membership.objects.select_related("user", "team__department", "team__edition")
    rows = memberships.in_bulk([membership.pk for membership in members])
    for before in members:
        row = rows.get(before.pk)
        if row is None or row.team_id != before.team_id:
            person, team = before.user.display_name, before.team.name
            raise Refused(refuse(TeamRefusal.MOVED_MEANWHILE, person=person, team=team))
    return list(rows.values())


def _place(moved: Collection[Membership], to: Team, *, at: datetime) -> None:
    """A team that loses its captain gets another one."""
    sources = Team.objects.filter(pk__in={membership.team_id for membership in moved})
    left = list(sources)
    Membership.objects.filter(pk__in=[membership.pk for membership in moved]).update(
        team=to,
        is_captain=False,
        joined_at=at,
        # They were given for the former team. False is also `Circle.UNANSWERED`.
        **dict.fromkeys(Membership.CONSENTS, False),
    )
    for team in [*left, to]:
        ensure_captain(team)


def _change_department(team: Team, before: Department, *, by: User, at: datetime) -> None:
    if open_call_of(team) is not None:
        raise Refused(refuse(TeamRefusal.CALL_OPEN, team=team.name))
    signals.department_changed.send(sender=Team, team=team, before=before, by=by, at=at)
    for pk in team.memberships.values_list("user", flat=True):
        refresh_rights(pk)


def _publish_members(teams: Iterable[Team], users: Iterable[int], *, at: datetime) -> None:
    for team in teams:
        live.membership_changed(team, at=at)
    for pk in users:
        refresh_rights(pk)


def _publish_to_organizers(team: Team, *, at: datetime) -> None:
    data = {"team": team.pk, "department": team.department.code}
    publish(team.edition, ORGANIZERS, "team.updated", data, at=at)


def _names(teams: Iterable[Team]) -> dict[str, Any]:
    named = list(teams)
    return {"teams": [team.pk for team in named], "names": [team.name for team in named]}
