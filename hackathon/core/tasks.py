"""Tasks of the ground: mail and tidying. Each may run twice without harm."""

import time
from datetime import timedelta
from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from hackathon.core import clock, live
from hackathon.core.models import LiveMessage

LIVE_KEPT = timedelta(days=3)
INCOMING_KEPT_SECONDS = 24 * 3600


@shared_task
def prune() -> None:
    """Forget old live messages, expired sessions and the remains of forms cut in mid-upload."""
    # The newest stays: its id says that something was said before it.
    old = LiveMessage.objects.filter(written_at__lt=clock.now() - LIVE_KEPT)
    old.exclude(pk=live.last_id()).delete()
    SessionStore.clear_expired()
    oldest = time.time() - INCOMING_KEPT_SECONDS
    for remains in Path(settings.FILE_UPLOAD_TEMP_DIR).iterdir():
        if remains.stat().st_mtime < oldest:
            remains.unlink(missing_ok=True)
