from collections.abc import Iterator
from datetime import datetime

from hackathon.base.accounts.models import User
from hackathon.base.core.selectors import get_or_not_found
from hackathon.extras.meals import services


def given(user: User) -> Iterator[tuple[int, str, datetime | None]]:
    for needs in user.dietary_needs.select_related("edition").order_by("pk"):
        yield needs.pk, needs.edition.name, needs.consented_at


def withdraw(user: User, pk: int, at: datetime) -> None:
    """Raises `NotFound` for what is another person's."""
    needs = get_or_not_found(user.dietary_needs.select_related("edition"), pk=pk)
    services.set_needs(needs.edition, user, "", consents=False, at=at)
