import uuid
from datetime import datetime

from django.core.cache import cache
from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound, Refused
from submissions import live
from submissions.budget import selectors as budget
from submissions.deposits.rules import begin_refusals
from submissions.models import Upload, deposits_storage
from submissions.storage import Space, deposit_key
from submissions.transfers import partial, rules
from submissions.versions.facts import facts_of, lock_team
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
        locked = lock_team(team.pk)
        if locked is None:
            raise NotFound
        uploads = budget.open_uploads_of(locked, at=at)
        if may_be_repeated:
            for begun in uploads:
                if (begun.begun_by_id, begun.metadata) == (by.pk, metadata):
                    begun.team = locked
                    return begun
        facts = facts_of(locked, deliverable_pk, uploads=uploads, space=space)
        if (deliverable := facts.deliverables.get(deliverable_pk)) is None:
            raise NotFound
        refusals = begin_refusals(facts, deliverable, filename=filename, size=length, at=at)
        if refusals:
            raise Refused(refusals[0])
        upload = Upload.objects.create(
            pk=pk or uuid.uuid4(),
            team=locked,
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
        live.upload_begun(upload, at=at)
        return upload


def forget(pk: uuid.UUID, *, at: datetime) -> None:
    """Also deletes the parts that were sent ahead to the storage, but no submission."""
    with transaction.atomic():
        upload = Upload.objects.select_related("team__edition").filter(pk=pk).first()
        # The row first: one whose bytes are gone would promise its client that it can go on.
        if upload is not None:
            upload.delete()
        if upload is not None and upload.submission_id is None:
            live.upload_ended(upload, at=at)
    deposits_storage().forget(deposit_key(pk))


def warn_if_low(space: Space, *, at: datetime) -> None:
    """At most every five minutes."""
    if space.is_low and cache.add("submissions.disk.warned", True, SPACE_WARNING_SECONDS):
        live.storage_filled(space.free, at=at)
