import json
import logging
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models.fields.files import FieldFile

from hackathon.base.core.local_files import local_path
from submissions import live
from submissions.enums import Health
from submissions.inspection import virus
from submissions.inspection.dispatch import FileJob, Job, LinkJob
from submissions.inspection.result import BROKEN, FindingCode, Result, most_serious
from submissions.inspection.sandbox import copy_in_subprocess, inspect_in_subprocess
from submissions.models import Inspection, Submission
from submissions.signals import submission_inspected
from submissions.versions.facts import lock_team
from submissions.versions.selectors import deposits_of

logger = logging.getLogger(__name__)

BLOCK = 1024 * 1024


def inspect_submission(
    submission: Submission, inspect: Callable[[Job], Result] = inspect_in_subprocess
) -> Result:
    """Takes up to `TIMEOUT_SECONDS` and writes nothing to the database."""
    if submission.url and not settings.OUTBOUND:
        return Result().with_finding(FindingCode.NOT_CHECKED)
    if submission.url:
        return inspect(LinkJob(submission.url))
    if not submission.file:
        return Result({"type": "words", "characters": len(submission.text)})
    try:
        with local_path(submission.file) as path:
            result = inspect(FileJob(path, submission.filename))
        return _scanned(result, submission.file) if settings.CLAMAV else result
    except FileNotFoundError:
        logger.error("The file of submission %s is not in the storage", submission.pk)
        return Result().with_finding(FindingCode.MISSING)


@transaction.atomic
def record(submission: Submission, result: Result, *, at: datetime) -> bool:
    """Locks the inspection. False, without a change, if it has a result already."""
    pending = Inspection.objects.select_for_update().filter(health=Health.PENDING)
    inspection = pending.filter(submission=submission).first()
    if inspection is None:
        return False
    inspection.health = health_of(result)
    inspection.facts, inspection.findings = result.facts, result.findings
    inspection.inspected_at = at
    if result.thumbnail:
        key = submission.file.name or f"{submission.pk}"
        inspection.thumbnail.save(f"{key}.webp", ContentFile(result.thumbnail), save=False)
    if result.contents:
        stored = ContentFile(json.dumps(result.contents).encode())
        inspection.contents.save(f"{submission.file.name}.json", stored, save=False)
    inspection.save()
    live.submission_inspected(submission, inspection, at=at)
    submission_inspected.send(Inspection, inspection=inspection)
    if inspection.health != Health.BROKEN:
        _notify_if_all_readable(submission.team_id, at=at)
    return True


def _notify_if_all_readable(team_pk: int, *, at: datetime) -> None:
    """Locks the team: of two inspections that end at once, the later one sees the other."""
    team = lock_team(team_pk)
    if team is None or not team.edition.is_current:
        return
    deposits = deposits_of(team, at=at)
    if deposits.all_readable:
        live.lights_completed(team, deposits.received, at=at)


def make_reading_copy(
    inspection: Inspection,
    *,
    at: datetime,
    make: Callable[[str, IO[bytes]], bool] = copy_in_subprocess,
) -> bool:
    """Takes minutes. False if no copy could be made; then it is not tried again."""
    submission = inspection.submission
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as out:
        try:
            with local_path(submission.file) as path:
                is_made = make(path, out)
        except FileNotFoundError:
            # Marked as tried: the oldest is taken first, and would block the others.
            logger.error("The file of submission %s is not in the storage", submission.pk)
            is_made = False
        out.seek(0)
        if is_made:
            key = f"{submission.file.name}.mp4"
            inspection.reading_copy.save(key, File(out), save=False)
            inspection.reading_copy_bytes = inspection.reading_copy.size
    inspection.copied_at = at
    with transaction.atomic():
        inspection.save(update_fields=["reading_copy", "reading_copy_bytes", "copied_at"])
        if is_made:
            live.submission_inspected(submission, inspection, at=at)
    return is_made


def health_of(result: Result) -> Health:
    code = most_serious(result.findings)
    if code is None:
        return Health.GOOD
    return Health.BROKEN if code in BROKEN else Health.DOUBTFUL


def _scanned(result: Result, file: FieldFile) -> Result:
    try:
        with file.open("rb") as opened:
            name = virus.scan(opened.chunks(BLOCK), settings.CLAMAV)
    except virus.NotScanned as error:
        logger.error("ClamAV gave no verdict: %s", error)
        return replace(result, facts={**result.facts, "scanned": False})
    result = replace(result, facts={**result.facts, "scanned": True})
    return result.with_finding(FindingCode.INFECTED, virus=name) if name else result
