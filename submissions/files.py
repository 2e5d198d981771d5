"""The MIME type of a deposit, and the responses with its bytes."""

import mimetypes
import re
from pathlib import PurePosixPath

import puremagic
from django.core.files import File
from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponseBase

from hackathon.core.files import INLINE_TYPES, OPAQUE, file_response
from submissions.models import Inspection, Submission

HEAD_BYTES = 8192


def content_type_of(file: File, filename: str) -> str:
    """The MIME type by the first bytes of the file, or else by its name.

    Types that pages show inline are recognized by the bytes only, because a name can lie.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    extension = _plain_extension(filename)
    by_content = _type_of_bytes(head, extension)
    by_name = mimetypes.guess_type(f"_{extension}")[0]
    if by_content in INLINE_TYPES or by_name is None or by_name in INLINE_TYPES:
        return by_content or OPAQUE
    # Office documents are ZIP archives, and source code is text: here the name is more precise.
    return by_name


def content_response(
    submission: Submission, request: HttpRequest, *, inline: bool
) -> HttpResponseBase:
    """The bytes that were handed in. The caller checks the permission.

    Files are shown inline if that is asked for and safe. Links and texts are always downloads of
    their UTF-8 bytes.
    """
    if submission.file:
        return file_response(
            submission.file,
            filename=submission.filename,
            content_type=submission.content_type,
            inline=inline,
            request=request,
            digest=submission.sha256,
        )
    content = (submission.url or submission.text).encode()
    response = file_response(
        ContentFile(content),
        filename=download_name(submission),
        content_type=submission.content_type,
        inline=False,
        request=request,
        digest=submission.sha256,
    )
    if "Content-Type" in response:
        # `file_response` gives downloads an unknown type. A text is harmless.
        response["Content-Type"] = "text/plain; charset=utf-8"
    return response


def thumbnail_response(submission: Submission, request: HttpRequest) -> HttpResponseBase:
    """The caller checks the permission. Raises `Http404` if there is no thumbnail."""
    inspection: Inspection | None = getattr(submission, "inspection", None)
    picture = inspection.thumbnail if inspection else None
    if not picture or not picture.storage.exists(picture.name or ""):
        raise Http404
    return file_response(
        picture, filename="apercu.webp", content_type="image/webp", inline=True, request=request
    )


def download_name(submission: Submission) -> str:
    return submission.filename or f"{submission.deliverable.name}.txt"


def _plain_extension(filename: str) -> str:
    """« .pdf » in lower case; empty if it contains other signs than letters and digits."""
    suffix = PurePosixPath(filename).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""


def _type_of_bytes(head: bytes, extension: str) -> str | None:
    try:
        # Not the real file name: puremagic would read a file of that name from the server's disk.
        matches = puremagic.magic_string(head, f"deposit{extension}")
    except (puremagic.PureError, ValueError):
        return None
    # A match without `byte_match` is by the extension only.
    return next((m.mime_type for m in matches if m.byte_match and m.mime_type), None)
