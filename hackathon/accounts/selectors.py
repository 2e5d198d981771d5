"""Reads of accounts."""

from hackathon.accounts.models import User


def find_by_email(email: str) -> User | None:
    """The active account with this address, whatever its case. For callers who may know of it."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()
