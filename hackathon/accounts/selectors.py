from typing import cast

from django.http import HttpRequest

from hackathon.accounts.models import User


def find_by_email(email: str) -> User | None:
    """The active account with this address, in any case. The caller may know that it exists."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()


def person(request: HttpRequest) -> User:
    """The signed-in user, for views with `@login_required`."""
    return cast(User, request.user)
