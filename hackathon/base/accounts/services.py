from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from hackathon.base.accounts import rules
from hackathon.base.accounts.errors import AccountRefusal
from hackathon.base.accounts.models import ApiToken, EntryCode, SignIn, UsedLogoutToken, User
from hackathon.base.accounts.selectors import find_by_email
from hackathon.base.accounts.signals import user_renamed
from hackathon.base.core import journal
from hackathon.base.core.codes import code_digest, new_code, spoken_code
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.base.live.messages import refresh_rights

# Ten of 28 signs are 48 bits: too many to guess in this time, so no attempts need to be counted.
ENTRY_CODE_VALID = timedelta(minutes=15)
ENTRY_CODE_LENGTH = 10
CHANGE_CODES_VALID = timedelta(minutes=15)
# As `privacy` declares. A token stays in its owner's list for a while after its end.
ENTRY_CODES_KEPT = timedelta(days=1)
TOKENS_KEPT = timedelta(days=30)
LOGOUT_TOKENS_KEPT = timedelta(days=1)  # older ones are refused for their age
CONFIRMATIONS_KEPT = timedelta(days=3)
ADMIN_LOG_KEPT = timedelta(days=365)
CLEARED = (
    *("email", "password", "name", "phone", "last_login", "deleted_at"),
    *("is_active", "is_staff", "is_superuser", "calendar_renewals", "sign_outs"),
)


def account_of(email: str, name: str = "") -> User:
    """The account with this address, or a new one. Another request may make it at the same time."""
    try:
        with transaction.atomic():
            return User.objects.create_user(email, name=name.strip())
    except IntegrityError:
        return User.objects.get(email__iexact=email.strip())


def sign_up(email: str, *, at: datetime) -> User:
    """The caller knows that the person reads this address. Of two requests with the same address
    the second one gets the account of the first.
    """
    try:
        with transaction.atomic():
            user = User.objects.create_user(email)
            journal.record("user.signed_up", user, by=user, at=at)
    except IntegrityError:
        user = User.objects.get(email__iexact=email.strip())
    return user


@transaction.atomic
def rename(user: User, name: str, *, by: User, at: datetime) -> User:
    former = User.objects.get(pk=user.pk).name
    user.name = " ".join(name.split())
    user.save(update_fields=["name"])
    user_renamed.send(sender=User, user=user, former=former, edition=None, at=at)
    journal.record("user.renamed", user, by=by, at=at)
    return user


@transaction.atomic
def set_phone(user: User, phone: str, *, at: datetime) -> None:
    """Empty: none. The number itself is not written to the journal."""
    user.phone = phone
    user.save(update_fields=["phone"])
    journal.record("phone.changed" if phone else "phone.removed", user, by=user, at=at)


def get_or_make_account(email: str) -> User:
    """A new account is unconfirmed, without password: its owner signs in by e-mailed code.

    The caller checks whether the person who asks may know of the account.
    """
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is not None and not user.is_active:
        raise Refused(refuse(AccountRefusal.INACTIVE, email=user.email))
    return user or User.objects.create_user(email)


@transaction.atomic
def renew_calendar(user: User, *, at: datetime) -> None:
    """The former address of their calendar becomes invalid."""
    User.objects.filter(pk=user.pk).update(calendar_renewals=F("calendar_renewals") + 1)
    user.refresh_from_db(fields=["calendar_renewals"])
    journal.record("calendar.renewed", user, by=user, at=at)


def list_session(
    user: User, session_key: str, *, device: str, at: datetime, ticket: str = ""
) -> None:
    SignIn.objects.update_or_create(
        session_id=session_key,
        defaults={"user": user, "at": at, "device": device, "ticket": ticket},
    )


@transaction.atomic
def end_sessions_of_university(uid: str, ticket: str) -> None:
    """Single logout by the identity provider: deletes the session with this ticket or, without a
    ticket, all that the person `uid` has from it. Other sessions stay.
    """
    sessions = Session.objects.filter(sign_in__ticket__gt="")
    if uid:
        people = SocialAccount.objects.filter(uid=uid).values("user")
        sessions = sessions.filter(sign_in__user__in=people)
    if ticket:
        sessions = sessions.filter(sign_in__ticket=ticket)
    if uid or ticket:
        sessions.delete()


@transaction.atomic
def end_sessions_by_token(digest: str, uid: str, ticket: str, *, at: datetime) -> bool:
    """False if the logout token was used before. It counts as used only if the sessions ended."""
    try:
        with transaction.atomic():
            UsedLogoutToken.objects.create(digest=digest, used_at=at)
    except IntegrityError:
        return False
    end_sessions_of_university(uid, ticket)
    return True


def record_sign_up(user: User, *, at: datetime) -> None:
    """With an account of a university, by allauth."""
    journal.record("user.signed_up", user, by=user, at=at)


def record_factor(act: str, user: User, *, at: datetime) -> None:
    """What allauth did with a second factor of the person."""
    journal.record(act, user, by=user, at=at)


def record_link(user: User, *, at: datetime) -> None:
    journal.record("university.linked", user, by=user, at=at)


@transaction.atomic
def unlink(link: SocialAccount, *, by: User, at: datetime) -> None:
    """The person still signs in by e-mailed code."""
    link.delete()
    journal.record("university.unlinked", by, by=by, at=at)


@transaction.atomic
def end_session(sign_in: SignIn, *, by: User, at: datetime) -> None:
    """Its sockets are closed too, because its row is deleted (`receivers.session_ended`)."""
    sign_in.session.delete()
    journal.record("session.ended", by, by=by, at=at)


@transaction.atomic
def sign_out_everywhere(user: User, *, by: User, at: datetime) -> None:
    User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)
    Session.objects.filter(sign_in__user=user).delete()
    refresh_rights(user.pk)
    journal.record("user.signed_out", user, by=by, at=at)


@transaction.atomic
def ask_to_change_address(user: User, email: str, *, at: datetime) -> dict[str, Any]:
    """Mails a code to each address. The session keeps what is returned, for `change_address`.
    The owner of an address that another account has gets a mail without a code.
    """
    email = email.strip().lower()
    check(rules.address_refusal(email, current=user.email))
    codes = {"old": random_code(), "new": random_code()}
    mails = get_adapter()
    mails.send_mail("account/email/address_old", user.email, {"code": codes["old"], "new": email})
    if User.objects.filter(email__iexact=email).exists():
        mails.send_mail("account/email/address_taken", email, {})
    else:
        mails.send_mail("account/email/address_new", email, {"code": codes["new"]})
    digests = {name: code_digest(code) for name, code in codes.items()}
    return {**digests, "email": email, "from": user.email, "asked_at": at.isoformat()}


@transaction.atomic
def change_address(
    user: User, change: dict[str, Any], *, old_code: str, new_code: str, at: datetime
) -> None:
    """Raises `Refused`, also if another account got the address meanwhile."""
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    too_late = at > datetime.fromisoformat(change["asked_at"]) + CHANGE_CODES_VALID
    if too_late or change["from"] != user.email:
        raise Refused(refuse(AccountRefusal.CODES_EXPIRED))
    if not constant_time_compare(code_digest(old_code), change["old"]):
        raise Refused(refuse(AccountRefusal.OLD_CODE))
    if not constant_time_compare(code_digest(new_code), change["new"]):
        raise Refused(refuse(AccountRefusal.NEW_CODE))
    former, user.email = user.email, change["email"]
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
            EmailAddress.objects.filter(user=user).delete()
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    except IntegrityError as error:
        raise Refused(refuse(AccountRefusal.CODES_EXPIRED)) from error
    journal.record("user.address_changed", user, by=user, at=at)
    get_adapter().send_mail("account/email/address_changed", former, {"new": user.email})


@transaction.atomic
def close_accounts(users: Iterable[int], *, at: datetime) -> None:
    """By primary key. The rows stay without what names the people: deposits, receipts, marks and
    the journal refer to them. The caller checks whether they may go, and deletes what is theirs.
    """
    people = list(User.objects.select_for_update(no_key=True).filter(pk__in=users).order_by("pk"))
    nobody = make_password(None)
    for user in people:
        user.email, user.password, user.name = rules.neutral_address(user.pk), nobody, ""
        user.phone, user.last_login, user.deleted_at = "", None, at
        user.is_active = user.is_staff = user.is_superuser = False
        user.calendar_renewals += 1
        user.sign_outs += 1
        refresh_rights(user.pk)
    User.objects.bulk_update(people, CLEARED, batch_size=100)
    pks = [user.pk for user in people]
    for model in (User.user_permissions.through, User.groups.through):
        model._default_manager.filter(user__in=pks).delete()
    Session.objects.filter(sign_in__user__in=pks).delete()


def make_nameless(count: int, *, at: datetime) -> list[User]:
    """Anonymous accounts, to which rows refer instead of the account of a person."""
    nameless = {"password": make_password(None), "is_active": False, "deleted_at": at}
    return User.objects.bulk_create(
        User(email=f"{uuid4().hex}@compte.invalid", date_joined=at, **nameless)
        for _ in range(count)
    )


@transaction.atomic
def make_administrator(*, email: str, name: str, password: str, at: datetime) -> User:
    """The caller checks whether this may be. An account with this address becomes it."""
    email = email.strip().lower()
    user = User.objects.filter(email__iexact=email).first() or User(email=email)
    user.name = " ".join(name.split())
    user.is_active = user.is_staff = user.is_superuser = True
    user.set_password(password)
    user.save()
    journal.record("administrator.made", user, by=user, at=at)
    return user


def forget_credentials(*, at: datetime) -> None:
    """Deletes what expired long ago, and old entries of the admin's log."""
    EntryCode.objects.filter(made_at__lt=at - ENTRY_CODES_KEPT).delete()
    ApiToken.objects.filter(expires_at__lt=at - TOKENS_KEPT).delete()
    UsedLogoutToken.objects.filter(used_at__lt=at - LOGOUT_TOKENS_KEPT).delete()
    EmailConfirmation.objects.filter(created__lt=at - CONFIRMATIONS_KEPT).delete()
    LogEntry.objects.filter(action_time__lt=at - ADMIN_LOG_KEPT).delete()


def random_code() -> str:
    return spoken_code(new_code(ENTRY_CODE_LENGTH))


@transaction.atomic
def make_entry_code(user: User, *, by: User, at: datetime, edition: int | None = None) -> str:
    """The caller checks whether `by` may let `user` in. The former one becomes invalid.

    `edition`: the primary key of the one whose journal it is written to.
    """
    code = _stored_entry_code(user, is_mailed=False, at=at)
    journal.record("entry_code.made", user, by=by, at=at, edition=edition)
    return code


@transaction.atomic
def mail_entry_code(email: str, *, at: datetime) -> None:
    """To the owner of the account with this address, if there is one, whoever asked for it."""
    user = find_by_email(email)
    if user is None:
        return
    code = _stored_entry_code(user, is_mailed=True, at=at)
    url = f"{settings.SITE_URL}{reverse('accounts:enter')}#{code}"
    get_adapter().send_mail("account/email/entry_code", user.email, {"code": code, "url": url})
    journal.record("entry_code.mailed", user, by=None, at=at)


def _stored_entry_code(user: User, *, is_mailed: bool, at: datetime) -> str:
    """The former one of this kind becomes invalid."""
    code = random_code()
    EntryCode.objects.update_or_create(
        user=user,
        is_mailed=is_mailed,
        defaults={"digest": code_digest(code), "made_at": at, "sign_outs": user.sign_outs},
    )
    return code


@transaction.atomic
def enter(code: str, *, at: datetime) -> User:
    """Returns the owner of the code, and deletes the code. Raises `Refused`."""
    codes = EntryCode.objects.select_for_update().filter(
        digest=code_digest(code),
        made_at__gt=at - ENTRY_CODE_VALID,
        user__is_active=True,
        sign_outs=F("user__sign_outs"),
    )
    entry = codes.first()
    # Two requests with the same code: only one of them deletes the row.
    if entry is None or not EntryCode.objects.filter(pk=entry.pk, digest=entry.digest).delete()[0]:
        raise Refused(refuse(AccountRefusal.ENTRY_UNKNOWN))
    user = entry.user
    journal.record("entry_code.used", user, by=user, at=at)
    return user
