"""POST: begin an upload, a part, or a whole from parts."""

import contextlib
import uuid
from http import HTTPStatus

from django.conf import settings

from hackathon.accounts.models import User
from hackathon.core.errors import NotFound
from hackathon.core.received_files import clean_filename
from hackathon.editions.models import Edition
from submissions.deliverables import selectors as deliverables_selectors
from submissions.models import Deliverable, Upload
from submissions.transfers import partial
from submissions.transfers import selectors as transfers_selectors
from submissions.transfers import services as uploads
from submissions.tus import answers, protocol, transfer
from submissions.tus.answers import Answer
from submissions.tus.context import Context, in_database
from submissions.tus.intake import on_disk
from submissions.tus.protocol import ProtocolError
from teams.models import Membership
from teams.selectors.teams import membership_of


async def create(context: Context) -> Answer:
    """Open an upload and, where the request brings bytes along, take them."""
    concat = protocol.concat(context.headers.get("upload-concat"))
    metadata = protocol.metadata(context.headers.get("upload-metadata", ""))
    user = await context.user()
    if concat is not None and not concat.is_part:
        return await _join(context, user, [uuid.UUID(part) for part in concat.parts], metadata)
    is_part = concat is not None
    length = _length(context)
    upload = await in_database(_begin, context, user, metadata, length, is_part=is_part)
    await on_disk(partial.create, upload.pk)
    answer = answers.state(upload, 0, HTTPStatus.CREATED)
    if context.headers.get("content-type") == protocol.BODY_TYPE:
        context.upload_id = upload.pk
        try:
            with partial.held(upload.pk) as file:
                answer = await transfer.append(context, upload, file)
        except answers.FAILURES as error:
            # The upload is there all the same: whoever sent too much can go on with it.
            answer = answers.failure(error, context.caller.language)
        else:
            answer.status = HTTPStatus.CREATED
    answer.headers["Location"] = _location(upload)
    return answer


async def _join(
    context: Context, user: User, part_ids: list[uuid.UUID], metadata: dict[str, str]
) -> Answer:
    """A whole from parts that are all there. Asked twice it is the same whole."""
    words = context.headers["upload-concat"]
    upload = await in_database(transfers_selectors.joined_for, user, words)
    if upload is None or upload.submission is None:
        upload = await _joined(context, user, part_ids, metadata, upload)
    await in_database(uploads.use_up, part_ids, at=context.arrived_at)
    for pk in part_ids:
        partial.remove(pk)
    answer = answers.state(upload, upload.length, HTTPStatus.CREATED)
    answer.headers["Location"] = _location(upload)
    return answer


async def _joined(
    context: Context,
    user: User,
    part_ids: list[uuid.UUID],
    metadata: dict[str, str],
    upload: Upload | None,
) -> Upload:
    """The submission of the parts' bytes. `upload` was begun before and never came to its end."""
    parts = await in_database(transfers_selectors.parts_for, user, part_ids)
    if parts is None:
        raise context.not_found()
    with contextlib.ExitStack() as locks:
        files = {pk: locks.enter_context(partial.held(pk)) for pk in dict.fromkeys(part_ids)}
        if any(files[part.pk].size != part.length for part in parts):
            detail = "One of the parts has not arrived whole."
            raise ProtocolError(HTTPStatus.BAD_REQUEST, detail, code="part_unfinished")
        if upload is None:
            upload = await in_database(_begin_joined, context, user, metadata, parts)
        await on_disk(partial.create, upload.pk)
        with partial.held(upload.pk) as whole:
            if whole.size != upload.length:
                await on_disk(whole.cut, 0)
                await on_disk(whole.join, [files[pk] for pk in part_ids])
            await on_disk(whole.sync)
            await transfer.conclude(upload, whole)
    return upload


def _begin(
    context: Context, user: User, metadata: dict[str, str], length: int, *, is_part: bool
) -> Upload:
    membership = membership_of(user, Edition.objects.current())
    # A part may leave out what it is for: clients that send in parallel say it at the end.
    deliverable = None if is_part else _deliverable(context, membership, metadata)
    if membership is None:
        raise context.not_found()
    words = context.headers.get("upload-metadata", "")
    # Whoever did not hear the answer asks again, and has begun when the first request came.
    if "key" in metadata and (
        begun := transfers_selectors.begun_for(user, words, at=context.arrived_at)
    ):
        return begun
    upload = uploads.begin(
        membership.team,
        deliverable,
        length=length,
        filename=clean_filename(metadata.get("filename", "")),
        metadata=words,
        concat=context.headers.get("upload-concat", ""),
        by=membership.user,
        at=context.arrived_at,
    )
    context.remember(upload)
    return upload


def _begin_joined(
    context: Context, user: User, metadata: dict[str, str], parts: list[Upload]
) -> Upload:
    membership = membership_of(user, parts[0].team.edition)
    if membership is None or membership.team_id != parts[0].team_id:
        raise context.not_found()
    return uploads.begin_joined(
        _deliverable(context, membership, metadata),
        parts,
        filename=clean_filename(metadata.get("filename", "")),
        metadata=context.headers.get("upload-metadata", ""),
        concat=context.headers.get("upload-concat", ""),
        by=membership.user,
        at=context.arrived_at,
    )


def _deliverable(
    context: Context, membership: Membership | None, metadata: dict[str, str]
) -> Deliverable:
    """What the upload is for. Raises `ProtocolError`: 400 if it does not say, 404 if not asked.

    `team` may say whose it is: somebody else has signed in since the page was opened.
    """
    if membership and metadata.get("team", str(membership.team_id)) != str(membership.team_id):
        raise context.not_found()
    pk = metadata.get("deliverable", "")
    if not pk.isascii() or not pk.isdigit() or len(pk) > 18:
        detail = "Upload-Metadata must have deliverable, the number of what is handed in."
        raise ProtocolError(HTTPStatus.BAD_REQUEST, detail)
    try:
        return deliverables_selectors.get_deliverable_for(membership, int(pk))
    except NotFound:
        raise context.not_found() from None


def _length(context: Context) -> int:
    """`Upload-Length`. Raises `ProtocolError` 400 where it is missing, 413 beyond the maximum."""
    length = protocol.number(context.headers, "upload-length")
    if length is None or "upload-defer-length" in context.headers:
        detail = "Upload-Length is needed; it cannot be said later."
        raise ProtocolError(HTTPStatus.BAD_REQUEST, detail)
    if length > settings.UPLOAD_MAX_BYTES:
        detail = f"Upload-Length is {settings.UPLOAD_MAX_BYTES} at most."
        raise ProtocolError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, code="too_large")
    return length


def _location(upload: Upload) -> str:
    return f"/uploads/{upload.pk.hex}"
