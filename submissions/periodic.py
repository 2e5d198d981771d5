"""What the clock brings: each reads it once and calls a service for each thing that is due."""

import contextlib
import time

from celery import shared_task
from django.conf import settings

from hackathon.core import clock
from hackathon.core.background import enqueue
from hackathon.core.errors import Refused
from hackathon.editions.models import Edition
from submissions.inspection import selectors as inspection_selectors
from submissions.inspection.tasks import inspect
from submissions.receipts import selectors as receipts_selectors
from submissions.receipts.tasks import mail_receipt
from submissions.seals import services as seals
from submissions.transfers import disk, partial
from submissions.transfers import selectors as transfers_selectors
from submissions.transfers import services as uploads
from submissions.transfers.partial import Busy, Gone

# A file that no transfer knows may be that of one about to be written down.
STRAY_SECONDS = 3600


@shared_task
def conclude_whole_uploads() -> None:
    """Receive what arrived whole and was never concluded: its process died, or its client went
    away, or a delay granted since lets it in.
    """
    at = clock.now()
    for upload in transfers_selectors.unfinished(at=at):
        try:
            with partial.held(upload.pk) as file:
                file.sync()
                uploads.conclude(upload, path=file.path, digest=file.sha256, at=clock.now())
                partial.remove(upload.pk)
        except (Busy, Gone, Refused):
            continue


@shared_task
def forget_uploads() -> None:
    """Remove transfers that expired, and partial files that belong to none.

    Only ever looks below `settings.UPLOADS_DIR`. What a submission points at has its own name in
    the deposits, which nothing here can reach.
    """
    at = clock.now()
    for pk in transfers_selectors.expired_uploads(at=at):
        try:
            with partial.held(pk):
                partial.remove(pk)
        except Busy:
            continue
        except Gone:
            pass
        uploads.forget([pk])
    known = transfers_selectors.known_uploads()
    strays_before = time.time() - STRAY_SECONDS
    for path in settings.UPLOADS_DIR.iterdir():
        with contextlib.suppress(FileNotFoundError):
            is_over = known.get(path.stem, path.stat().st_mtime < strays_before)
            if is_over:
                path.unlink()


@shared_task
def inspect_forgotten() -> None:
    """Ask again for the looks that nobody took: a worker died, or was not there."""
    for pk in inspection_selectors.forgotten_inspections(at=clock.now()):
        enqueue(inspect, pk)


@shared_task
def mail_forgotten() -> None:
    """Ask again for the mails that nobody sent: the queue was away, or lost what it had."""
    for pk in receipts_selectors.forgotten_receipts(at=clock.now()):
        enqueue(mail_receipt, pk)


@shared_task
def watch_disk() -> None:
    """Say it to the organizers while there is time to make room."""
    at = clock.now()
    disk.watch(disk.space(transfers_selectors.under_way(at=at).announced, at=at), at=at)


@shared_task
def seal_due() -> None:
    """Make the seals whose instant has come: tonight's first, then those of forgotten editions."""
    at = clock.now()
    over = Edition.objects.filter(deadline_at__lte=at, results_published_at=None)
    for edition in over.order_by("-is_current"):
        seals.make_due(edition, at=at)
