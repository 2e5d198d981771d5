from hackathon.accounts.models import User


def find_by_email(email: str) -> User | None:
    """The active account with this address, in any case. The caller may know that it exists."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()
