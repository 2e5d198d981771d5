"""Who may read a live message."""

from collections.abc import Iterable
from hashlib import sha256

EVERYONE = "everyone"
ORGANIZERS = "organizers"
DESK = "desk"  # who notes presence and hands out meals
ROUND = "round"  # who makes the round, apart from organizers


def department_audience(department_pk: int) -> str:
    """The students and the jury of a department."""
    return f"department:{department_pk}"


def team_audience(team_pk: int) -> str:
    return f"team:{team_pk}"


def jury_audience(department_pk: int) -> str:
    return f"jury:{department_pk}"


def client_audience(department_pk: int) -> str:
    return f"client:{department_pk}"


def helpers_audience(kind: str, department_pk: int | None = None) -> str:
    return f"helpers:{kind}" if department_pk is None else f"helpers:{kind}:{department_pk}"


def tutors_audience(department_pk: int | None = None) -> str:
    return "tutors" if department_pk is None else f"tutors:{department_pk}"


def team_in(audiences: Iterable[str]) -> int | None:
    """The inverse of `team_audience`."""
    keys = (name.removeprefix("team:") for name in audiences if name.startswith("team:"))
    return next((int(pk) for pk in keys), None)


def juries_in(audiences: Iterable[str]) -> tuple[int, ...]:
    """The departments of `jury_audience`, in ascending order."""
    keys = (name.removeprefix("jury:") for name in audiences if name.startswith("jury:"))
    return tuple(sorted(int(pk) for pk in keys))


def rights_mark(audiences: Iterable[str]) -> str:
    """Changes when the audiences change."""
    return sha256("|".join(sorted(audiences)).encode()).hexdigest()[:12]
