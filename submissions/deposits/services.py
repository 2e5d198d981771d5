"""Handing in. Every deposit is a new version; nothing that was received is changed."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.background import enqueue
from hackathon.core.errors import Refusal, check
from hackathon.core.received_files import WholeFile
from hackathon.editions.selectors import is_organizer
from submissions import live
from submissions.deposits import contents, rules, selectors
from submissions.deposits.selectors import VersionState
from submissions.files import content_type_of
from submissions.inspection.tasks import inspect
from submissions.models import Deliverable, Inspection, Submission, deposits_storage
from submissions.receipts import services as receipts
from submissions.receipts.tasks import mail_receipt
from submissions.storage import deposit_key
from teams.models import Team


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
    """Receive the one of `file`, `url`, `text` that is given. Raises `Refused`.

    `reason` is why an organizer enters it for the team; None: a member hands it in.
    """
    given: dict[str, Any] = {"begun_at": begun_at, "by": by, "at": at, "reason": reason}
    if file is not None:
        return deposit_file(deliverable, team, file=file, **given)
    if url is not None:
        return deposit_link(deliverable, team, url=url, **given)
    return deposit_text(deliverable, team, text=text or "", **given)


def deposit_file(
    deliverable: Deliverable,
    team: Team,
    *,
    file: WholeFile,
    begun_at: datetime,
    by: User,
    at: datetime,
    reason: str | None = None,
) -> Submission:
    """Receive a file that is already whole and synced in the incoming directory.

    `at` is when its last byte was durable (`file.received_at`), `begun_at` when its first arrived.
    The file is kept under an opaque key and loses its first name; refused, it is removed. Raises
    `Refused`.
    """
    submission = Submission(
        begun_at=begun_at,
        received_at=at,
        submitted_by=by,
        entry_reason=(reason or "").strip(),
        size=file.size or 0,
        sha256=file.sha256,
        filename=file.name or "",
        content_type=content_type_of(file, file.name or ""),
    )
    shape = contents.file_refusal(deliverable, filename=submission.filename, size=submission.size)
    key, storage = deposit_key(file.seed), deposits_storage()
    kept = False
    try:
        if shape is None:
            # Before the team is locked: a storage that is far away takes its time.
            storage.advance(key, Path(file.temporary_file_path()), submission.size)
        with transaction.atomic():
            before = _admit(submission, deliverable, team, shape, reason)
            submission.file.name = storage.save(key, file)
            _write(submission, before)
            kept = True
    finally:
        # Once the block has ended only the commit can fail, and if the connection is lost in it
        # nobody knows whether the row is there: a file without a row is litter, the other a loss.
        if not kept and submission.file:
            submission.file.delete(save=False)
        if not kept and file.seed is None:
            storage.forget(key)
        file.close()
    return submission


def deposit_link(
    deliverable: Deliverable,
    team: Team,
    *,
    url: str,
    begun_at: datetime,
    by: User,
    at: datetime,
    reason: str | None = None,
) -> Submission:
    """Receive a link. Its size and digest are those of its UTF-8 bytes. Raises `Refused`."""
    submission = _of_words(url, begun_at=begun_at, by=by, at=at, reason=reason)
    submission.url = url
    return _deposit(submission, deliverable, team, contents.link_refusal(deliverable, url), reason)


def deposit_text(
    deliverable: Deliverable,
    team: Team,
    *,
    text: str,
    begun_at: datetime,
    by: User,
    at: datetime,
    reason: str | None = None,
) -> Submission:
    """Receive a text, kept exactly as it came. Raises `Refused`."""
    submission = _of_words(text, begun_at=begun_at, by=by, at=at, reason=reason)
    submission.text = text
    return _deposit(submission, deliverable, team, contents.text_refusal(deliverable, text), reason)


def _of_words(
    words: str, *, begun_at: datetime, by: User, at: datetime, reason: str | None
) -> Submission:
    content = words.encode()
    return Submission(
        begun_at=begun_at,
        received_at=at,
        submitted_by=by,
        entry_reason=(reason or "").strip(),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content_type="text/plain",
    )


@transaction.atomic
def _deposit(
    submission: Submission,
    deliverable: Deliverable,
    team: Team,
    shape: Refusal | None,
    reason: str | None,
) -> Submission:
    before = _admit(submission, deliverable, team, shape, reason)
    _write(submission, before)
    return submission


def _admit(
    submission: Submission,
    deliverable: Deliverable,
    team: Team,
    shape: Refusal | None,
    reason: str | None,
) -> VersionState:
    """Lock the team, ask the rules, and give the submission its place. Raises `Refused`.

    The lock is what numbers versions one after the other. Who, then when, then what: nobody should
    shrink a file only to learn that it is too late.
    """
    # Read again, so that the deadline is the one that holds now. Its last member may have left.
    teams = Team.objects.select_for_update(of=("self",)).select_related("edition", "department")
    locked = teams.filter(pk=team.pk).first()
    team = locked or team
    by, at = submission.submitted_by, submission.received_at
    if reason is None:
        is_member = locked is not None and team.memberships.filter(user=by).exists()
        check(contents.member_refusal(deliverable, team, is_member=is_member))
    else:
        organizer = locked is not None and is_organizer(by, team.edition)
        check(contents.entry_refusal(deliverable, team, reason=reason, organizer=organizer, at=at))
    # A clock set back during the transfer must not lose a file.
    submission.begun_at = min(submission.begun_at, at)
    before = selectors.version_state_of(team)
    if reason is None:
        begun_at = submission.begun_at
        check(rules.deposit_refusal(team.edition, before.window, begun_at=begun_at, at=at))
    check(shape)
    submission.team = team
    submission.deliverable = deliverable
    submission.version = before.next_version(deliverable)
    return before


def _write(submission: Submission, before: VersionState) -> None:
    """Insert the row, and tell what became of the team's window."""
    submission.save(force_insert=True)
    receipts.issue(submission)
    Inspection.objects.create(submission=submission)
    enqueue(inspect, submission.pk)
    enqueue(mail_receipt, submission.pk)
    team, at = submission.team, submission.received_at
    mark = rules.punctuality_of(before.window, begun_at=submission.begun_at, received_at=at)
    journal.record(
        "submission.received",
        submission,
        by=submission.submitted_by,
        at=at,
        team=team.pk,
        deliverable=submission.deliverable_id,
        version=submission.version,
        sha256=submission.sha256,
        entry_reason=submission.entry_reason,
    )
    live.submission_received(submission, mark, at=at)
    # The façade says how many deliverables a team has handed in, too.
    if (state := before.state(submission)) != before.state() or submission.version == 1:
        live.progress_changed(team, state, at=at)
