"""For the team on stage."""

from datetime import datetime

from hackathon.core.errors import NotFound
from hackathon.editions.models import Edition
from hackathon.editions.selectors import AnyUser
from judging.ceremony.selectors.passages import PassageScreen
from judging.ceremony.selectors.screens import ceremony_state, passage_screen
from judging.models import Passage
from teams.selectors.teams import membership_of


def get_passage(token: str, *, at: datetime) -> PassageScreen:
    """Who has the link may turn pages. Raises `NotFound` unless this team is on stage."""
    passage = Passage.objects.filter(token=token).select_related("ceremony__edition").first()
    screen = _on_stage(passage.ceremony.edition, at=at) if passage else None
    if screen is None or passage is None or screen.passage.pk != passage.pk:
        raise NotFound
    return screen


def get_own_passage(user: AnyUser, edition: Edition | None, *, at: datetime) -> PassageScreen:
    """For members of the team on stage."""
    screen = _on_stage(edition, at=at) if edition else None
    membership = membership_of(user, edition) if edition and user.is_authenticated else None
    if screen is None or membership is None:
        raise NotFound
    if screen.passage.pk is None or screen.passage.team_key != str(membership.team_id):
        raise NotFound
    return screen


def _on_stage(edition: Edition, *, at: datetime) -> PassageScreen | None:
    state = ceremony_state(edition)
    if state is None or state.outdated:
        return None
    return passage_screen(state, state.step, at=at)
