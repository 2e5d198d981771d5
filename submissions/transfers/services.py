"""Resumable transfers: begin, finish, give up. `submissions.transfers.partial` has the bytes."""

import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core.errors import Refusal, check
from hackathon.core.received_files import PartialFile
from submissions.deposits import contents, periods
from submissions.deposits import rules as deposits_rules
from submissions.deposits import services as deposits
from submissions.enums import Part
from submissions.models import Deliverable, Submission, Upload, deposits_storage
from submissions.storage import deposit_key
from submissions.transfers import disk, rules, selectors
from teams.models import Team


def begin(
    team: Team,
    deliverable: Deliverable | None,
    *,
    length: int,
    filename: str = "",
    metadata: str = "",
    concat: str = "",
    by: User,
    at: datetime,
) -> Upload:
    """Open a transfer of `length` bytes, or of a part (no deliverable). Raises `Refused`.

    Asks everything that can be known before the first byte: who, when, what, and whether the disk
    has room.
    """
    upload = Upload(
        team=team,
        deliverable=deliverable,
        begun_by=by,
        part=Part.WHOLE if deliverable else Part.PART,
        length=length,
        filename=filename,
        metadata=metadata,
        concat=concat,
        begun_at=at,
    )
    if deliverable is None:
        asked = list(Deliverable.objects.filter(department=team.department_id))
        return _open(upload, rules.part_refusal(length, asked), at=at)
    return _open(upload, contents.file_refusal(deliverable, filename=filename, size=length), at=at)


def begin_joined(
    deliverable: Deliverable,
    parts: list[Upload],
    *,
    filename: str,
    metadata: str,
    concat: str,
    by: User,
    at: datetime,
) -> Upload:
    """Open the transfer that `parts` (whole, of one team) are joined into. Raises `Refused`.

    It began when the first of its parts began, and its bytes are already on the disk.
    """
    upload = Upload(
        team=parts[0].team,
        deliverable=deliverable,
        begun_by=by,
        part=Part.JOINED,
        length=sum(part.length for part in parts),
        filename=filename,
        metadata=metadata,
        concat=concat,
        begun_at=min(part.begun_at for part in parts),
    )
    shape = contents.file_refusal(deliverable, filename=filename, size=upload.length)
    return _open(upload, shape, at=at)


def _open(upload: Upload, shape: Refusal | None, *, at: datetime) -> Upload:
    """Who, when, what, and whether there is room; then the row. The disk is watched either way."""
    team = upload.team
    under_way = selectors.under_way(team, at=at)
    room = disk.space(under_way.announced, at=at)
    disk.watch(room, at=at)
    if upload.deliverable is not None:
        check(contents.member_refusal(upload.deliverable, team, is_member=True))
    window = periods.period_of(team)
    check(deposits_rules.deposit_refusal(team.edition, window, begun_at=upload.begun_at, at=at))
    check(shape)
    check(rules.open_uploads_refusal(under_way.of_team))
    check(disk.refusal(room, upload.length))
    upload.expires_at = rules.upload_expires_at(begun_at=at)
    upload.save(force_insert=True)
    return upload


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
    assert upload.deliverable is not None
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


def use_up(part_ids: list[uuid.UUID], *, at: datetime) -> None:
    """Say of parts that they have been joined: their bytes are not needed any more."""
    Upload.objects.filter(pk__in=part_ids, part=Part.PART).update(whole_at=at)


def forget(upload_ids: list[uuid.UUID]) -> None:
    """Remove transfers given up or expired, and what was sent ahead of them. Never a deposit."""
    Upload.objects.filter(pk__in=upload_ids).delete()
    for pk in upload_ids:
        deposits_storage().forget(deposit_key(pk))
