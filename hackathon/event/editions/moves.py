"""What an organizer sees and confirms before an instant moves, and what can be taken back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import cast

from django.utils.translation import ngettext

from hackathon.base.core.errors import check
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions import rules
from hackathon.event.editions.models import Brief, Department, Edition, Milestone
from hackathon.event.editions.signals import move_previewed

BRIEFS = "briefs"  # in place of a field of the edition: the briefs that are still secret
MOVES = ("edition.moved", "milestone.changed", "milestone.deleted")
CALENDAR_ACTS = (*MOVES, "milestone.added", "move.undone", "day.moved")


@dataclass(frozen=True)
class Concerned:
    """Numbers: of teams, of their members, of uploads under way, of teams that have handed in
    `nothing`, and of those that have handed in only `something`. `own`: names and instants of
    deadlines that don't move with the edition's.
    """

    teams: int
    members: int
    uploads: int
    nothing: int
    something: int
    own: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True)
class Change:
    label: str
    before: datetime
    to: datetime


@dataclass(frozen=True)
class Move:
    """`key` is posted back, and confirms these instants only, from those of now. `departments`:
    those concerned, empty: all. `follows`: sentences that a person must have read before; an act
    that reaches many without moving an instant has only these. `notes`: what else is worth knowing.
    """

    edition: Edition
    at: datetime  # when it was previewed
    changes: list[Change]
    key: str
    is_forward: bool = False  # a deadline that comes earlier
    is_past: bool = False
    grace_ends_at: datetime | None = None  # if the deadline moves
    departments: tuple[Department, ...] = ()
    follows: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def concerned(self) -> Concerned:
        """Counted only where it is shown: who has confirmed the move waits for its result."""
        return concerned(self.edition, self.departments, at=self.at)


def key_of(name: str, before: datetime, to: datetime) -> str:
    # In UTC: the key must not depend on the zone in which the page was rendered.
    return "|".join((name, *(at.astimezone(UTC).isoformat() for at in (before, to))))


def preview(edition: Edition, instants: Mapping[str, object], *, at: datetime) -> Move | None:
    """`instants`: of the edition, by field. None if none moves, or if rules refuse it."""
    moved = _moved(edition, instants)
    if rules.schedule_refusal(moved, at=at) is not None:
        return None
    move = _move(edition, moved, instants, at=at)
    return move if move.changes else None


def preview_or_refuse(edition: Edition, instants: Mapping[str, object], *, at: datetime) -> Move:
    """Without changes if none moves. Raises `Refused`, as the move itself would."""
    moved = _moved(edition, instants)
    check(rules.schedule_refusal(moved, at=at))
    return _move(edition, moved, instants, at=at)


def _move(
    edition: Edition, moved: Edition, instants: Mapping[str, object], *, at: datetime
) -> Move:
    changed = [name for name in rules.INSTANTS if _differ(edition, moved, name)]
    changes = {
        name: Change(rules.field_label(name), getattr(edition, name), getattr(moved, name))
        for name in changed
    }
    deadline = changes.get("deadline_at")
    return Move(
        edition=edition,
        at=at,
        changes=list(changes.values()),
        key=",".join(
            key_of(name, change.before, change.to)
            for name, change in changes.items()
            if name in instants  # what moves along follows from these
        ),
        is_forward=deadline is not None and deadline.to < deadline.before,
        is_past=deadline is not None and deadline.to <= at,
        grace_ends_at=rules.grace_ends_at(moved) if deadline else None,
    )


def _moved(edition: Edition, instants: Mapping[str, object]) -> Edition:
    moved = copy(edition)
    rules.apply_move(moved, dict(instants))
    return moved


def preview_milestone(milestone: Milestone, to: datetime, *, at: datetime) -> Move | None:
    if milestone.at == to or rules.schedule_refusal(milestone.edition, at=at) is not None:
        return None
    return Move(
        edition=milestone.edition,
        at=at,
        changes=[Change(milestone.label, milestone.at, to)],
        key=key_of(f"milestone:{milestone.pk}", milestone.at, to),
    )


def preview_briefs(
    edition: Edition, coming: Sequence[Brief], to: datetime, *, at: datetime
) -> Move | None:
    """`coming`: by `selectors.coming_briefs`. The first one comes at `to`, the others as much
    later or earlier than before.
    """
    if not coming or coming[0].published_at == to:
        return None
    delay = to - coming[0].published_at
    moved = [(b.department, b.published_at, b.published_at + delay) for b in coming]
    return _move_of_briefs(edition, moved, key=key_of(BRIEFS, coming[0].published_at, to), at=at)


def preview_publications(
    edition: Edition,
    instants: Iterable[tuple[Department, datetime | None, datetime]],
    *,
    at: datetime,
) -> Move | None:
    """Of the brief of each department: its instant, None for a new brief, and the one to be."""
    moved = [each for each in instants if _moves_brief(*each[1:], at=at)]
    if not moved:
        return None
    key = ",".join(key_of(f"brief:{d.pk}", before or to, to) for d, before, to in moved)
    return _move_of_briefs(edition, moved, key=key, at=at)


def _move_of_briefs(
    edition: Edition,
    moved: Sequence[tuple[Department, datetime | None, datetime]],
    *,
    key: str,
    at: datetime,
) -> Move:
    follows = [_follows(*each, at=at) for each in moved]
    return Move(
        edition=edition,
        at=at,
        changes=[Change(d.name, before, to) for d, before, to in moved if before is not None],
        key=key,
        departments=tuple(department for department, _before, _to in moved),
        follows=tuple(text for text in follows if text),
    )


def _moves_brief(before: datetime | None, to: datetime, *, at: datetime) -> bool:
    if before is None:
        return to <= at
    return before.replace(microsecond=0) != to and max(before, to) > at


def _follows(department: Department, before: datetime | None, to: datetime, *, at: datetime) -> str:
    if to > at and (before is None or before > at):
        return ""
    n = concerned(department.edition, [department], at=at).members
    publishes = ngettext(
        "%(name)s : cette heure est passée. Le sujet paraît aussitôt, pour %(n)s étudiant, et"
        " cela ne se reprend pas.",
        "%(name)s : cette heure est passée. Le sujet paraît aussitôt, pour %(n)s étudiants, et"
        " cela ne se reprend pas.",
        n,
    )
    hides = ngettext(
        "%(name)s : le sujet disparaît jusqu’à cette heure, mais %(n)s étudiant l’a peut-être"
        " déjà lu.",
        "%(name)s : le sujet disparaît jusqu’à cette heure, mais %(n)s étudiants l’ont peut-être"
        " déjà lu.",
        n,
    )
    return (publishes if to <= at else hides) % {"name": department.name, "n": n}


def to_confirm(move: Move | None, edition: Edition, confirmed: str, *, at: datetime) -> bool:
    """While the edition runs, whenever the deadline comes earlier, and if something else follows,
    unless it was seen.
    """
    if move is None or move.key == confirmed:
        return False
    return move.is_forward or bool(move.follows) or rules.is_running(edition, at=at)


def concerned(
    edition: Edition, departments: Collection[Department] = (), *, at: datetime
) -> Concerned:
    """`departments` empty: all."""
    [(_receiver, answer)] = move_previewed.send(
        Edition, edition=edition, departments=departments, at=at
    )
    return cast(Concerned, answer)


def _differ(edition: Edition, moved: Edition, name: str) -> bool:
    # Typed instants have whole seconds: a lost fraction of a second is no move.
    before, after = (getattr(each, name).replace(microsecond=0) for each in (edition, moved))
    return bool(before != after)


@dataclass(frozen=True)
class LastMove:
    """`entry`: of the journal. `changes`: empty if no instant changed."""

    entry: JournalEntry
    until: datetime
    changes: list[Change]


def undoable(edition: Edition, *, at: datetime) -> LastMove | None:
    """The last change of the calendar, as long as it can be taken back. One query."""
    recent = JournalEntry.objects.filter(
        act__in=CALENDAR_ACTS, edition_pk=edition.pk, at__gt=at - rules.UNDO_WITHIN, at__lte=at
    )
    # Only the last one: taking back an earlier one would also undo what was changed after it.
    entry = recent.select_related("by").order_by("-id").first()
    if entry is None or entry.act not in MOVES:
        return None
    return LastMove(entry, entry.at + rules.UNDO_WITHIN, _changes_of(entry))


def _changes_of(entry: JournalEntry) -> list[Change]:
    """The deadline first."""
    changes = entry.detail.get("changes", {})
    names = ("at",) if entry.act == "milestone.changed" else ("deadline_at", *rules.INSTANTS)
    return [
        Change(
            entry.detail["label"] if name == "at" else rules.field_label(name),
            *map(datetime.fromisoformat, changes[name]),
        )
        for name in dict.fromkeys(names)
        if name in changes
    ]
