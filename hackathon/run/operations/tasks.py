import logging
from contextlib import suppress

from celery import shared_task
from django.conf import settings

from hackathon.base.core import clock
from hackathon.run.operations.backup import services
from hackathon.run.operations.backup.errors import BackupRunning
from hackathon.run.operations.backup.secrets import read_passphrase

logger = logging.getLogger(__name__)


@shared_task
def back_up() -> None:
    """Into `CCD_BACKUP_DIR`. A second one returns while the first one still runs: a task that takes
    longer than `CCD_REDELIVERY_SECONDS` is given to another worker too. Raises `BackupError`,
    OSError.
    """
    directory = settings.BACKUP_DIR
    if directory is None:
        return
    file = settings.BACKUP_PASSPHRASE_FILE
    passphrase = read_passphrase(file) if file else ""
    with suppress(BackupRunning):
        report = services.backup(directory, passphrase, at=clock.now(), say=logger.info)
        for name in (*report.missing, *report.altered):
            logger.error("The backup lacks a file, or it is not what its receipt says: %s", name)
