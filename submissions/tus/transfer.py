"""HEAD, PATCH and DELETE of one upload."""

import asyncio
import contextlib
from http import HTTPStatus

from hackathon.core import clock
from hackathon.core.errors import check
from submissions.enums import Part
from submissions.models import Upload
from submissions.transfers import partial
from submissions.transfers import services as uploads
from submissions.transfers.partial import Busy, Gone, Partial
from submissions.tus import answers, protocol
from submissions.tus.ahead import sent_ahead
from submissions.tus.answers import Answer
from submissions.tus.context import Context, in_database
from submissions.tus.intake import on_disk, take
from submissions.tus.protocol import ProtocolError

# How long a question waits for a transfer that is still draining. Clients give up after thirty.
HEAD_WAIT_SECONDS = 20.0
# And before it is asked at all: what was sent over another connection just before may still have to
# be accepted, and would come in after an answer that does not count it.
HEAD_PAUSE_SECONDS = 0.05
# What has come is on the disk before anybody is told that an upload is whole, or how far it is; in
# between, after so many bytes: no end of a large file waits long, and each chunk need not wait.
SYNC_BYTES = 64 * 1024 * 1024


async def head(context: Context) -> Answer:
    """How much is durably stored. A whole upload that was never concluded is concluded now."""
    upload = await context.upload()
    offset = upload.length
    if not upload.is_over:
        await asyncio.sleep(HEAD_PAUSE_SECONDS)
        try:
            async with partial.awaited(upload.pk, seconds=HEAD_WAIT_SECONDS) as file:
                await on_disk(file.sync)
                offset = file.size
                if offset == upload.length:
                    await conclude(upload, file)
        except Gone:
            upload = await _after_all(context)
            offset = upload.length
    answer = answers.state(upload, offset, HTTPStatus.OK)
    answer.headers["Upload-Length"] = str(upload.length)
    if upload.part == Part.JOINED and offset != upload.length:
        del answer.headers["Upload-Offset"]  # it is not for the client to go on with
    if upload.metadata:
        answer.headers["Upload-Metadata"] = upload.metadata
    if upload.concat:
        answer.headers["Upload-Concat"] = upload.concat
    return answer


async def patch(context: Context) -> Answer:
    """Take the bytes that follow. All that comes before a connection breaks is kept."""
    if context.headers.get("content-type") != protocol.BODY_TYPE:
        detail = f"Content-Type must be {protocol.BODY_TYPE}."
        raise ProtocolError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail)
    offset = protocol.number(context.headers, "upload-offset")
    if offset is None:
        raise ProtocolError(HTTPStatus.BAD_REQUEST, "Upload-Offset is needed.")
    with contextlib.ExitStack() as lock:
        # Before anybody is asked anything: a HEAD that comes from now on waits for these bytes.
        file: Partial | Busy | Gone
        try:
            file = lock.enter_context(partial.held(context.upload_id))
        except (Busy, Gone) as error:
            file = error
        upload = await context.upload()
        if upload.part == Part.JOINED:
            detail = "What was joined from parts takes no bytes."
            raise ProtocolError(HTTPStatus.FORBIDDEN, detail, code="joined")
        if isinstance(file, Busy):
            raise file
        if isinstance(file, Partial):
            return await append(context, upload, file, offset=offset)
    upload = await _after_all(context)
    if offset != upload.length:
        raise _other_offset(upload.length)
    return answers.state(upload, upload.length, HTTPStatus.NO_CONTENT)


async def delete(context: Context) -> Answer:
    """Give an upload up. What has been received stays received."""
    upload = await context.upload(fresh=True)
    if upload.submission is None:
        with contextlib.suppress(Gone):
            async with partial.awaited(upload.pk, seconds=HEAD_WAIT_SECONDS):
                await in_database(upload.refresh_from_db)
                if upload.submission is None:
                    await in_database(uploads.forget, [upload.pk])
                    partial.remove(upload.pk)
    context.forget()
    if upload.submission is not None:
        detail = "It has been received: a deposit is never deleted."
        raise ProtocolError(HTTPStatus.FORBIDDEN, detail, code="received")
    return Answer(HTTPStatus.NO_CONTENT)


async def append(context: Context, upload: Upload, file: Partial, *, offset: int = 0) -> Answer:
    """Append the request's body at `offset`; conclude when it is the last of it.

    Raises `ProtocolError` (400, 409, 413, 460), `Refused`, `OSError`.
    """
    checksum = protocol.checksum(context.headers.get("upload-checksum"))
    announced = protocol.number(context.headers, "content-length")
    if offset != file.size:
        raise _other_offset(file.size)
    room = upload.length - offset
    if announced is not None and announced > room:
        detail = f"Upload-Length leaves room for {room} bytes."
        raise ProtocolError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail, code="size_exceeded")
    if room:
        check(await context.refusal())
    async with sent_ahead(file) if upload.part == Part.WHOLE else contextlib.nullcontext():
        ended = await take(context.receive, file, room=room)
    ended = ended or file.size - offset == announced
    if checksum is not None:
        await _verify(file, checksum, start=offset, ended=ended)
    is_whole = file.size == upload.length
    if is_whole or file.size // SYNC_BYTES > offset // SYNC_BYTES:
        await on_disk(file.sync)
    if is_whole:
        await conclude(upload, file)
    elif not ended:
        detail = "Nothing came for a while. What came before is kept."
        raise ProtocolError(HTTPStatus.REQUEST_TIMEOUT, detail, code="silence")
    return answers.state(upload, file.size, HTTPStatus.NO_CONTENT)


async def conclude(upload: Upload, file: Partial) -> None:
    """Make a whole upload a submission; `upload.submission` has it. A part only waits.

    The caller holds the lock. Raises `Refused`: the bytes stay until the upload expires, since a
    delay can still be granted.
    """
    if upload.part == Part.PART:
        return
    await in_database(uploads.conclude, upload, path=file.path, digest=file.sha256, at=clock.now())
    partial.remove(upload.pk)


async def _after_all(context: Context) -> Upload:
    """The upload whose partial file is gone: received by another request. Raises `Gone` if lost."""
    upload = await context.upload(fresh=True)
    if not upload.is_over:
        raise Gone
    return upload


async def _verify(file: Partial, checksum: protocol.Checksum, *, start: int, ended: bool) -> None:
    """Keep what came only if it hashes as announced; of a body that was cut nobody can tell."""
    if ended and await on_disk(file.checksum, checksum.algorithm, start) == checksum.digest:
        return
    await on_disk(file.cut, start)
    if ended:
        raise ProtocolError(
            protocol.CHECKSUM_MISMATCH, "The checksum does not fit.", code="checksum_mismatch"
        )


def _other_offset(size: int) -> ProtocolError:
    return ProtocolError(
        HTTPStatus.CONFLICT, f"The upload is at offset {size}.", code="other_offset"
    )
