"""From a submission to its light: look, write down, tell."""

import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import transaction
from django.db.models.fields.files import FieldFile

from submissions import live
from submissions.enums import Health
from submissions.inspection import virus
from submissions.inspection.apart import look_apart
from submissions.inspection.found import BROKEN, Code, Found, gravest
from submissions.inspection.look import FileJob, Job, LinkJob
from submissions.models import Inspection, Submission

logger = logging.getLogger(__name__)

BLOCK = 1024 * 1024


def look_into(submission: Submission, look: Callable[[Job], Found] = look_apart) -> Found:
    """Everything that can be found out about it. Takes seconds; nothing is written."""
    if submission.url:
        return look(LinkJob(submission.url))
    if not submission.file:
        return Found({"type": "words", "characters": len(submission.text)})
    try:
        with _on_this_machine(submission.file) as path:
            found = look(FileJob(path, submission.filename))
        return _scanned(found, submission.file) if settings.CLAMAV else found
    except FileNotFoundError:
        logger.error("The file of submission %s is not in the storage", submission.pk)
        return Found().but(Code.MISSING)


@transaction.atomic
def record(submission: Submission, found: Found, *, at: datetime) -> bool:
    """Write down what was found and tell the team, the organizers and the jury.

    False, and nothing happens, if somebody did before: the first answer stays.
    """
    waiting = Inspection.objects.select_for_update().filter(health=Health.PENDING)
    inspection = waiting.filter(submission=submission).first()
    if inspection is None:
        return False
    inspection.health = health_of(found)
    inspection.facts, inspection.findings = found.facts, found.findings
    inspection.inspected_at = at
    if found.thumbnail:
        key = submission.file.name or f"{submission.pk}"
        inspection.thumbnail.save(f"{key}.webp", ContentFile(found.thumbnail), save=False)
    inspection.save()
    live.submission_inspected(submission, inspection, at=at)
    return True


def health_of(found: Found) -> Health:
    """The colour of the light."""
    code = gravest(found.findings)
    if code is None:
        return Health.GOOD
    return Health.BROKEN if code in BROKEN else Health.DOUBTFUL


@contextmanager
def _on_this_machine(file: FieldFile) -> Iterator[str]:
    """The path of the file; of a copy that goes away, where the storage is elsewhere."""
    if isinstance(file.storage, FileSystemStorage):
        if not Path(file.path).exists():
            raise FileNotFoundError(file.path)
        yield file.path
        return
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
        with file.open("rb") as source:
            shutil.copyfileobj(source, copy, BLOCK)
        copy.flush()
        yield copy.name


def _scanned(found: Found, file: FieldFile) -> Found:
    try:
        with file.open("rb") as opened:
            name = virus.scan(opened.chunks(BLOCK), settings.CLAMAV)
    except virus.NotScanned as error:
        logger.error("ClamAV gave no verdict: %s", error)
        return replace(found, facts={**found.facts, "scanned": False})
    found = replace(found, facts={**found.facts, "scanned": True})
    return found.but(Code.INFECTED, virus=name) if name else found
