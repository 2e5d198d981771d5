from collections.abc import Collection
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from hackathon.base.accounts.models import SignIn, User
from hackathon.base.core.errors import NotFound
from hackathon.base.core.models import JournalEntry
from hackathon.base.core.selectors import get_or_not_found

CALENDAR_SIGNS = 40  # hexadecimal: 160 bits


def find_by_email(email: str) -> User | None:
    """The caller must be allowed to know whether there is such an account."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()


def pks_with_chosen_name(pks: Collection[int]) -> set[int]:
    """Those who typed their own name."""
    entries = JournalEntry.objects.filter(act="user.renamed", person_pk__in=pks)
    return {pk for pk in entries.values_list("person_pk", flat=True) if pk is not None}


def calendar_token(user: User) -> str:
    """The secret part of the address of their calendar."""
    return _calendar_token(user, settings.SECRET_KEY)


def _calendar_token(user: User, secret: str) -> str:
    value = f"{user.pk}:{user.calendar_renewals}"
    digest = salted_hmac("accounts.calendar", value, secret, algorithm="sha256").hexdigest()
    return f"{user.pk}-{digest[:CALENDAR_SIGNS]}"


def get_user_of_calendar(token: str) -> User:
    pk = token.partition("-")[0]
    if pk.isascii() and pk.isdigit() and len(pk) < 19:
        user = User.objects.filter(pk=int(pk), is_active=True).first()
        keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        if user and any(constant_time_compare(token, _calendar_token(user, key)) for key in keys):
            return user
    raise NotFound


def is_deactivated(email: str) -> bool:
    """Only the owner of the address may learn it."""
    return User.objects.filter(email__iexact=email.strip(), is_active=False).exists()


def sessions_of(user: User, *, at: datetime) -> list[SignIn]:
    return list(SignIn.objects.filter(user=user, session__expire_date__gt=at))


def get_session_of(user: User, pk: int) -> SignIn:
    return get_or_not_found(SignIn.objects.filter(user=user), pk=pk)


def has_account(email: str) -> bool:
    """Only the owner of the address may learn it."""
    return User.objects.filter(email__iexact=email).exists()


def links_of(user: User) -> list[SocialAccount]:
    return list(SocialAccount.objects.filter(user=user).order_by("pk"))


def get_link_of(user: User, pk: int) -> SocialAccount:
    return get_or_not_found(SocialAccount.objects.filter(user=user), pk=pk)


# Without recovery codes, which are of no use alone.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def factors_of(user: User) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user=user, type__in=FACTORS)


def has_factor(user: User) -> bool:
    """One query."""
    return factors_of(user).exists()


def has_application(user: User) -> bool:
    """One query."""
    return factors_of(user).filter(type=Authenticator.Type.TOTP).exists()


def with_factor_among(pks: Collection[int]) -> set[int]:
    factors = Authenticator.objects.filter(user__in=pks, type__in=FACTORS)
    return set(factors.values_list("user", flat=True))


def is_trusted(user: User) -> bool:
    """Administers the site, organizes an edition or has a part of that right."""
    return user.is_superuser or user.organized.exists() or user.colleague_roles.exists()
