import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.core.cache import cache
from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core.errors import NotFound, check
from submissions import live
from submissions.budget import rules as budget_rules
from submissions.budget import selectors as budget
from submissions.budget.rules import Space
from submissions.deposits import services as deposits
from submissions.deposits.rules import deposit_refusal, file_refusal
from submissions.deposits.selectors import period_of
from submissions.models import Deliverable, Submission, Upload, deposits_storage
from submissions.storage import UploadFile, deposit_key
from submissions.transfers import partial, rules
from teams.models import Team

SPACE_WARNING_SECONDS = 300


def begin(
    team: Team,
    deliverable_pk: int,
    *,
    pk: uuid.UUID | None = None,
    length: int,
    filename: str = "",
    metadata: str = "",
    may_be_repeated: bool = False,
    by: User,
    at: datetime,
) -> Upload:
    """`by` must be a member of the team. Creates the partial file. Raises `NotFound` if the team's
    department does not ask for the deliverable, `Refused`, `OSError`.

    `may_be_repeated`: the client uses `metadata` for one transfer only. If it did not get the
    answer it asks again, and gets the upload that it has begun.
    """
    # Before the lock, and not rolled back with a refusal.
    space = budget.space(at=at)
    warn_if_low(space, at=at)
    with transaction.atomic():
        # Uploads that begin together share one budget.
        Team.objects.select_for_update(of=("self",)).filter(pk=team.pk).first()
        uploads = list(budget.open_uploads(at=at).filter(team=team))
        if may_be_repeated:
            for begun in uploads:
                if (begun.begun_by_id, begun.metadata) == (by.pk, metadata):
                    begun.team = team
                    return begun
        deliverables = {d.pk: d for d in Deliverable.objects.filter(department=team.department_id)}
        if (deliverable := deliverables.get(deliverable_pk)) is None:
            raise NotFound
        check(deposit_refusal(team.edition, period_of(team), begun_at=at, at=at))
        check(file_refusal(deliverable, filename=filename, size=length))
        stored = budget.stored_by(team)
        of_team = budget.budget_with(deliverables.values(), stored, uploads)
        is_first = deliverable.pk not in stored
        if not is_first:
            space = budget.with_first_versions(space, team.edition)
            check(budget_rules.versions_refusal(stored[deliverable.pk].versions))
        check(budget_rules.open_uploads_refusal(of_team))
        check(budget_rules.bytes_refusal(of_team, deliverable, size=length))
        check(budget_rules.space_refusal(space, size=length, is_first=is_first))
        upload = Upload.objects.create(
            pk=pk or uuid.uuid4(),
            team=team,
            deliverable=deliverable,
            begun_by=by,
            length=length,
            filename=filename,
            metadata=metadata,
            begun_at=at,
            expires_at=at + rules.UPLOAD_KEPT,
        )
        # Before the commit: a repeated request that finds the upload finds its file too.
        partial.create(upload.pk)
        return upload


def conclude(upload: Upload, *, path: Path, digest: Callable[[], str], at: datetime) -> Submission:
    """Idempotent. The last byte was durable at `at`; the caller holds the lock of the file.

    Raises `Refused`: upload and file stay, because an Extension granted later can allow them.
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
        submission = deposits.deposit(
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


def forget(upload_ids: list[uuid.UUID]) -> None:
    """Not for received uploads: also deletes the parts that were sent ahead to the storage."""
    Upload.objects.filter(pk__in=upload_ids).delete()
    for pk in upload_ids:
        deposits_storage().forget(deposit_key(pk))


def warn_if_low(space: Space, *, at: datetime) -> None:
    """At most every five minutes."""
    if space.is_low and cache.add("submissions.disk.warned", True, SPACE_WARNING_SECONDS):
        live.storage_filled(space.free, at=at)
