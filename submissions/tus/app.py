import asyncio
import contextlib
import logging
import re
import uuid
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import IntegrityError

from hackathon.base.core import clock, logs, metrics, serving
from hackathon.base.core.errors import NotFound, Refused
from hackathon.base.core.received_files import clean_filename
from hackathon.event.editions.models import Edition
from submissions.budget.rules import space_refusal
from submissions.deposits import services as deposits
from submissions.models import Upload
from submissions.storage import disk
from submissions.transfers import partial
from submissions.transfers import services as uploads
from submissions.transfers.partial import Busy, Gone, Partial
from submissions.tus import protocol
from submissions.tus.body import Receive, on_disk, sent_ahead, take
from submissions.tus.protocol import Answer, ProtocolError, Send, not_found
from submissions.tus.request import Request, concluding, in_database
from teams.selectors.teams import membership_of

logger = logging.getLogger(__name__)

_ADDRESS = re.compile(r"/uploads/(?:([0-9a-f]{32})/?)?")
_REQUEST_ID = re.compile(r"[0-9a-f]{32}")  # $request_id of nginx
# How long HEAD waits for a PATCH that still writes its last bytes. Clients time out after 30 s.
HEAD_WAIT_SECONDS = 20.0
# HEAD also waits before it reads the offset: a PATCH that the client sent just before, over another
# connection, may not have reached this process yet, and its bytes would be missing in the answer.
HEAD_PAUSE_SECONDS = 0.05
# Bytes are synced to disk before an upload is concluded and before HEAD answers. Large uploads are
# also synced every so many bytes: so the last sync is short, and few chunks wait for one.
SYNC_BYTES = 64 * 1024 * 1024


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    logs.start_over(request=request.request_id)
    try:
        answer = await _answer(request)
    except protocol.FAILURES as error:
        answer = protocol.failure(error, request.language)
        await request.name_user()
    _note(request, answer)
    await request.respond(answer, send)


def _note(request: Request, answer: Answer) -> None:
    """One line for each request, also for those that are refused: `manage.py trace` finds it."""
    code = (answer.problem or {}).get("code", "")
    method = metrics.method_label(request.method)
    metrics.UPLOADS.labels(method, str(answer.status), code).inc()
    offset = answer.headers.get("Upload-Offset")
    noted = {"method": method, "status": answer.status, "code": code, "offset": offset}
    logger.info("upload", extra={**noted, **request.ids})


async def _answer(request: Request) -> Answer:
    if serving.is_stopped():
        detail = "Another server has taken over. Nothing is received here."
        raise ProtocolError(HTTPStatus.SERVICE_UNAVAILABLE, detail, code="other_server")
    address = _ADDRESS.fullmatch(request.path)
    if address is None:
        raise not_found()
    handlers = _ON_ONE if address[1] else _ON_ALL
    if request.method == "OPTIONS":
        return _options()
    if request.headers.get("tus-resumable") != protocol.VERSION:
        detail = f"Tus-Resumable must be {protocol.VERSION}."
        raise ProtocolError(HTTPStatus.PRECONDITION_FAILED, detail, code="unsupported_version")
    if (handler := handlers.get(request.method)) is None:
        return protocol.method_not_allowed(request.method, ["OPTIONS", *handlers])
    request.check_origin()
    if address[1]:
        request.upload_id = uuid.UUID(address[1])
    return await handler(request)


def _options() -> Answer:
    return Answer(
        HTTPStatus.NO_CONTENT,
        {
            "Tus-Version": protocol.VERSION,
            "Tus-Extension": protocol.EXTENSIONS,
            "Tus-Max-Size": str(settings.UPLOAD_MAX_BYTES),
            "Tus-Checksum-Algorithm": protocol.CHECKSUM_ALGORITHM,
        },
    )


async def create(request: Request) -> Answer:
    metadata = protocol.metadata(request.headers.get("upload-metadata", ""))
    upload = await in_database(_begin, request, metadata)
    answer = protocol.state(upload, 0, HTTPStatus.CREATED)
    if request.headers.get("content-type") == protocol.BODY_TYPE:
        try:
            with partial.lock(upload.pk) as file:
                answer = await _append(request, upload, file, offset=0)
        except protocol.FAILURES as error:
            # The upload exists nevertheless: the answer has its `Location`.
            answer = protocol.failure(error, request.language)
        else:
            answer.status = HTTPStatus.CREATED
    answer.headers["Location"] = f"/uploads/{upload.pk.hex}"
    request.ids["upload"] = upload.pk.hex
    return answer


def _begin(request: Request, metadata: dict[str, str]) -> Upload:
    user = request.user()
    membership = membership_of(user, Edition.objects.current())
    request.ids["team"] = membership.team_id if membership else None
    length, deliverable_pk = _length(request), _deliverable_pk(metadata)
    # `team` is the one for which the page was opened.
    if membership is None or metadata.get("team") not in (None, str(membership.team_id)):
        raise not_found()

    def begin(pk: uuid.UUID) -> Upload:
        return uploads.begin(
            membership.team,
            deliverable_pk,
            pk=pk,
            length=length,
            filename=clean_filename(metadata.get("filename", "")),
            metadata=request.headers.get("upload-metadata", ""),
            may_be_repeated="key" in metadata,
            by=membership.user,
            at=request.arrived_at,
        )

    try:
        upload = begin(pk := _new_id(request))
        if not partial.exists(upload.pk):
            uploads.forget(
                upload.pk, at=request.arrived_at
            )  # its bytes were on another host, which is gone
            upload = begin(pk)
    except IntegrityError:  # without a proxy, a client can send the id of another upload
        upload = begin(uuid.uuid4())
    except NotFound:
        raise not_found() from None
    request.remember(upload)
    return upload


def _new_id(request: Request) -> uuid.UUID:
    """The id that the proxy gave to this request: it sends an upload always to the host to which it
    has sent this request (`docs/operations/scaling.md`).
    """
    is_usable = _REQUEST_ID.fullmatch(request.request_id)
    return uuid.UUID(request.request_id) if is_usable else uuid.uuid4()


def _deliverable_pk(metadata: dict[str, str]) -> int:
    """Raises `ProtocolError` 400."""
    pk = metadata.get("deliverable", "")
    if not pk.isascii() or not pk.isdigit() or len(pk) > 18:
        detail = "Upload-Metadata must have deliverable, the id of a deliverable."
        raise ProtocolError(HTTPStatus.BAD_REQUEST, detail)
    return int(pk)


def _length(request: Request) -> int:
    """Raises `ProtocolError` 400, 413."""
    length = protocol.number(request.headers, "upload-length")
    if length is None or "upload-defer-length" in request.headers:
        detail = "Upload-Length is required; it cannot be deferred."
        raise ProtocolError(HTTPStatus.BAD_REQUEST, detail)
    if length > settings.UPLOAD_MAX_BYTES:
        detail = f"Upload-Length is {settings.UPLOAD_MAX_BYTES} at most."
        raise ProtocolError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, code="too_large")
    return length


async def head(request: Request) -> Answer:
    """A complete upload that was not concluded is concluded."""
    upload = await request.upload()
    offset = upload.length
    if upload.submission is None:
        await asyncio.sleep(HEAD_PAUSE_SECONDS)
        try:
            async with partial.wait_for_lock(upload.pk, seconds=HEAD_WAIT_SECONDS) as file:
                await on_disk(file.sync)
                offset = file.size
                if offset == upload.length:
                    await _conclude(upload, file)
        except Gone:
            upload = await _received(request)
            offset = upload.length
    answer = protocol.state(upload, offset, HTTPStatus.OK)
    answer.headers["Upload-Length"] = str(upload.length)
    if upload.metadata:
        answer.headers["Upload-Metadata"] = upload.metadata
    return answer


async def patch(request: Request) -> Answer:
    """What arrives before a connection breaks is kept."""
    if request.headers.get("content-type") != protocol.BODY_TYPE:
        detail = f"Content-Type must be {protocol.BODY_TYPE}."
        raise ProtocolError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)
    offset = protocol.number(request.headers, "upload-offset")
    if offset is None:
        raise ProtocolError(HTTPStatus.BAD_REQUEST, "Upload-Offset is required.")
    with contextlib.ExitStack() as stack:
        # Locked before the database is read, so that a HEAD that arrives meanwhile waits.
        file: Partial | Busy | Gone
        try:
            file = stack.enter_context(partial.lock(request.upload_id))
        except (Busy, Gone) as error:
            file = error
        upload = await request.upload()
        if isinstance(file, Busy):
            raise file
        if isinstance(file, Partial):
            if offset == file.size < upload.length:
                # Bytes that could not be received in the end need not be sent.
                refusal = await request.refusal()
                # A transfer that was silent has lost the space that it was promised.
                missing = upload.length - offset
                refusal = refusal or space_refusal(disk(), size=missing, is_first=True)
                if refusal is not None:
                    raise Refused(refusal)
            return await _append(request, upload, file, offset=offset)
    upload = await _received(request)
    if offset != upload.length:
        raise _other_offset(upload.length)
    return protocol.state(upload, upload.length, HTTPStatus.NO_CONTENT)


async def delete(request: Request) -> Answer:
    upload = await request.upload(fresh=True)
    if upload.submission is None:
        with contextlib.suppress(Gone):
            async with partial.wait_for_lock(upload.pk, seconds=HEAD_WAIT_SECONDS):
                # Under the lock: a PATCH may have concluded it while this request waited.
                await in_database(upload.refresh_from_db)
                if upload.submission is None:
                    await in_database(uploads.forget, upload.pk, at=clock.now())
                    partial.remove(upload.pk)
    request.forget()
    if upload.submission is not None:
        detail = "It has been received: a deposit is never deleted."
        raise ProtocolError(HTTPStatus.FORBIDDEN, detail, code="received")
    return Answer(HTTPStatus.NO_CONTENT)


async def _append(request: Request, upload: Upload, file: Partial, *, offset: int) -> Answer:
    """Raises `ProtocolError` (400, 409, 413, 460), `Refused`, `OSError`."""
    checksum = protocol.checksum(request.headers.get("upload-checksum"))
    announced = protocol.number(request.headers, "content-length")
    if offset != file.size:
        raise _other_offset(file.size)
    missing = upload.length - offset
    if announced is not None and announced > missing:
        detail = f"Only {missing} bytes are missing of Upload-Length."
        raise ProtocolError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, code="size_exceeded")
    async with sent_ahead(file):
        ended = await take(request.receive, file, at_most=missing)
    metrics.UPLOAD_BYTES.inc(file.size - offset)
    ended = ended or file.size - offset == announced
    if checksum is not None:
        await _verify(file, checksum, start=offset, ended=ended)
    is_whole = file.size == upload.length
    if is_whole or file.size // SYNC_BYTES > offset // SYNC_BYTES:
        await on_disk(file.sync)
    if is_whole:
        await _conclude(upload, file)
    elif not ended:
        detail = "No bytes arrived for a while. What arrived before is kept."
        raise ProtocolError(HTTPStatus.REQUEST_TIMEOUT, detail, code="silence")
    return protocol.state(upload, file.size, HTTPStatus.NO_CONTENT)


async def _conclude(upload: Upload, file: Partial) -> None:
    """The caller holds the lock. Raises `Refused`: the bytes stay until the upload expires."""
    await concluding(deposits.conclude, upload, path=file.path, digest=file.sha256, at=clock.now())
    # After the commit. If the process dies before this, `forget_uploads` removes the file.
    partial.remove(upload.pk)


async def _received(request: Request) -> Upload:
    """Raises `Gone` if no other request has concluded the upload."""
    upload = await request.upload(fresh=True)
    if upload.submission is None:
        raise Gone
    return upload


async def _verify(file: Partial, checksum: bytes, *, start: int, ended: bool) -> None:
    """Raises `ProtocolError` 460. A body that was cut short cannot be verified."""
    if ended and await on_disk(file.checksum, start) == checksum:
        return
    await on_disk(file.truncate, start)
    if ended:
        raise ProtocolError(
            protocol.CHECKSUM_MISMATCH, "The checksum differs.", code="checksum_mismatch"
        )


def _other_offset(size: int) -> ProtocolError:
    return ProtocolError(
        HTTPStatus.CONFLICT, f"The upload is at offset {size}.", code="other_offset"
    )


_ON_ALL: dict[str, Callable[[Request], Awaitable[Answer]]] = {"POST": create}
_ON_ONE: dict[str, Callable[[Request], Awaitable[Answer]]] = {
    "HEAD": head,
    "PATCH": patch,
    "DELETE": delete,
}
