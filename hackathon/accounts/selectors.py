from hackathon.accounts.models import User


def find_by_email(email: str) -> User | None:
    """The caller must be allowed to know whether there is such an account."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()


def is_deactivated(email: str) -> bool:
    """Only the owner of the address may learn it."""
    return User.objects.filter(email__iexact=email.strip(), is_active=False).exists()
