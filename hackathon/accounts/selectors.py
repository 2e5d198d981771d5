from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from hackathon.accounts.models import SignIn, User
from hackathon.core.errors import NotFound
from hackathon.core.selectors import get_or_not_found

CALENDAR_SIGNS = 40  # hexadecimal: 160 bits


def find_by_email(email: str) -> User | None:
    """The caller must be allowed to know whether there is such an account."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()


def calendar_token(user: User) -> str:
    """The secret part of the address of their calendar."""
    value = f"{user.pk}:{user.calendar_renewals}"
    digest = salted_hmac("accounts.calendar", value, algorithm="sha256").hexdigest()
    return f"{user.pk}-{digest[:CALENDAR_SIGNS]}"


def get_user_of_calendar(token: str) -> User:
    pk = token.partition("-")[0]
    if pk.isascii() and pk.isdigit() and len(pk) < 19:
        user = User.objects.filter(pk=int(pk), is_active=True).first()
        if user is not None and constant_time_compare(token, calendar_token(user)):
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


def factors_of(user: User) -> QuerySet[Authenticator]:
    """Without recovery codes, which are of no use alone."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=user, type__in=kinds)


def is_trusted(user: User) -> bool:
    """Administers the site or organizes an edition."""
    return user.is_superuser or user.organized.exists()
