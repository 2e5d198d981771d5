import contextlib
import logging
import time

from celery import shared_task
from django.conf import settings
from django.db.models import Q

from hackathon.base.core import clock
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import Refused
from hackathon.base.core.failures import StorageUnavailable
from hackathon.base.core.formats import iso_utc
from hackathon.base.push.tasks import notify
from hackathon.event.editions.enums import EditionState
from hackathon.event.editions.models import Edition
from submissions import reminders
from submissions.budget.selectors import space
from submissions.deposits import services as deposits
from submissions.inspection.selectors import forgotten_inspections
from submissions.inspection.tasks import inspect
from submissions.receipts import digests
from submissions.receipts.selectors import forgotten_receipts, teams_due_for_digest
from submissions.receipts.tasks import mail_receipt
from submissions.seals import services as seals
from submissions.transfers import partial
from submissions.transfers import services as transfers
from submissions.transfers.partial import Busy, Gone
from submissions.transfers.selectors import expired_uploads, known_uploads, unfinished

logger = logging.getLogger(__name__)

# A younger partial file without a row may belong to a transfer that is being created.
ORPHAN_SECONDS = 3600


@shared_task
def conclude_whole_uploads() -> None:
    """After a crash or a disconnection, or when a later Extension makes them acceptable."""
    at = clock.now()
    for upload in unfinished(at=at):
        try:
            with partial.lock(upload.pk) as file:
                file.sync()
                deposits.conclude(upload, path=file.path, digest=file.sha256, at=clock.now())
                partial.remove(upload.pk)
        except (Busy, Gone, Refused, StorageUnavailable):
            continue
        except OSError:  # of one file, which must not stop the others
            logger.exception("The upload %s could not be concluded", upload.pk)


@shared_task
def forget_uploads() -> None:
    """Also deletes partial files without an upload. Files of submissions are in the storage."""
    at = clock.now()
    for pk in expired_uploads(at=at):
        try:
            with partial.lock(pk):
                partial.remove(pk)
        except Busy:
            continue
        except Gone:
            pass
        transfers.forget(pk, at=at)
    known = known_uploads()
    orphans_before = time.time() - ORPHAN_SECONDS
    for path in settings.UPLOADS_DIR.iterdir():
        with contextlib.suppress(FileNotFoundError):
            is_over = known.get(path.stem, path.stat().st_mtime < orphans_before)
            if is_over:
                path.unlink()


@shared_task
def inspect_forgotten() -> None:
    """Inspections that a worker or the broker lost."""
    for pk in forgotten_inspections(at=clock.now()):
        enqueue(inspect, pk)


@shared_task
def mail_forgotten() -> None:
    """Receipts that a worker or the broker lost."""
    for pk in forgotten_receipts(at=clock.now()):
        enqueue(mail_receipt, pk)


@shared_task
def send_digests() -> None:
    at = clock.now()
    for team_pk in teams_due_for_digest(at=at):
        digests.send(team_pk, at=at)


@shared_task
def remind_silent_teams() -> None:
    """Runs several times within `PATIENCE`: no device gets a notification twice."""
    at = clock.now()
    if (edition := Edition.objects.current()) is not None:
        for minutes, deadline, deliverable in reminders.due(edition, at=at):
            of_what = (iso_utc(deadline), deliverable)
            enqueue(notify, "last-minutes", edition.pk, minutes, *of_what)


@shared_task
def watch_disk() -> None:
    at = clock.now()
    transfers.warn_if_low(space(at=at), at=at)


@shared_task
def seal_due() -> None:
    at = clock.now()
    opened = Edition.objects.filter(state=EditionState.OPEN)
    own = Q(departments__deliverables__due_at__lte=at)
    over = opened.filter(own | Q(deadline_at__lte=at), results_published_at=None).distinct()
    for edition in over.order_by("-is_current"):
        seals.make_due(edition, at=at)
