"""Decks: of each team, the version that counts of the deliverable to project."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hackathon.base.core.errors import NotFound
from hackathon.base.core.file_responses import INLINE_TYPES
from hackathon.event.editions.models import Edition
from hackathon.extras.passages.models import PassagePlan
from submissions.models import Inspection, Submission
from submissions.versions.selectors import TeamDeposits, deposits_by_team
from teams.models import Team


class DeckKind(StrEnum):
    """How screens show it. `FILE`: no browser shows it, for example a presentation of an office
    program.
    """

    PDF = "pdf"
    VIDEO = "video"
    IMAGE = "image"
    PAGE = "page"
    TEXT = "text"
    FILE = "file"
    NONE = "none"


@dataclass(frozen=True)
class Deck:
    kind: DeckKind = DeckKind.NONE
    submission: Submission | None = None

    @property
    def pages(self) -> int:
        """Of a PDF; 0: not known, its inspection has not ended."""
        pages = self._facts.get("pages", 0)
        return pages if self.kind == DeckKind.PDF and isinstance(pages, int) else 0

    @property
    def title(self) -> str:
        """Of the page of a link; empty: not known."""
        return str(self._facts.get("title", ""))

    @property
    def can_be_framed(self) -> bool:
        return self.kind == DeckKind.PAGE and self._facts.get("frames") is True

    @property
    def is_stored(self) -> bool:
        """Whether projectors fetch a file of it."""
        return self.kind in (DeckKind.PDF, DeckKind.VIDEO, DeckKind.IMAGE)

    @property
    def uses_copy(self) -> bool:
        """A video that not every browser plays is shown by its copy for reading."""
        is_video = self.kind == DeckKind.VIDEO
        return is_video and self._inspection is not None and bool(self._inspection.reading_copy)

    @property
    def size(self) -> int:
        """In bytes, of what projectors fetch."""
        if self.uses_copy and self._inspection:
            return self._inspection.reading_copy_bytes
        return self.submission.size if self.submission else 0

    @property
    def _inspection(self) -> Inspection | None:
        return getattr(self.submission, "inspection", None)

    @property
    def _facts(self) -> dict[str, object]:
        return self._inspection.facts if self._inspection else {}


def deck_of(team: Team, *, at: datetime) -> Deck:
    """No access check. Three queries."""
    return decks_by_team(team.edition, [team], at=at)[team.pk]


def decks_by_team(edition: Edition, teams: Iterable[Team], *, at: datetime) -> dict[int, Deck]:
    deposits = deposits_by_team(edition, list(teams), at=at)
    return {pk: _deck(of_team) for pk, of_team in deposits.items()}


def decks_to_store(edition: Edition, *, at: datetime) -> list[Deck]:
    """Of all teams that may be nominated, so that it says nothing about who is. No access check:
    only projectors get them before their step. Four queries.
    """
    departments = PassagePlan.objects.filter(department__edition=edition).values("department")
    teams = Team.objects.filter(edition=edition, department__in=departments).order_by("pk")
    decks = decks_by_team(edition, teams, at=at).values()
    return [deck for deck in decks if deck.is_stored]


def get_deck_to_store(edition: Edition, submission_pk: int, *, at: datetime) -> Deck:
    """Raises `NotFound` for every other submission."""
    for deck in decks_to_store(edition, at=at):
        if deck.submission and deck.submission.pk == submission_pk:
            return deck
    raise NotFound


def _deck(deposits: TeamDeposits) -> Deck:
    status = next((each for each in deposits.statuses if each.deliverable.is_deck), None)
    if status is None or status.counting is None:
        return Deck()
    submission = status.counting.submission
    return Deck(_kind(submission), submission)


def _kind(submission: Submission) -> DeckKind:
    if submission.url:
        return DeckKind.PAGE
    if submission.text:
        return DeckKind.TEXT
    family, _slash, _name = submission.content_type.partition("/")
    deck = Deck(DeckKind.VIDEO, submission)
    if family == "video" and (deck.uses_copy or submission.content_type in INLINE_TYPES):
        return DeckKind.VIDEO
    if submission.content_type == "application/pdf":
        return DeckKind.PDF
    is_picture = family == "image" and submission.content_type in INLINE_TYPES
    return DeckKind.IMAGE if is_picture else DeckKind.FILE
