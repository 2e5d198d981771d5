from teams.models.call import (
    NOTE_LENGTH,
    PLACE_LENGTH,
    Duty,
    HelpRequest,
    HelpRequestQuerySet,
)
from teams.models.room import PLACES_MAX, Placement, Room
from teams.models.search import SKILLS_LENGTH, Invitation, Search
from teams.models.team import (
    JOIN_CODE_ALPHABET,
    JOIN_CODE_LENGTH,
    LINE_LENGTH,
    Membership,
    Removal,
    Student,
    Team,
    TeamNote,
    new_join_code,
)

__all__ = [
    "JOIN_CODE_ALPHABET",
    "JOIN_CODE_LENGTH",
    "LINE_LENGTH",
    "NOTE_LENGTH",
    "PLACES_MAX",
    "PLACE_LENGTH",
    "SKILLS_LENGTH",
    "Duty",
    "HelpRequest",
    "HelpRequestQuerySet",
    "Invitation",
    "Membership",
    "Placement",
    "Removal",
    "Room",
    "Search",
    "Student",
    "Team",
    "TeamNote",
    "new_join_code",
]
