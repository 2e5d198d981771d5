"""Reads of accounts."""

from typing import cast

from django.http import HttpRequest

from hackathon.accounts.models import User


def find_by_email(email: str) -> User | None:
    """The active account with this address, whatever its case. For callers who may know of it."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()


def person(request: HttpRequest) -> User:
    """Who is signed in. For pages that need somebody, where a decorator has seen to it."""
    return cast(User, request.user)
