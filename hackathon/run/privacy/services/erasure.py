"""One person's data. Raises `Refused`."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from hackathon.base.accounts import services as accounts
from hackathon.base.accounts.models import User
from hackathon.base.accounts.tasks import Unlogged, deliver
from hackathon.base.core import journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.base.core.mail import in_french
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services.guard import lock_for
from hackathon.event.people.selectors import obstacles
from hackathon.run.privacy import emails, rules
from hackathon.run.privacy.errors import PrivacyRefusal
from hackathon.run.privacy.models import ErasureRequest
from hackathon.run.privacy.services import effects, facts
from teams.live import membership_changed
from teams.models import Membership
from teams.services import membership as memberships


@transaction.atomic
def ask(user: User, *, at: datetime) -> ErasureRequest:
    try:
        with transaction.atomic():
            row = ErasureRequest.objects.create(user=user, asked_at=at)
    except IntegrityError:
        raise Refused(refuse(PrivacyRefusal.ASKED)) from None
    journal.record("erasure.asked", row, by=user, at=at)
    return row


@transaction.atomic
def withdraw(user: User, *, at: datetime) -> None:
    row = ErasureRequest.objects.select_for_update().filter(user=user, settled_at=None).first()
    check(rules.request_refusal(is_open=row is not None))
    assert row is not None
    journal.record("erasure.withdrawn", row, by=user, at=at)
    row.delete()


@transaction.atomic
def refuse_request(
    asked: ErasureRequest, *, answer: str, edition: Edition, by: User, at: datetime
) -> None:
    """The person gets `answer` by mail."""
    edition = lock_for(by, edition.pk)
    check(rules.answer_refusal(answer))
    user = _settle(asked, answer=answer.strip(), by=by, at=at)
    journal.record("erasure.refused", asked, by=by, at=at, edition=edition.pk)
    with in_french(edition.zone):
        send(emails.refused(edition, user, answer.strip()))


@transaction.atomic
def grant(asked: ErasureRequest, *, edition: Edition, by: User, at: datetime) -> None:
    """By an organizer of an edition of the person."""
    edition = lock_for(by, edition.pk)
    user = _settle(asked, answer="", by=by, at=at)
    _lock_roles(user)
    check(rules.erasure_refusal(obstacles(user), is_own=False))
    with in_french(edition.zone):
        message = emails.erased(edition, user)
    erase(user, at=at)
    journal.record("user.deleted", user, by=by, at=at, edition=edition.pk)
    send(message)


@transaction.atomic
def erase_own(user: User, *, at: datetime) -> None:
    """By the person. What others rely on stays, without their name."""
    _lock_roles(user)
    check(rules.erasure_refusal(obstacles(user), is_own=True))
    erase(user, at=at)
    journal.record("user.deleted", user, by=user, at=at)
    ErasureRequest.objects.filter(user=user, settled_at=None).update(settled_at=at, settled_by=user)


def _lock_roles(user: User) -> None:
    """Two organizers or superusers who go at once wait here, and the second is refused."""
    if user.is_superuser:
        list(User.objects.select_for_update(no_key=True).filter(is_superuser=True).order_by("pk"))
    list(Edition.objects.select_for_update(no_key=True).filter(organizers=user).order_by("pk"))


def _settle(asked: ErasureRequest, *, answer: str, by: User, at: datetime) -> User:
    requests = ErasureRequest.objects.select_for_update().filter(pk=asked.pk, settled_at=None)
    check(rules.request_refusal(is_open=bool(requests)))
    requests.update(settled_at=at, settled_by=by, answer=answer)
    return User.objects.select_for_update(no_key=True).get(pk=asked.user_id)


def send(message: Any) -> None:
    enqueue(deliver, Unlogged(message.subject), Unlogged(message.body), Unlogged(message.to[0]))


def erase(user: User, *, at: datetime) -> None:
    """The caller has checked that the person may go, and writes the act to the journal."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    for membership in user.memberships.select_related("team", "user"):
        _pass_captaincy(membership, at=at)
        with suppress(Refused):  # it stays where teams no longer change, and where it handed in
            memberships.leave(membership, by=user, at=at)
    words = facts.words_about(user)
    teams = [m.team for m in user.memberships.select_related("team__edition")]
    effects.erase(user)
    for team in teams:
        membership_changed(team, at=at)  # nobody agrees in place of who is gone
    accounts.close_accounts([user.pk], at=at)
    facts.forget_person(user.pk, words)


def _pass_captaincy(membership: Membership, *, at: datetime) -> None:
    """To the member who joined first."""
    team, user = membership.team, membership.user
    others = Membership.objects.filter(team=team).exclude(user=user).order_by("joined_at", "pk")
    if membership.is_captain and (successor := others.first()):
        memberships.pass_captaincy(team, successor, by=user, at=at)
