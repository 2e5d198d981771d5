"""The small rehearsal that an organizer starts from the page of an edition."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce

from hackathon.base.accounts.models import User
from hackathon.base.core import clock, journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import Refusal, Refused, check, refuse
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import organizer_refusal
from hackathon.event.editions.selectors import is_organizer
from hackathon.extras.trial_runs import tasks
from hackathon.extras.trial_runs.demo import people
from hackathon.extras.trial_runs.errors import RehearsalRefusal
from hackathon.extras.trial_runs.models import SmallRehearsal
from hackathon.extras.trial_runs.run import Order, rehearse
from hackathon.run.operations.enums import ProcessKind
from hackathon.run.operations.selectors import missing_workers

logger = logging.getLogger(__name__)

TEAMS, MINUTES, BYTES = 6, 2.0, 1_000_000
LONGEST = timedelta(minutes=6)  # then its worker was killed
BEFORE_START = timedelta(hours=2)


def refusal_of(edition: Edition, *, at: datetime) -> Refusal | None:
    # The worker runs it; beat ends one whose worker was killed.
    if missing := missing_workers(ProcessKind.WORKER, ProcessKind.BEAT):
        names = ", ".join(f"{kind.value} : {kind.label}" for kind in missing)
        return refuse(RehearsalRefusal.NO_WORKER, names=names)
    if SmallRehearsal.objects.filter(ended_at=None).exists() or people.existing().exists():
        return refuse(RehearsalRefusal.RUNNING)
    is_near = edition.starts_at - at < BEFORE_START and not people.is_demo(edition)
    if not edition.is_current or is_near:
        return refuse(RehearsalRefusal.NOT_NOW, edition=edition.name)
    return None


def begin(*, edition: Edition, by: User, at: datetime) -> SmallRehearsal:
    check(organizer_refusal(is_organizer=is_organizer(by, edition)))
    check(refusal_of(edition, at=at))
    try:
        with transaction.atomic():
            begun = SmallRehearsal.objects.create(edition=edition, begun_by=by, begun_at=at)
            journal.record("rehearsal.begun", edition, by=by, at=at)
            enqueue(tasks.run_small, begun.pk)
    except IntegrityError:
        raise Refused(refuse(RehearsalRefusal.RUNNING)) from None
    return begun


def run(pk: int) -> None:
    """Does nothing for the second of two deliveries of the task."""
    taken = SmallRehearsal.objects.filter(pk=pk, taken_at=None, ended_at=None)
    if not taken.update(taken_at=clock.now()):
        return
    running = SmallRehearsal.objects.select_related("edition").get(pk=pk)
    order = Order(settings.SITE_URL, minutes=MINUTES, teams=TEAMS, bytes=BYTES)
    try:
        people.check_possible(clock.now(), running.edition.slug)
    except people.CannotRehearse:
        logger.exception("The rehearsal was not possible any more")
        _mark_ended(running, at=clock.now())  # `manage.py rehearse` may run: nothing is cleaned
        return
    try:
        result = rehearse(order, logger.info)
    except Exception:
        logger.exception("The rehearsal failed")
        result = None
    _end(running, at=clock.now())
    if result is not None:
        running.is_good, running.report = result.outcome.is_good, result.html
        running.numbers = {
            "sent": result.outcome.sent,
            "received": result.outcome.received,
            "lost": len(result.outcome.lost),
            "wrong": len(result.outcome.wrongly_marked),
            "errors": result.outcome.server_errors.total(),
            "failed": [finding.part.value for finding in result.outcome.failed],
            "pages_ms": round(result.outcome.pages_p95),
            "messages_ms": round(result.outcome.messages_p99),
        }
        running.save(update_fields=["is_good", "report", "numbers"])


def end_interrupted(*, at: datetime) -> None:
    """Shows the edition again if the worker was killed during a rehearsal. One that no worker has
    taken has made nothing: it only ends.
    """
    since = Coalesce("taken_at", "begun_at")  # it may have waited for a worker
    running = SmallRehearsal.objects.filter(ended_at=None).annotate(since=since)
    late = running.filter(since__lt=at - LONGEST)
    late.filter(taken_at=None).update(ended_at=at)
    for interrupted in late:
        _end(interrupted, at=at)


def _end(running: SmallRehearsal, *, at: datetime) -> None:
    people.clean(at)
    _mark_ended(running, at=at)


def _mark_ended(running: SmallRehearsal, *, at: datetime) -> None:
    SmallRehearsal.objects.filter(pk=running.pk).update(ended_at=at)
    running.ended_at = at
