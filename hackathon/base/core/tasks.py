import shutil
import time
from datetime import timedelta
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from hackathon.base.core import clock
from hackathon.base.core.models import FailedMail, KeptAnswer

ANSWERS_KEPT = timedelta(days=1)
FAILED_MAILS_KEPT = timedelta(days=7)
INCOMING_KEPT_SECONDS = 24 * 3600


@shared_task
def prune() -> None:
    KeptAnswer.objects.filter(written_at__lt=clock.now() - ANSWERS_KEPT).delete()
    FailedMail.objects.filter(at__lt=clock.now() - FAILED_MAILS_KEPT).delete()
    SessionStore.clear_expired()
    oldest = time.time() - INCOMING_KEPT_SECONDS
    for path in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        if path.stat().st_mtime < oldest:
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
