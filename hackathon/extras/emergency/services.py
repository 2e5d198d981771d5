"""Services raise `Refused`."""

from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import extras, journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.base.push.tasks import notify
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services.guard import lock_for
from hackathon.extras.emergency import live, rules, selectors, tasks
from hackathon.extras.emergency.errors import EmergencyRefusal
from hackathon.extras.emergency.models import Emergency, SafetyNotice
from teams.models import Team
from teams.selectors.teams import membership_of

NAME = "emergency"
NOTICE_FIELDS = ("text", "first_id", "second_id")


# ---------------------------------------------------------------- the notice


@transaction.atomic
def save_notice(
    *,
    edition: Edition,
    text: str,
    first: User | None,
    second: User | None,
    by: User,
    at: datetime,
) -> SafetyNotice:
    edition = lock_for(by, edition.pk)
    chosen = [person for person in (first, second) if person is not None]
    check(rules.same_person_refusal(chosen))
    known = set(selectors.candidates(edition).values_list("pk", flat=True))
    for person in chosen:
        if person.pk not in known:
            raise Refused(refuse(EmergencyRefusal.NOT_AVAILABLE, name=person.display_name))
    notice = selectors.notice_of(edition) or SafetyNotice(edition=edition)
    before = journal.state(notice, NOTICE_FIELDS) if notice.pk else {}
    notice.text = text.replace("\r\n", "\n").strip()
    notice.first, notice.second = [*chosen, None, None][:2]
    notice.save()
    if not before or journal.changes(before, notice):
        journal.record("safety.saved", notice, by=by, at=at)
        live.safety_changed(edition, at=at)
    return notice


def copy(*, source: Edition, to: Edition) -> None:
    """Without the people: others may answer the next time."""
    if notice := selectors.notice_of(source):
        SafetyNotice.objects.create(edition=to, text=notice.text)


# ---------------------------------------------------------------- emergencies


@transaction.atomic
def call(*, edition: Edition, text: str, by: User, at: datetime) -> Emergency:
    """Who has called already adds what is written: two taps are one emergency
    (`emergency_one_open_per_person`). An empty text erases nothing.
    """
    text = " ".join(text.split())
    membership = membership_of(by, edition)
    team = membership.team if membership else None
    emergency, is_new = Emergency.objects.select_for_update(of=("self",)).get_or_create(
        edition=edition,
        called_by=by,
        closed_at=None,
        defaults={"text": text, "called_at": at, "team": team},
    )
    if is_new:
        journal.record("emergency.called", emergency, by=by, at=at)
        _tell(emergency, "first")
    elif text in ("", emergency.text):
        return emergency
    else:
        emergency.text = text
        emergency.save(update_fields=["text"])
    live.emergency_changed(edition, at=at)
    return emergency


@transaction.atomic
def take(*, emergency: Emergency, by: User, at: datetime) -> Emergency:
    """Of two at once the second one is refused, and learns who was first."""
    emergency = _lock(emergency)
    check(rules.taking_refusal(emergency, by.pk))
    if emergency.taken_by_id is None:
        emergency.taken_by, emergency.taken_at = by, at
        emergency.save(update_fields=["taken_by", "taken_at"])
        journal.record("emergency.taken", emergency, by=by, at=at, user=emergency.called_by_id)
        enqueue(notify, "emergency-taken", emergency.pk)
        live.emergency_changed(emergency.edition, at=at)
    return emergency


@transaction.atomic
def close(*, emergency: Emergency, by: User, at: datetime) -> Emergency:
    emergency = _lock(emergency)
    check(rules.closing_refusal(emergency))
    emergency.closed_by, emergency.closed_at = by, at
    emergency.save(update_fields=["closed_by", "closed_at"])
    journal.record("emergency.closed", emergency, by=by, at=at, user=emergency.called_by_id)
    live.emergency_changed(emergency.edition, at=at)
    return emergency


@transaction.atomic
def escalate(*, at: datetime) -> None:
    """Once for each without an answer. The lock lets one of two runs do it."""
    waiting = Emergency.objects.select_for_update(of=("self",)).select_related("edition")
    unanswered = {"taken_at": None, "closed_at": None, "escalated_at": None}
    for emergency in waiting.filter(called_at__lte=at - rules.UNANSWERED, **unanswered):
        if not extras.is_on(NAME, emergency.edition):
            continue
        emergency.escalated_at = at
        emergency.save(update_fields=["escalated_at"])
        journal.record("emergency.escalated", emergency, by=None, at=at)
        _tell(emergency, "all")
        live.emergency_changed(emergency.edition, at=at)


@transaction.atomic
def forget_texts(*, at: datetime) -> int:
    """Also while the extra is off. The rest of the emergency stays."""
    due = Emergency.objects.filter(called_at__lte=at - rules.TEXT_KEPT).exclude(text="")
    forgotten = 0
    for edition in Edition.objects.filter(pk__in=due.values("edition")):
        count = due.filter(edition=edition).update(text="")
        journal.record("emergency.forgotten", edition, by=None, at=at, count=count)
        forgotten += count
    return forgotten


def hand_over(team: Team, into: Team) -> None:
    """Of a team that is merged into another one."""
    Emergency.objects.filter(team=team).update(team=into)


def _lock(emergency: Emergency) -> Emergency:
    # Without `taken_by`: after waiting for the lock, PostgreSQL does not read joined rows again.
    locked = Emergency.objects.select_for_update(of=("self",)).select_related("edition")
    return locked.get(pk=emergency.pk)


def _tell(emergency: Emergency, stage: str) -> None:
    """`stage`: a key of `tasks.RECIPIENTS`. One mail each, so that one address stops no other."""
    enqueue(notify, "emergency", emergency.pk, stage)
    for pk in tasks.RECIPIENTS[stage](emergency.edition).values_list("pk", flat=True):
        enqueue(tasks.mail_emergency, emergency.pk, stage, pk)
