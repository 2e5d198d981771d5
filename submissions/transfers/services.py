"""Resumable transfers: begin, conclude, forget. `submissions.transfers.partial` has the bytes."""

import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core.errors import check
from hackathon.core.received_files import PartialFile
from submissions.deposits import contents, periods
from submissions.deposits import rules as deposits_rules
from submissions.deposits import services as deposits
from submissions.deposits.rules import DepositPeriod
from submissions.models import Deliverable, Submission, Upload, deposits_storage
from submissions.storage import deposit_key
from submissions.transfers import disk, rules, selectors
from teams.models import Team


def begin(
    team: Team,
    deliverable: Deliverable,
    *,
    length: int,
    filename: str = "",
    metadata: str = "",
    by: User,
    at: datetime,
) -> tuple[Upload, DepositPeriod]:
    """Begin a transfer of `length` bytes; also returns the team's period that it was checked
    against. Raises `Refused`.

    Checks what can be known before the first byte: when, what, and whether the disk has room for
    it. `by` must be a member of the team, which the deliverable is asked of.
    """
    under_way = selectors.under_way(team, at=at)
    room = disk.space(under_way.announced, at=at)
    disk.watch(room, at=at)
    period = periods.period_of(team)
    check(deposits_rules.deposit_refusal(team.edition, period, begun_at=at, at=at))
    check(contents.file_refusal(deliverable, filename=filename, size=length))
    check(rules.open_uploads_refusal(under_way.of_team))
    check(
        rules.space_refusal(
            length=length, free=room.free, promised=room.promised, reserve=settings.DISK_RESERVE
        )
    )
    upload = Upload.objects.create(
        team=team,
        deliverable=deliverable,
        begun_by=by,
        length=length,
        filename=filename,
        metadata=metadata,
        begun_at=at,
        expires_at=deposits_rules.upload_expires_at(begun_at=at),
    )
    return upload, period


def conclude(upload: Upload, *, path: Path, digest: Callable[[], str], at: datetime) -> Submission:
    """Make an upload whose last byte was durable at `at` a submission; done twice, it is one.

    `digest` gives the SHA-256 of `path`; it may take long, and is asked before anything is locked.
    The caller holds the partial file's lock. Raises `Refused`: then everything stays, and a delay
    granted later can still let it in.
    """
    # In a transaction of its own: a process that dies from here on has not moved the instant.
    Upload.objects.filter(pk=upload.pk, whole_at=None).update(whole_at=at)
    upload.refresh_from_db(fields=["begun_at", "whole_at", "submission"])
    if upload.submission is not None:
        return upload.submission
    assert upload.whole_at is not None
    file = PartialFile(
        path, upload.filename, sha256=digest(), received_at=upload.whole_at, seed=upload.pk
    )
    with transaction.atomic():
        submission = deposits.deposit_file(
            upload.deliverable,
            upload.team,
            file=file,
            begun_at=upload.begun_at,
            by=upload.begun_by,
            at=upload.whole_at,
        )
        # One row for one upload, whoever else concludes it: `submission` is unique.
        Upload.objects.filter(pk=upload.pk).update(submission=submission)
    upload.submission = submission
    return submission


def forget(upload_ids: list[uuid.UUID]) -> None:
    """Remove transfers given up or expired, and what was sent ahead of them. Never a deposit."""
    Upload.objects.filter(pk__in=upload_ids).delete()
    for pk in upload_ids:
        deposits_storage().forget(deposit_key(pk))
