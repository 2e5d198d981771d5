from teams.models.call import (
    NOTE_LENGTH,
    PLACE_LENGTH,
    Duty,
    HelpRequest,
    HelpRequestQuerySet,
)
from teams.models.room import PLACES_MAX, Placement, Room
from teams.models.team import (
    JOIN_CODE_LENGTH,
    Membership,
    Removal,
    Student,
    Team,
    TeamNote,
    new_join_code,
)

__all__ = [
    "JOIN_CODE_LENGTH",
    "NOTE_LENGTH",
    "PLACES_MAX",
    "PLACE_LENGTH",
    "Duty",
    "HelpRequest",
    "HelpRequestQuerySet",
    "Membership",
    "Placement",
    "Removal",
    "Room",
    "Student",
    "Team",
    "TeamNote",
    "new_join_code",
]
