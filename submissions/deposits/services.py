"""A hand-in, from whole bytes to its receipt: lock the team, gather the facts once, let one rule
decide, write.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal, metrics
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import Refused, refuse
from hackathon.event.editions.errors import EditionRefusal
from submissions import hand_ins, live
from submissions.budget import selectors as budget
from submissions.deposits import rules
from submissions.deposits.rules import Decision
from submissions.enums import DeliverableKind
from submissions.errors import DepositRefusal
from submissions.inspection.tasks import inspect
from submissions.models import Deliverable, Inspection, Submission, Upload, deposits_storage
from submissions.receipts import services as receipts
from submissions.receipts.tasks import mail_receipt
from submissions.storage import Space, UploadFile, WholeFile, content_type_of, deposit_key
from submissions.versions.facts import facts_of, lock_team
from teams.models import Team


def conclude(upload: Upload, *, path: Path, digest: Callable[[], str], at: datetime) -> Submission:
    """A resumable upload becomes a deposit. Idempotent. The last byte was durable at `at`; the
    caller holds the lock of the file.

    Raises `Refused`: upload and file stay, because an Extension granted later can allow them, and
    what was not durable may be later.
    """
    # In its own transaction: if the process crashes later, this instant is kept.
    if Upload.objects.filter(pk=upload.pk, whole_at=None).update(whole_at=at):
        upload.whole_at = at
    else:
        upload.refresh_from_db(fields=["whole_at", "submission"])
        if upload.submission is not None:
            return upload.submission
    assert upload.whole_at is not None
    # Hashed before the team is locked, because it may take long.
    file = UploadFile(
        path, upload.filename, sha256=digest(), received_at=upload.whole_at, seed=upload.pk
    )
    with transaction.atomic():
        submission = deposit(
            upload.deliverable,
            upload.team,
            file=file,
            begun_at=upload.begun_at,
            by=upload.begun_by,
            at=upload.whole_at,
        )
        # The unique constraint of `submission` prevents a second row for the same upload.
        Upload.objects.filter(pk=upload.pk).update(submission=submission)
    upload.submission = submission
    return submission


def deposit(
    deliverable: Deliverable,
    team: Team,
    *,
    file: WholeFile | None = None,
    url: str | None = None,
    text: str | None = None,
    begun_at: datetime,
    by: User,
    at: datetime,
    reason: str | None = None,
) -> Submission:
    """Receives the one of `file`, `url`, `text` that is given. Raises `Refused`.

    `begun_at`: when the first byte arrived. `at`: when everything was received, a file on disk.
    `reason`: why an organizer enters it for the team; None: a member hands it in. A file is
    closed; what is stored of it is deleted if it is refused.
    """
    submission = Submission(
        deliverable=deliverable,
        team=team,
        # The server's clock may have been set back during the transfer.
        begun_at=min(begun_at, at),
        received_at=at,
        submitted_by=by,
        entry_reason=(reason or "").strip(),
    )
    is_entry = reason is not None
    if file is not None:
        _deposit_file(submission, file, is_entry=is_entry)
        return submission
    content = (url if url is not None else text or "").encode()
    submission.size, submission.sha256 = len(content), hashlib.sha256(content).hexdigest()
    submission.content_type = "text/plain"
    submission.url, submission.text = url or "", text or ""
    sent = DeliverableKind.TEXT if url is None else DeliverableKind.LINK
    with transaction.atomic():
        decision = _admit(submission, sent, is_entry=is_entry)
        _write(submission, decision)
    return submission


def _deposit_file(submission: Submission, file: WholeFile, *, is_entry: bool) -> None:
    submission.size, submission.sha256 = file.size or 0, file.sha256
    submission.filename = file.name or ""
    submission.content_type = content_type_of(file, submission.filename)
    sent, key, storage = DeliverableKind.FILE, deposit_key(file.seed), deposits_storage()
    # Space and budget of a resumable upload, which has a seed, were checked when it began.
    is_new = file.seed is None
    keep = False
    try:
        space = _space_before(submission) if is_new else None
        # Before the team is locked, because sending takes time.
        if rules.content_refusal(submission, sent) is None:
            _send_ahead(submission, key, Path(file.temporary_file_path()))
        with transaction.atomic():
            decision = _admit(submission, sent, is_entry=is_entry, space=space)
            # Before the commit: no row may exist whose file is not durable.
            submission.file.name = storage.save(key, file)
            _write(submission, decision)
            keep = True
    finally:
        # If COMMIT itself fails we can't know whether the row exists, so the file is kept: an
        # orphan file is harmless, a row without its file is data loss.
        if not keep and submission.file:
            submission.file.delete(save=False)
        if not keep and is_new:
            storage.forget(key)
        file.close()


def _send_ahead(submission: Submission, key: str, path: Path) -> None:
    """To a remote storage, or to what extras have elsewhere. Raises `NotDurable`."""
    storage = deposits_storage()
    if storage.is_remote:
        storage.advance(key, path, submission.size)
    else:
        hand_ins.send_ahead(submission.team.edition, path, f"deposits/{key}")


def _space_before(submission: Submission) -> Space:
    """Without its file, which is on the disk already."""
    space = budget.space(at=submission.received_at)
    return replace(space, free=space.free + submission.size)


def _admit(
    submission: Submission, sent: DeliverableKind, *, is_entry: bool, space: Space | None = None
) -> Decision:
    """Locks the team and numbers the version. Raises `Refused`."""
    # Everything is read again under the lock: the deadline may have moved since the page was
    # opened, and the team may be gone with its last member.
    team = lock_team(submission.team_id)
    if team is None:
        raise Refused(
            refuse(EditionRefusal.NOT_ORGANIZER if is_entry else DepositRefusal.NOT_MEMBER)
        )
    facts = facts_of(
        team,
        submission.deliverable_id,
        by=submission.submitted_by,
        is_entry=is_entry,
        uploads=budget.open_uploads_of(team, at=submission.received_at) if space else (),
        space=space,
    )
    decision = rules.decide(facts, submission, sent)
    if decision.refusals:
        raise Refused(decision.refusals[0])
    submission.team, submission.version = team, decision.version
    submission.announced_at = decision.claim.at if decision.claim else None
    return decision


def _write(submission: Submission, decision: Decision) -> None:
    """The row, its receipt, and what is told about it, in the transaction of `_admit`. Raises
    `Refused`, of which `NotDurable` is one.
    """
    hand_ins.hold_commit(submission.team.edition)
    submission.save(force_insert=True)
    receipts.issue(submission)
    for participant in hand_ins.participants(submission.team.edition):
        participant.before_commit(submission, decision.claim)
    Inspection.objects.create(submission=submission)
    enqueue(inspect, submission.pk)
    enqueue(mail_receipt, submission.pk)
    team, at = submission.team, submission.received_at
    journal.record(
        "submission.received",
        submission,
        by=submission.submitted_by,
        at=at,
        team=team.pk,
        deliverable=submission.deliverable_id,
        name=submission.deliverable.name,
        version=submission.version,
        sha256=submission.sha256,
        entry_reason=submission.entry_reason,
    )
    live.submission_received(submission, decision.punctuality, at=at)
    transaction.on_commit(metrics.DEPOSITS.labels(decision.punctuality.value).inc)
    if decision.changes_progress:
        live.progress_changed(team, decision.progress, at=at)
