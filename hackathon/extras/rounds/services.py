from datetime import datetime

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import extras, journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import check
from hackathon.base.push.tasks import notify
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services.guard import lock_for
from hackathon.extras.rounds import live, rules
from hackathon.extras.rounds.enums import Progress
from hackathon.extras.rounds.models import CheckIn, CheckInAnswer, RoundVisit
from teams.models import Team


@transaction.atomic
def see(
    *, team: Team, by: User, for_client: bool = False, note: str | None = None, at: datetime
) -> RoundVisit:
    """Seen again, nothing changes but the note; None: not even that. Two taps at once are one visit
    (`round_visit_once_per_person`).
    """
    words = " ".join((note or "").split())
    visit, is_new = RoundVisit.objects.get_or_create(
        team=team, by=by, defaults={"for_client": for_client, "at": at, "note": words}
    )
    if note is not None and visit.note != words:
        visit.note = words
        visit.save(update_fields=["note"])
    if is_new:
        journal.record("round.seen", visit, by=by, at=at)
        live.round_changed(team.edition, at=at)
    return visit


@transaction.atomic
def unsee(*, team: Team, by: User, at: datetime) -> None:
    """With its note. Does nothing without a visit."""
    visit = RoundVisit.objects.select_for_update().filter(team=team, by=by).first()
    if visit is None:
        return
    journal.record("round.unseen", visit, by=by, at=at)
    visit.delete()
    live.round_changed(team.edition, at=at)


def hand_over(team: Team, into: Team) -> None:
    """Visits of a team that is merged into another one, unless the same person has seen both."""
    seen = RoundVisit.objects.filter(team=into).values("by")
    RoundVisit.objects.filter(team=team).exclude(by__in=seen).update(team=into)


@transaction.atomic
def ask(*, edition: Edition, asks_at: datetime | None = None, by: User, at: datetime) -> CheckIn:
    """None: now. The lock lets one of two organizers ask at once. Raises `Refused`."""
    edition = lock_for(by, edition.pk)
    asks_at = asks_at or at
    standing = CheckIn.objects.filter(edition=edition).standing()
    check(rules.asking_refusal(edition, asks_at, standing, at=at))
    check_in = CheckIn.objects.create(edition=edition, asks_at=asks_at, asked_by=by)
    journal.record("check_in.asked", check_in, by=by, at=at, asks_at=asks_at.isoformat())
    live.check_in_changed(edition, at=at)
    return check_in


@transaction.atomic
def cancel(*, check_in: CheckIn, by: User, at: datetime) -> None:
    """The answers stay in the database. Raises `Refused`."""
    edition = lock_for(by, check_in.edition_id)
    check_in = CheckIn.objects.select_for_update().get(pk=check_in.pk)
    check(rules.cancelling_refusal(check_in))
    check_in.cancelled_at = at
    check_in.save(update_fields=["cancelled_at"])
    asks_at = check_in.asks_at.isoformat()
    journal.record("check_in.cancelled", check_in, by=by, at=at, asks_at=asks_at)
    live.check_in_changed(edition, at=at)


@transaction.atomic
def answer(
    *, check_in: CheckIn, team: Team, progress: Progress, text: str, by: User, at: datetime
) -> CheckInAnswer:
    """`by` is a member. Of two members at once the later one counts. Raises `Refused`."""
    edition = team.edition
    standing = CheckIn.objects.filter(edition=edition).standing()
    check(rules.answering_refusal(check_in, standing, edition, at=at))
    given, _is_new = CheckInAnswer.objects.update_or_create(
        check_in=check_in,
        team=team,
        defaults={
            "progress": progress,
            "text": " ".join(text.split()),
            "answered_at": at,
            "answered_by": by,
        },
    )
    journal.record("check_in.answered", given, by=by, at=at, team=team.pk, progress=progress)
    live.check_in_answered(team, at=at)
    return given


@transaction.atomic
def notify_of_due(*, at: datetime) -> None:
    """Once for each question of the edition that is shown; the lock lets one of two runs do it.
    Nothing while the round is off.
    """
    edition = Edition.objects.current()
    if not extras.is_on("rounds", edition):
        return
    due = CheckIn.objects.select_for_update(of=("self",)).standing().filter(notified_at=None)
    for check_in in due.filter(edition=edition, asks_at__lte=at):
        check_in.notified_at = at
        check_in.save(update_fields=["notified_at"])
        enqueue(notify, "check-in", check_in.pk)
