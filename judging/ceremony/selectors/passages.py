"""What the steps of passages and messages show. No access checks: callers show the current step."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hackathon.core.selectors import get_or_not_found
from hackathon.editions.models import Department, Edition
from judging.ceremony.selectors.decks import Deck
from judging.ceremony.steps import Key, Messages
from judging.enums import Anchor, PassagePhase
from judging.models import Ceremony, CeremonyMessage, Passage, PassagePlan


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


def messages_by_anchor(edition: Edition) -> Messages:
    """One query."""
    messages: dict[tuple[Anchor, Key | None], list[int]] = defaultdict(list)
    rows = CeremonyMessage.objects.filter(edition=edition)
    for pk, anchor, department in rows.values_list("pk", "anchor", "department"):
        messages[Anchor(anchor), department].append(pk)
    return messages


def departments_with_plans(edition: Edition) -> list[Department]:
    return list(edition.departments.select_related("passage_plan"))


def messages_of(edition: Edition) -> list[CeremonyMessage]:
    return list(edition.ceremony_messages.select_related("department", "partner"))


def get_message_of(edition: Edition, pk: int) -> CeremonyMessage:
    """Raises `NotFound`."""
    messages = CeremonyMessage.objects.select_related("partner", "department")
    return get_or_not_found(messages, edition=edition, pk=pk)


def get_department_of(edition: Edition, pk: int) -> Department:
    """Raises `NotFound`."""
    departments = Department.objects.select_related("passage_plan")
    return get_or_not_found(departments, edition=edition, pk=pk)


def passage_at(ceremony: Ceremony, team: Key) -> Passage:
    """An unsaved one, which begins with the step, if there is no row."""
    stored = ceremony.passages.filter(team_key=str(team)).first()
    begun = ceremony.moved_at
    return stored or Passage(ceremony=ceremony, team_key=str(team), phase_at=begun)
