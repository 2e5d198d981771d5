"""Raises `Refused`."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.base.live.audiences import EVERYONE, ORGANIZERS
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import is_organizer
from hackathon.event.editions.services.guard import lock_for
from hackathon.extras.gallery import live, rules, selectors
from hackathon.extras.gallery.enums import Opening
from hackathon.extras.gallery.models import Guest, ProjectSentence, ShownDeliverable
from teams.models import Team
from teams.rules import CHANGES_PERIOD, captain_refusal, pace_refusal
from teams.selectors.teams import membership_of
from teams.services.teams import lock


@transaction.atomic
def write_sentence(team: Team, text: str, *, by: User, at: datetime) -> None:
    """By the captain. Empty: none. Locks the team."""
    team = lock(team)
    edition, text = team.edition, " ".join(text.split())
    organizer = is_organizer(by, edition)
    check(captain_refusal(team, by=membership_of(by, edition), organizer=organizer))
    check(rules.sentence_refusal(edition, at=at))
    former = ProjectSentence.objects.filter(team=team).first()
    if text == (former.text if former else ""):
        return
    recent = journal.recorded("project_sentence.written", team, since=at - CHANGES_PERIOD)
    check(pace_refusal(recent, organizer=organizer))
    if text:
        ProjectSentence.objects.update_or_create(team=team, defaults={"text": text})
    elif former:
        former.delete()
    journal.record("project_sentence.written", team, by=by, at=at)
    live.sentence_written(team, at=at)


@transaction.atomic
def save(
    *,
    edition: Edition,
    opening: Opening,
    opens_at: datetime | None,
    shown: Collection[int],
    by: User,
    at: datetime,
) -> None:
    """`shown`: keys of deliverables. Locks the edition."""
    edition = lock_for(by, edition.pk)
    check(rules.opening_refusal(opening, opens_at))
    gallery = selectors.gallery_of(edition)
    gallery.opening = opening
    gallery.opens_at = opens_at if opening == Opening.INSTANT else None
    gallery.save()
    for deliverable in selectors.deliverables_of(edition):
        chosen = ShownDeliverable.objects.filter(deliverable=deliverable)
        is_shown = deliverable.pk in shown
        if is_shown != rules.is_shown(deliverable, None) or chosen.exists():
            ShownDeliverable.objects.update_or_create(
                deliverable=deliverable, defaults={"is_shown": is_shown}
            )
    journal.record("gallery.planned", gallery, by=by, at=at, opening=opening.value)
    live.planned(edition, at=at)


@transaction.atomic
def invite(*, edition: Edition, name: str, ends_at: datetime, by: User, at: datetime) -> Guest:
    edition = lock_for(by, edition.pk)
    name = " ".join(name.split())
    others = edition.guests.values_list("name", flat=True)
    check(rules.guest_refusal(name, others, ends_at=ends_at, at=at))
    guest = Guest.objects.create(
        edition=edition, name=name, ends_at=ends_at, invited_at=at, invited_by=by
    )
    journal.record("gallery_guest.invited", guest, by=by, at=at, guest=name)
    live.guests_changed(edition, at=at, audience=ORGANIZERS)
    return guest


@transaction.atomic
def withdraw(*, guest: Guest, by: User, at: datetime) -> None:
    edition = lock_for(by, guest.edition_id)
    journal.record("gallery_guest.withdrawn", guest, by=by, at=at, guest=guest.name)
    guest.delete()
    live.guests_changed(edition, at=at, audience=EVERYONE)
