"""For the team on stage. All raise `NotFound` if nobody is."""

from datetime import datetime

from hackathon.core.errors import NotFound
from hackathon.core.selectors import get_or_not_found
from hackathon.editions.models import Edition
from hackathon.editions.selectors import AnyUser
from judging.ceremony.selectors.passages import PassageScreen
from judging.ceremony.selectors.screens import passage_screen
from judging.ceremony.selectors.state import ceremony_state
from judging.models import Passage
from teams.selectors.teams import membership_of


def get_passage_on_stage(edition: Edition | None, *, at: datetime) -> PassageScreen:
    """No access check."""
    state = ceremony_state(edition) if edition else None
    screen = passage_screen(state, at=at) if state else None
    if screen is None or screen.passage.pk is None:
        raise NotFound
    return screen


def get_passage(token: str, *, at: datetime) -> PassageScreen:
    """Who has the link may turn pages."""
    passage = get_or_not_found(Passage.objects.select_related("ceremony__edition"), token=token)
    screen = get_passage_on_stage(passage.ceremony.edition, at=at)
    if screen.passage != passage:
        raise NotFound
    return screen


def get_own_passage(user: AnyUser, edition: Edition | None, *, at: datetime) -> PassageScreen:
    """For members of the team."""
    screen = get_passage_on_stage(edition, at=at)
    membership = membership_of(user, edition) if edition and user.is_authenticated else None
    if membership is None or screen.passage.team_key != str(membership.team_id):
        raise NotFound
    return screen
