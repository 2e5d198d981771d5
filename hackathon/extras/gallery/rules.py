from collections.abc import Iterable
from datetime import datetime

from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.file_responses import INLINE_TYPES
from hackathon.base.core.typography import plain_letters
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.extras.gallery.enums import ItemKind, Opening
from hackathon.extras.gallery.errors import GalleryRefusal
from hackathon.extras.gallery.models import Gallery
from submissions.enums import DeliverableKind
from submissions.models import Deliverable, Extension, Submission
from submissions.versions.rules import deposit_period, due_by_deadline
from teams.models import Team

GUESTS_MAX = 50


def opens_at(
    edition: Edition, gallery: Gallery, extensions: Iterable[Extension]
) -> datetime | None:
    """None: not known yet. Never while a team may hand in on time. `extensions`: valid."""
    periods = [deposit_period(edition, ())]
    for extension in extensions:
        deliverable = extension.deliverable
        if deliverable is None or due_by_deadline(edition, [deliverable]):
            periods.append(deposit_period(edition, [extension], deliverable))
    hand_in_ends = max(period.grace_ends_at for period in periods)
    if gallery.opening == Opening.HAND_IN:
        return hand_in_ends
    is_chosen = gallery.opening == Opening.INSTANT
    chosen = gallery.opens_at if is_chosen else edition.results_published_at
    return max(chosen, hand_in_ends) if chosen else None


def is_shown(deliverable: Deliverable, chosen: bool | None) -> bool:
    """`chosen`: by an organizer. A text is for the jury unless an organizer chooses it."""
    return deliverable.kind != DeliverableKind.TEXT if chosen is None else chosen


def waits_for_results(edition: Edition, deliverable: Deliverable) -> bool:
    """What is handed in after the deadline, such as the deck of a nominee, tells who is one."""
    return deliverable.is_deck or not due_by_deadline(edition, [deliverable])


def kind_of(submission: Submission) -> ItemKind | None:
    """None: browsers do not show it, as an archive of sources, or it does not open."""
    if submission.is_broken:
        return None
    if submission.url:
        return ItemKind.LINK
    if submission.text:
        return ItemKind.TEXT
    if has_copy(submission):
        return ItemKind.VIDEO
    if submission.content_type not in INLINE_TYPES:
        return None
    kind, _slash, _rest = submission.content_type.partition("/")
    return ItemKind.PDF if kind == "application" else ItemKind(kind)


def has_copy(submission: Submission) -> bool:
    """A video that every browser plays. Needs `select_related("inspection")`."""
    inspection = getattr(submission, "inspection", None)
    return bool(inspection and inspection.reading_copy)


def has_picture(submission: Submission) -> bool:
    """Needs `select_related("inspection")`."""
    inspection = getattr(submission, "inspection", None)
    return bool(inspection and inspection.thumbnail)


def matches(team: Team, sentence: str, query: str) -> bool:
    """Whether each word of the query is contained in the texts. Ignores accents and case."""
    text = _plain(f"{team.name} {team.project} {sentence}")
    return all(word in text for word in _plain(query).split())


def _plain(text: str) -> str:
    return plain_letters(text).casefold()


def sentence_refusal(edition: Edition, *, at: datetime) -> Refusal | None:
    """Public pages quote it then."""
    is_fixed = results_are_public(edition, at=at)
    return refuse(GalleryRefusal.SENTENCE_FIXED) if is_fixed else None


def opening_refusal(opening: Opening, instant: datetime | None) -> Refusal | None:
    is_missing = opening == Opening.INSTANT and instant is None
    return refuse(GalleryRefusal.NO_INSTANT) if is_missing else None


def guest_refusal(
    name: str, others: Iterable[str], *, ends_at: datetime, at: datetime
) -> Refusal | None:
    """`others`: the names of the other guests of the edition."""
    names = [other.casefold() for other in others]
    if len(names) >= GUESTS_MAX:
        return refuse(GalleryRefusal.TOO_MANY_GUESTS, max=GUESTS_MAX)
    if name.casefold() in names:
        return refuse(GalleryRefusal.GUEST_TAKEN, guest=name)
    return refuse(GalleryRefusal.GUEST_PAST) if ends_at <= at else None
