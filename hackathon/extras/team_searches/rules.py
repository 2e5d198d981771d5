import re
from collections.abc import Collection
from datetime import datetime, timedelta

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.editions.models import Edition
from hackathon.extras.team_searches.errors import SearchRefusal
from teams.models import Membership, Team
from teams.rules import captain_refusal, join_refusal, one_team_refusal, period_refusal

OPEN_INVITATIONS_MAX = 10  # of one team
LINE_PAUSE = timedelta(minutes=1)  # between two changes of one line
CONTACT = re.compile(r"@|https?:|www\.|(?:\d[\s.-]?){8}", re.IGNORECASE)


def line_refusal(*texts: str, written_at: datetime | None, at: datetime) -> Refusal | None:
    """`written_at`: when the person wrote the line before, if there is one."""
    if any(CONTACT.search(text) for text in texts):
        return refuse(SearchRefusal.CONTACT_IN_LINE)
    if written_at is not None and at < written_at + LINE_PAUSE:
        return refuse(SearchRefusal.WRITTEN_JUST_NOW)
    return None


def search_refusal(
    edition: Edition,
    *texts: str,
    by: User,
    membership: Membership | None,
    written_at: datetime | None,
    at: datetime,
) -> Refusal | None:
    return (
        one_team_refusal(membership)
        or period_refusal(edition, at=at)
        or _name_refusal(by)
        or line_refusal(*texts, written_at=written_at, at=at)
    )


def _name_refusal(by: User) -> Refusal | None:
    """Without a name the first part of the address is shown in its place."""
    return None if by.name else refuse(SearchRefusal.NAME_MISSING)


def invite_refusal(
    team: Team,
    *,
    by: Membership | None,
    members: int,
    person: User | None,
    invited: Collection[int],
    waiting: int,
    at: datetime,
) -> Refusal | None:
    """`person`: None if they no longer look for a team. `invited`: users with an invitation."""
    if refusal := captain_refusal(team, by=by):
        return refusal
    if person is None:
        return refuse(SearchRefusal.NO_LONGER_SEARCHING)
    if refusal := join_refusal(team, members=members, edition=team.edition, membership=None, at=at):
        return refusal
    if person.pk in invited:
        return refuse(SearchRefusal.ALREADY_INVITED, person=person.display_name)
    if waiting >= OPEN_INVITATIONS_MAX:
        return refuse(SearchRefusal.TOO_MANY_INVITATIONS, max=OPEN_INVITATIONS_MAX)
    return None
