from collections.abc import Iterator
from datetime import datetime

from hackathon.base.accounts.models import User
from hackathon.base.core.selectors import get_or_not_found
from hackathon.extras.photographs import services


def given(user: User) -> Iterator[tuple[int, str, datetime | None]]:
    agreed = user.image_rights.filter(agrees=True).select_related("edition").order_by("pk")
    for right in agreed:
        yield right.pk, right.edition.name, right.answered_at


def withdraw(user: User, pk: int, at: datetime) -> None:
    """Raises `NotFound` for what is another person's."""
    right = get_or_not_found(user.image_rights.select_related("edition"), pk=pk)
    services.withdraw(right.edition, user, at=at)
