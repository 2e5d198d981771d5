"""The seats of the user who makes a request, read once."""

from typing import Any

from judging.jury.selectors import jury_of
from judging.models import Juror


def own_seats(request: Any) -> list[Juror]:
    """In the edition that the site shows. One query for a request; not after a change in it."""
    if not hasattr(request, "seats"):
        request.seats = jury_of(request.user, getattr(request, "edition", None))
    seats: list[Juror] = request.seats
    return seats
