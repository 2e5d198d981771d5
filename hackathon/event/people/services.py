"""Accounts and roles of the people of an edition. Raises `Refused`."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse

from hackathon.base.accounts import services as accounts
from hackathon.base.accounts.models import User
from hackathon.base.accounts.selectors import find_by_email
from hackathon.base.accounts.tasks import Unlogged, deliver
from hackathon.base.core import journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.base.core.mail import in_french
from hackathon.base.live import messages
from hackathon.event.editions.enums import ColleagueRole
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services import organizers
from hackathon.event.editions.services.guard import lock_for
from hackathon.event.people import emails, rules, tasks
from hackathon.event.people.enums import GivenRole
from hackathon.event.people.errors import PeopleRefusal
from hackathon.event.people.selectors import takes_part_elsewhere
from teams.enums import HelpKind
from teams.rules import duty_refusal
from teams.selectors.teams import membership_of
from teams.services import duties
from teams.services.organizing import lock_teams


@transaction.atomic
def invite(
    *,
    edition: Edition,
    email: str,
    role: GivenRole,
    department: Department | None = None,
    creates: bool = False,
    site_url: str,
    by: User,
    at: datetime,
) -> User:
    """`creates`: an account is made if there is none. A person who is away (`rules.is_away`) gets a
    mail.
    """
    if role in ColleagueRole.values:  # who joins a team has its lock, not that of the edition
        lock_teams(edition, (), by=by)
    edition = lock_for(by, edition.pk)
    user = find_by_email(email)
    if user is None:
        if not creates:
            raise Refused(refuse(PeopleRefusal.UNKNOWN_ADDRESS, email=email.strip()))
        user = accounts.account_of(email)
        if not user.is_active:
            raise Refused(refuse(PeopleRefusal.INACTIVE))
        journal.record("user.invited", user, by=by, at=at, edition=edition.pk)
    act: dict[str, Any] = {"edition": edition, "email": user.email, "by": by, "at": at}
    if role == GivenRole.ORGANIZER:
        organizers.add(**act)
    elif role in ColleagueRole.values:
        check(duty_refusal(membership=membership_of(user, edition)))
        organizers.add(**act, role=ColleagueRole(role.value))
    else:
        duties.give(**act, kind=HelpKind(role.value), department=department)
    if rules.is_away(user, at=at):
        url = f"{site_url}{reverse('account_login')}"
        enqueue(tasks.invite, edition.pk, user.pk, role.value, url)
    return user


@transaction.atomic
def send_code(*, edition: Edition, user: User, site_url: str, by: User, at: datetime) -> None:
    """Mails a code that lets the person in once, to their own address."""
    edition = lock_for(by, edition.pk)
    check(rules.code_refusal(user))
    code = accounts.make_entry_code(user, by=by, at=at, edition=edition.pk)
    with in_french(edition.zone):
        message = emails.entry_code(edition, user, code, f"{site_url}{reverse('accounts:enter')}")
    enqueue(deliver, Unlogged(message.subject), Unlogged(message.body), Unlogged(user.email))


@transaction.atomic
def set_active(*, edition: Edition, user: User, active: bool, by: User, at: datetime) -> None:
    """Disabling ends all sessions. Idempotent."""
    edition = lock_for(by, edition.pk)
    # Both rows, in one order: two people who disable each other wait, and the second is refused.
    locked = {
        row.pk: row
        for row in User.objects.select_for_update(no_key=True)
        .filter(pk__in=[user.pk, by.pk])
        .order_by("pk")
    }
    user = locked[user.pk]
    if not locked[by.pk].is_active:
        raise Refused(refuse(PeopleRefusal.INACTIVE))
    elsewhere = takes_part_elsewhere(user, by)
    check(rules.account_refusal(user, by=by, takes_part_elsewhere=elsewhere))
    if user.is_active == active:
        return
    user.is_active = active
    user.save(update_fields=["is_active"])
    act = "user.reactivated" if active else "user.deactivated"
    journal.record(act, user, by=by, at=at, edition=edition.pk)
    if not active:
        accounts.sign_out_everywhere(user, by=by, at=at)
    messages.refresh_rights(user.pk)
