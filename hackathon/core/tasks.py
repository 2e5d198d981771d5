import time
from datetime import timedelta
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from hackathon.core import clock, live
from hackathon.core.models import FailedMail, KeptAnswer, LiveMessage

LIVE_KEPT = timedelta(days=3)
ANSWERS_KEPT = timedelta(days=1)
FAILED_MAILS_KEPT = timedelta(days=7)
INCOMING_KEPT_SECONDS = 24 * 3600


@shared_task
def prune() -> None:
    # The newest is kept without its data: its id shows that there were messages before it.
    old = LiveMessage.objects.filter(written_at__lt=clock.now() - LIVE_KEPT)
    newest = live.last_id()
    old.exclude(pk=newest).delete()
    if last := old.filter(pk=newest).exclude(type=live.DELETED):
        last.update(data={}, audiences=LiveMessage.join(()))
    KeptAnswer.objects.filter(written_at__lt=clock.now() - ANSWERS_KEPT).delete()
    FailedMail.objects.filter(at__lt=clock.now() - FAILED_MAILS_KEPT).delete()
    SessionStore.clear_expired()
    oldest = time.time() - INCOMING_KEPT_SECONDS
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
