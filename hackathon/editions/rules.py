"""Decisions about an edition, from its stored instants. Pure: `at` is an argument."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from hackathon.core.errors import Refusal, refuse
from hackathon.editions.enums import MilestoneKind, Phase
from hackathon.editions.errors import EditionRefusal
from hackathon.editions.models import Brief, Edition, Milestone


def grace_ends_at(edition: Edition) -> datetime:
    """Until when a transfer begun before the deadline may finish (no Extension)."""
    return edition.deadline_at + timedelta(seconds=edition.grace_seconds)


def phase(edition: Edition, *, at: datetime) -> Phase:
    """Where the edition is at `at`. A bound belongs to the phase before it: at the deadline the
    event still runs, as a deposit received at that instant is on time.
    """
    if _reached(edition.results_published_at, at):
        return Phase.PUBLISHED
    if _reached(edition.deliberated_at, at):
        return Phase.DELIBERATED
    if at < edition.registration_opens_at and at < edition.starts_at:
        return Phase.DRAFT
    if at < edition.starts_at:
        open_ = at <= edition.registration_closes_at
        return Phase.REGISTRATION if open_ else Phase.READY
    if at <= edition.deadline_at:
        return Phase.RUNNING
    if at <= grace_ends_at(edition):
        return Phase.GRACE
    return Phase.JUDGING if at >= edition.judging_opens_at else Phase.CLOSED


def results_are_public(edition: Edition, *, at: datetime) -> bool:
    """Whether everybody may read the awards."""
    return _reached(edition.results_published_at, at)


def brief_is_published(brief: Brief, *, at: datetime) -> bool:
    """Whether the brief exists for people other than organizers."""
    return brief.published_at <= at


def registration_is_open(edition: Edition, *, at: datetime) -> bool:
    """Whether teams may be registered, joined and left. Both bounds belong to the window."""
    return edition.registration_opens_at <= at <= edition.registration_closes_at


@dataclass(frozen=True)
class Moment:
    """A point of the day's line."""

    kind: MilestoneKind
    label: str
    at: datetime
    milestone_pk: int | None = None


def day_line(edition: Edition, milestones: Iterable[Milestone]) -> list[Moment]:
    """The day in order: the stored milestones with launch and deadline among them."""
    moments = [
        Moment(MilestoneKind.LAUNCH, _("Lancement"), edition.starts_at),
        Moment(MilestoneKind.DEADLINE, _("Rendu des travaux"), edition.deadline_at),
    ]
    moments += [Moment(MilestoneKind(m.kind), m.label, m.at, m.pk) for m in milestones]
    return sorted(moments, key=lambda moment: (moment.at, moment.kind != MilestoneKind.LAUNCH))


def schedule_refusal(edition: Edition, *, at: datetime) -> Refusal | None:
    """Whether these instants (not saved yet) make a possible day."""
    if results_are_public(edition, at=at):
        return refuse(EditionRefusal.RESULTS_PUBLISHED)
    pairs = [
        ("registration_opens_at", "registration_closes_at", False),
        ("starts_at", "deadline_at", True),
        ("deadline_at", "judging_opens_at", False),
    ]
    for earlier, later, strictly in pairs:
        first, second = getattr(edition, earlier), getattr(edition, later)
        if second < first or (strictly and second == first):
            return refuse(
                EditionRefusal.INSTANTS_OUT_OF_ORDER,
                earlier=_field_label(earlier),
                later=_field_label(later),
            )
    return None


def next_change_at(
    edition: Edition, instants: Iterable[datetime], *, at: datetime
) -> datetime | None:
    """The next instant at which a page about this edition would read otherwise, by the clock alone."""
    candidates = [
        edition.registration_opens_at,
        edition.registration_closes_at,
        edition.starts_at,
        edition.deadline_at,
        grace_ends_at(edition),
        edition.judging_opens_at,
        *instants,
    ]
    return min((c for c in candidates if c > at), default=None)


def _reached(instant: datetime | None, at: datetime) -> bool:
    return instant is not None and instant <= at


def _field_label(name: str) -> str:
    return str(Edition._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
