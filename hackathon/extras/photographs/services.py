"""Raises `Refused`. No entry of the journal says what a person has answered."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import Refusal, check, refuse
from hackathon.base.core.file_types import HEAD, type_of
from hackathon.base.core.received_files import ReceivedFile
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.event.editions.services.briefs import remove_on_commit
from hackathon.event.editions.services.guard import lock_for
from hackathon.extras.photographs import drawing, live, rules, selectors
from hackathon.extras.photographs.drawing import Sizes
from hackathon.extras.photographs.errors import PhotographRefusal
from hackathon.extras.photographs.models import ImageRight, Photograph
from teams.selectors.teams import membership_of

DRAWN_AT_ONCE = 2  # processes


# ---------------------------------------------------------------- the question


@transaction.atomic
def answer(edition: Edition, user: User, *, agrees: bool, at: datetime) -> None:
    membership = membership_of(user, edition)
    check(rules.answer_refusal(is_member=membership is not None))
    assert membership is not None
    _write(edition, user, agrees=agrees, at=at)
    live.right_answered(membership.team, at=at)
    if results_are_public(edition, at=at) and selectors.is_in_photographs(membership.team):
        live.photographs_changed(edition, at=at)


@transaction.atomic
def withdraw(edition: Edition, user: User, *, at: datetime) -> None:
    """Also by somebody who is in no team any more."""
    if membership_of(user, edition) is not None:
        answer(edition, user, agrees=False, at=at)
    else:
        _write(edition, user, agrees=False, at=at)


def _write(edition: Edition, user: User, *, agrees: bool, at: datetime) -> None:
    """The constraint keeps one row of a person."""
    values = {"agrees": agrees, "answered_at": at}
    ImageRight.objects.update_or_create(edition=edition, user=user, defaults=values)


# ---------------------------------------------------------------- photographs


@dataclass(frozen=True)
class Drawn:
    """What is kept of a file. `sha256`: of the file that was sent."""

    filename: str
    sha256: str
    sizes: Sizes


def add(
    edition: Edition, files: Sequence[ReceivedFile], *, by: User, at: datetime
) -> tuple[int, list[Refusal]]:
    """How many are kept, and why each of the others is not. What is kept does not depend on the
    others. The pictures are drawn before the edition is locked: half a second each.
    """
    refused = [
        refuse(PhotographRefusal.AT_ONCE, filename=file.name, max=rules.AT_ONCE)
        for file in files[rules.AT_ONCE :]
    ]
    with ThreadPoolExecutor(DRAWN_AT_ONCE) as pool:
        outcomes = list(pool.map(_drawn, files[: rules.AT_ONCE]))
    drawn = [outcome for outcome in outcomes if isinstance(outcome, Drawn)]
    unread = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    kept, too_many = keep(edition, drawn, by=by, at=at) if drawn else (0, [])
    return kept, [*unread, *too_many, *refused]


def _drawn(file: ReceivedFile) -> Drawn | Refusal:
    """In a thread: no query."""
    filename = file.name or ""
    head = file.read(HEAD)
    file.seek(0)
    if refusal := rules.file_refusal(filename, file.size or 0, type_of(file), head):
        return refusal
    sizes = drawing.drawn(file.read())
    if sizes is None:
        return refuse(PhotographRefusal.UNREADABLE, filename=filename)
    return Drawn(filename, file.sha256, sizes)


@transaction.atomic
def keep(
    edition: Edition, drawn: Iterable[Drawn], *, by: User, at: datetime
) -> tuple[int, list[Refusal]]:
    """Under the lock of the edition, so that there are never more than the maximum."""
    edition = lock_for(by, edition.pk)
    known = set(edition.photographs.values_list("sha256", flat=True))
    last = edition.photographs.aggregate(last=Max("position"))["last"] or 0
    before, refused = len(known), []
    for each in drawn:
        is_known = each.sha256 in known
        if refusal := rules.keeping_refusal(each.filename, number=len(known), is_known=is_known):
            refused.append(refusal)
            continue
        known.add(each.sha256)
        last += 1
        Photograph.objects.create(
            edition=edition,
            large=ContentFile(each.sizes.large, "large"),
            small=ContentFile(each.sizes.small, "small"),
            sha256=each.sha256,
            position=last,
            added_at=at,
            added_by=by,
        )
    if kept := len(known) - before:
        journal.record("photographs.added", edition, by=by, at=at, n=kept)
        live.photographs_changed(edition, at=at)
    return kept, refused


@transaction.atomic
def change(
    *,
    edition: Edition,
    pk: uuid.UUID,
    caption: str,
    teams: Collection[int],
    shows_nobody: bool,
    position: int | None,
    by: User,
    at: datetime,
) -> None:
    """`teams`: keys; those of another edition are left out. Without `position` it stays. Raises
    `NotFound` if it was removed meanwhile.
    """
    edition = lock_for(by, edition.pk)
    photograph = selectors.get_photograph(edition, pk)
    named = edition.teams.filter(pk__in=teams)
    check(rules.naming_refusal(names_teams=bool(named), shows_nobody=shows_nobody))
    photograph.caption, photograph.shows_nobody = " ".join(caption.split()), shows_nobody
    photograph.position = photograph.position if position is None else position
    photograph.save()
    photograph.teams.set(named)
    journal.record("photograph.changed", photograph, by=by, at=at)
    live.photographs_changed(edition, at=at)


@transaction.atomic
def remove(*, edition: Edition, pk: uuid.UUID, by: User, at: datetime) -> None:
    edition = lock_for(by, edition.pk)
    photograph = selectors.get_photograph(edition, pk)
    journal.record("photograph.removed", photograph, by=by, at=at)
    photograph.delete()
    live.photographs_changed(edition, at=at)


def forget_files(photograph: Photograph) -> None:
    """Once its row is deleted for good."""
    remove_on_commit([photograph.large, photograph.small])
