"""All but `get_own_passage` are without access checks: they show the current step. Those of the
team on stage raise `NotFound` without one.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.day.stage.models import Projector
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import AnyUser
from hackathon.extras.passages import rules
from hackathon.extras.passages.decks import Deck, deck_of
from hackathon.extras.passages.enums import PassagePhase
from hackathon.extras.passages.models import Passage, PassagePlan
from judging.ceremony.selectors.state import CeremonyState, ceremony_state
from judging.ceremony.steps import Key
from judging.models import Ceremony
from teams.models import Team
from teams.selectors.teams import membership_of


@dataclass(frozen=True)
class PassageScreen:
    team: str
    passage: Passage
    plan: PassagePlan
    following: str  # name of the team that presents next in the department; may be empty
    deck: Deck = field(default_factory=Deck)

    @property
    def is_speaking(self) -> bool:
        return self.passage.phase == PassagePhase.SPEAKING

    @property
    def ends_at(self) -> datetime:
        """Of the phase. Every screen counts down to it by the server's clock."""
        plan = self.plan
        minutes = plan.speaking_minutes if self.is_speaking else plan.questions_minutes
        return self.passage.phase_at + timedelta(minutes=minutes)

    @property
    def is_first_page(self) -> bool:
        return self.passage.page == 1

    @property
    def is_last_page(self) -> bool:
        return self.passage.page == self.deck.pages


def passage_plans(edition: Edition) -> dict[Key, PassagePlan]:
    """By id of the department. One query."""
    plans = PassagePlan.objects.filter(department__edition=edition)
    return {plan.department_id: plan for plan in plans}


def departments_with_plans(edition: Edition) -> list[Department]:
    return list(edition.departments.select_related("passage_plan"))


def passage_screen(state: CeremonyState, plan: PassagePlan, *, at: datetime) -> PassageScreen:
    """Of the current step, which is a passage."""
    team = state.step.teams[0]
    following = rules.following(state.steps, state.ceremony.step)
    names, deck = {key: each.name for key, each in state.placeholders.items()}, Deck()
    if not state.ceremony.is_rehearsal:
        keys = [key for key in (team, following) if isinstance(key, int)]
        rows = Team.objects.filter(pk__in=keys).select_related("edition")
        teams = {each.pk: each for each in rows}
        names = {pk: each.name for pk, each in teams.items()}
        deck = next((deck_of(teams[pk], at=at) for pk in keys[:1] if pk in teams), Deck())
    after = names.get(following, "") if following else ""
    return PassageScreen(names.get(team, ""), _passage_at(state.ceremony, team), plan, after, deck)


def _passage_at(ceremony: Ceremony, team: Key) -> Passage:
    """An unsaved one, which begins with the step, if there is no row."""
    stored = Passage.objects.filter(ceremony=ceremony, team_key=str(team)).first()
    begun = ceremony.moved_at
    return stored or Passage(ceremony=ceremony, team_key=str(team), phase_at=begun)


# ---------------------------------------------------------------- the team on stage


def get_passage_on_stage(edition: Edition | None, *, at: datetime) -> PassageScreen:
    state = ceremony_state(edition) if edition else None
    if edition is None or state is None or state.outdated or not state.step.is_passage:
        raise NotFound
    plan = passage_plans(edition)[state.step.department or 0]
    screen = passage_screen(state, plan, at=at)
    if screen.passage.pk is None:
        raise NotFound
    return screen


def team_on_stage(edition: Edition) -> Key | None:
    """As the screens show it; a placeholder in a rehearsal."""
    state = ceremony_state(edition)
    is_shown = state is not None and not state.outdated and state.step.is_passage
    return state.step.teams[0] if state and is_shown else None


def get_passage(token: str, *, at: datetime) -> PassageScreen:
    """The link gives the right to turn pages."""
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


def projectors_with_decks(edition: Edition) -> list[Projector]:
    """Those that have said how many decks they have."""
    return list(edition.projectors.filter(decks_wanted__gt=0, decks_stored__isnull=False))
