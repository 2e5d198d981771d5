import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal, metrics
from hackathon.core.background import enqueue
from hackathon.core.errors import Refusal, check
from hackathon.editions.selectors import is_organizer
from submissions import live
from submissions.budget import rules as budget_rules
from submissions.budget import selectors as budget
from submissions.deposits import rules
from submissions.deposits.version_state import VersionState, version_state_of
from submissions.inspection.tasks import inspect
from submissions.models import Deliverable, Inspection, Submission, deposits_storage
from submissions.receipts import services as receipts
from submissions.receipts.tasks import mail_receipt
from submissions.storage import WholeFile, content_type_of, deposit_key
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
    """Receives the one of `file`, `url`, `text` that is given. Raises `Refused`.

    `begun_at`: when the first byte arrived. `at`: when everything was received, a file on disk.
    `reason`: why an organizer enters it for the team; None: a member hands it in. A file is
    closed; what is stored of it is deleted if it is refused.
    """
    submission = Submission(
        deliverable=deliverable,
        team=team,
        begun_at=begun_at,
        received_at=at,
        submitted_by=by,
        entry_reason=(reason or "").strip(),
    )
    if file is not None:
        _deposit_file(submission, file, reason)
        return submission
    content = (url if url is not None else text or "").encode()
    submission.size, submission.sha256 = len(content), hashlib.sha256(content).hexdigest()
    submission.content_type = "text/plain"
    if url is not None:
        submission.url = url
        refusal = rules.link_refusal(deliverable, url)
    else:
        submission.text = text or ""
        refusal = rules.text_refusal(deliverable, submission.text)
    with transaction.atomic():
        before = _admit(submission, refusal, reason)
        _write(submission, before)
    return submission


def _deposit_file(submission: Submission, file: WholeFile, reason: str | None) -> None:
    submission.size, submission.sha256 = file.size or 0, file.sha256
    submission.filename = file.name or ""
    submission.content_type = content_type_of(file, submission.filename)
    refusal = rules.file_refusal(
        submission.deliverable, filename=submission.filename, size=submission.size
    )
    key, storage = deposit_key(file.seed), deposits_storage()
    # Space and budget of a resumable upload, which has a seed, were checked when it began.
    is_new = file.seed is None
    keep = False
    try:
        if is_new:
            refusal = refusal or _space_refusal(submission)
        if refusal is None:
            # Before the team is locked, because a remote storage takes time.
            storage.advance(key, Path(file.temporary_file_path()), submission.size)
        with transaction.atomic():
            before = _admit(submission, refusal, reason)
            if is_new and reason is None:
                _check_bytes(submission)
            submission.file.name = storage.save(key, file)
            _write(submission, before)
            keep = True
    finally:
        # If COMMIT itself fails we can't know whether the row exists, so the file is kept: an
        # orphan file is harmless, a row without its file is data loss.
        if not keep and submission.file:
            submission.file.delete(save=False)
        if not keep and is_new:
            storage.forget(key)
        file.close()


def _space_refusal(submission: Submission) -> Refusal | None:
    space = budget.space(at=submission.received_at)
    is_first = not budget.versions_of(submission.team, submission.deliverable)
    if not is_first:
        space = budget.with_first_versions(space, submission.team.edition)
    before = replace(space, free=space.free + submission.size)  # it is on the disk already
    return budget_rules.space_refusal(before, size=submission.size, is_first=is_first)


def _check_bytes(submission: Submission) -> None:
    """The caller has locked the team. Raises `Refused`."""
    of_team = budget.budget_of(submission.team, at=submission.received_at)
    check(budget_rules.bytes_refusal(of_team, submission.deliverable, size=submission.size))


def _admit(
    submission: Submission, content_refusal: Refusal | None, reason: str | None
) -> VersionState:
    """Locks the team, checks the rules, and numbers the version. Raises `Refused`."""
    by, at, deliverable = submission.submitted_by, submission.received_at, submission.deliverable
    # Read again: the deadline may have moved, and the team may be gone with its last member.
    teams = Team.objects.select_for_update(of=("self",)).select_related("edition", "department")
    locked = teams.filter(pk=submission.team_id).first()
    team = locked or submission.team
    if reason is None:
        is_member = locked is not None and team.memberships.filter(user=by).exists()
        check(rules.member_refusal(deliverable, team, is_member=is_member))
    else:
        organizer = locked is not None and is_organizer(by, team.edition)
        check(rules.entry_refusal(deliverable, team, reason=reason, organizer=organizer, at=at))
    # The server's clock may have been set back during the transfer.
    submission.begun_at = min(submission.begun_at, at)
    before = version_state_of(team)
    if reason is None:
        begun_at = submission.begun_at
        check(rules.deposit_refusal(team.edition, before.period, begun_at=begun_at, at=at))
        check(budget_rules.versions_refusal(len(before.versions.get(deliverable.pk, []))))
    # Last: a team should not shrink a file only to learn that the deadline has passed.
    check(content_refusal)
    submission.team = team
    submission.version = before.next_version(deliverable)
    return before


def _write(submission: Submission, before: VersionState) -> None:
    submission.save(force_insert=True)
    receipts.issue(submission)
    Inspection.objects.create(submission=submission)
    enqueue(inspect, submission.pk)
    enqueue(mail_receipt, submission.pk)
    team, at = submission.team, submission.received_at
    punctuality = rules.punctuality_of(before.period, begun_at=submission.begun_at, received_at=at)
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
    live.submission_received(submission, punctuality, at=at)
    transaction.on_commit(metrics.DEPOSITS.labels(punctuality.value).inc)
    # A first version also changes the number of deliverables that the pages show.
    progress = before.progress(submission)
    if progress != before.progress() or submission.version == 1:
        live.progress_changed(team, progress, at=at)
