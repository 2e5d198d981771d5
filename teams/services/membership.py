"""Memberships. Each service locks the team before it counts the members, and raises `Refused`."""

from datetime import datetime
from typing import Any

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.accounts.selectors import is_trusted
from hackathon.base.accounts.services import make_entry_code
from hackathon.base.core import attempts, journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.codes import normal_code
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.base.live import messages
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import is_organizer
from teams import rules, tasks
from teams.enums import Circle, MembershipMail, ReceiptMails
from teams.errors import TeamRefusal
from teams.live import (
    consents_changed,
    membership_changed,
    team_updated,
    works_are_seen,
    works_changed,
)
from teams.models import Membership, Removal, Team
from teams.selectors.teams import membership_of, team_by_code
from teams.services.teams import add_member, delete, ensure_captain, lock

# Limit of wrong codes of one person, and its period in seconds.
CODES, CODE_SECONDS = 10, 300


def let_in(membership: Membership, *, by: User, at: datetime) -> str:
    """An entry code for a member who can't sign in. Raises `Refused`."""
    user = membership.user
    refusal = rules.entry_code_refusal(
        organizer=is_organizer(by, membership.edition),
        has_rights=user.is_staff or is_trusted(user),
    )
    check(refusal)
    return make_entry_code(user, by=by, at=at, edition=membership.edition_id)


@transaction.atomic
def join(team: Team, *, by: User, at: datetime, user: User | None = None) -> Membership:
    user = user or by
    team = lock(team)
    edition = team.edition
    organizer = is_organizer(by, edition)
    if user != by and not organizer:
        raise Refused(refuse(TeamRefusal.NOT_ORGANIZER))
    members = team.memberships.count()
    existing = membership_of(user, edition)
    check(
        rules.join_refusal(
            team, members=members, edition=edition, membership=existing, at=at, organizer=organizer
        )
    )
    membership = add_member(team, user, at=at, is_captain=members == 0)
    journal.record("membership.joined", team, by=by, at=at, user=user.pk)
    enqueue(tasks.tell_member, team.pk, user.pk, MembershipMail.JOINED)
    membership_changed(team, at=at)
    messages.refresh_rights(user.pk)
    return membership


def team_of_code(edition: Edition, code: str, *, by: User) -> Team:
    """After too many wrong codes the right one is refused too."""
    attempt = attempts.begin(f"join-code.{by.pk}", limit=CODES, seconds=CODE_SECONDS)
    if attempt is None:
        raise Refused(refuse(TeamRefusal.CODES_BLOCKED))
    team = team_by_code(edition, code)
    if team is None:
        raise Refused(refuse(TeamRefusal.CODE_UNKNOWN, join_code=normal_code(code)))
    attempts.succeed(attempt)
    return team


@transaction.atomic
def leave(membership: Membership, *, by: User, at: datetime) -> None:
    team = lock(membership.team)
    membership = _read_again(membership)
    if membership.user_id != by.pk:
        raise Refused(refuse(TeamRefusal.NOT_MEMBER))
    edition = team.edition
    members = team.memberships.count()
    organizer = is_organizer(by, edition)
    check(
        rules.leave_refusal(
            membership, members=members, edition=edition, at=at, organizer=organizer
        )
    )
    journal.record("membership.left", team, by=by, at=at, user=membership.user_id)
    _delete(membership, team, members=members, by=by, at=at)


@transaction.atomic
def remove(membership: Membership, *, by: User, at: datetime) -> None:
    """When the captain is removed, the member who joined first becomes captain."""
    team = lock(membership.team)
    membership = _read_again(membership)
    edition = team.edition
    members = team.memberships.count()
    check(
        rules.remove_refusal(
            membership,
            by=membership_of(by, edition),
            members=members,
            edition=edition,
            at=at,
            organizer=is_organizer(by, edition),
        )
    )
    journal.record("membership.removed", team, by=by, at=at, user=membership.user_id)
    if membership.user_id != by.pk:
        Removal.objects.update_or_create(
            edition=edition,
            user=membership.user,
            defaults={"team_name": team.name, "at": at},
        )
        enqueue(tasks.tell_member, team.pk, membership.user_id, MembershipMail.REMOVED)
    _delete(membership, team, members=members, by=by, at=at)


@transaction.atomic
def pass_captaincy(team: Team, to: Membership, *, by: User, at: datetime) -> None:
    team = lock(team)
    successor = Membership.objects.filter(pk=to.pk).first()
    check(
        rules.pass_captaincy_refusal(
            team,
            by=membership_of(by, team.edition),
            to=successor,
            organizer=is_organizer(by, team.edition),
        )
    )
    team.memberships.filter(is_captain=True).update(is_captain=False)
    team.memberships.filter(pk=to.pk).update(is_captain=True)
    journal.record("captaincy.passed", team, by=by, at=at, user=to.user_id)
    if to.user_id != by.pk:
        enqueue(tasks.tell_member, team.pk, to.user_id, MembershipMail.CAPTAIN)
    membership_changed(team, at=at)


@transaction.atomic
def choose(
    membership: Membership, *, receipt_mails: ReceiptMails, at: datetime, **consents: Any
) -> None:
    """What the member is mailed, and some of `Membership.CONSENTS`, in the team that they saw. With
    the lock of the team the last of two members who agree at once knows that all have.
    """
    list(Team.objects.select_for_update(of=("self",)).filter(pk=membership.team_id))
    rows = Membership.objects.select_for_update(of=("self",)).select_related(
        "team__edition", "user"
    )
    locked = rows.filter(pk=membership.pk, team=membership.team_id).first()
    if locked is None:
        raise Refused(refuse(TeamRefusal.NOT_MEMBER))
    membership = locked
    before = journal.state(membership, ("receipt_mails", *consents))
    decides = "shows_works_to" in consents and works_are_seen(membership.team.edition)
    shown_before = _answers_that_show(membership) if decides else None
    for name, value in {"receipt_mails": receipt_mails, **consents}.items():
        setattr(membership, name, value)
    membership.save(update_fields=list(before))
    changes = journal.changes(before, membership)
    if mails := changes.pop("receipt_mails", None):
        team, by = membership.team, membership.user
        journal.record("mails.chosen", team, by=by, at=at, mails=mails[1])
    if changes:
        journal.record("consents.chosen", membership, by=membership.user, at=at, changes=changes)
        consents_changed(membership.team, at=at)
        if decides and _answers_that_show(membership) != shown_before:
            works_changed(membership.team, at=at)
        if "shows_name" in changes:
            team_updated(membership.team, at=at)  # the palmarès


def _answers_that_show(membership: Membership) -> tuple[Circle, bool]:
    """To whom the works of the team are shown, and whether a member refuses. Most answers change
    neither, and all open pages with works would fetch it. One query.
    """
    team = Membership.objects.filter(team=membership.team_id)
    answers = list(team.values_list("shows_works_to", flat=True))
    return rules.common_circle(answers), Circle.NOBODY in answers


def _read_again(membership: Membership) -> Membership:
    """The row as it is after the team was locked."""
    row = Membership.objects.select_related("user", "team").filter(pk=membership.pk).first()
    if row is None:
        raise Refused(refuse(TeamRefusal.NOT_MEMBER))
    return row


def _delete(membership: Membership, team: Team, *, members: int, by: User, at: datetime) -> None:
    user_pk = membership.user_id
    if members == 1:
        delete(team, by=by, at=at)
    else:
        membership.delete()
        if successor := ensure_captain(team):
            enqueue(tasks.tell_member, team.pk, successor.user_id, MembershipMail.CAPTAIN)
        membership_changed(team, at=at)
    messages.refresh_rights(user_pk)


def keep_certificate_names(
    user: User, name: str, *, by_edition: Edition | None, at: datetime
) -> None:
    """Before the account gets another name, in its transaction. From the launch of an edition on,
    only its own organizers change the names on its certificates. An account without a name has
    none to keep.
    """
    launched = Membership.objects.filter(user=user, certificate_name="", edition__starts_at__lte=at)
    if name:
        launched.exclude(edition=by_edition).update(certificate_name=name)
