"""What a deposit is made of, as bytes: its type, and giving them back exactly."""

import mimetypes
import re
from pathlib import PurePosixPath

import puremagic
from django.core.files import File
from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponseBase

from hackathon.core.file_responses import INLINE_TYPES, OPAQUE, file_response
from submissions.models import Inspection, Submission

HEAD_BYTES = 8192


def content_type_of(file: File, filename: str) -> str:
    """The MIME type by what the file begins with, or else by its name. Never refuses.

    A page shows a type inline only if the bytes themselves said so, whatever the name pretends.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(0)
    extension = _plain_extension(filename)
    by_content = _type_of_bytes(head, extension)
    by_name = mimetypes.guess_type(f"_{extension}")[0]
    if by_content in INLINE_TYPES or by_name is None or by_name in INLINE_TYPES:
        return by_content or OPAQUE
    # Office documents, archives and sources share their first bytes: there the name knows better.
    return by_name


def content_response(
    submission: Submission, request: HttpRequest, *, inline: bool
) -> HttpResponseBase:
    """The exact bytes that were handed in; the caller has checked that this person may read them.

    Files are shown inline where that is asked and safe; links and texts are always downloads of
    their UTF-8 bytes, those that `size` and `sha256` speak of.
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
        # Harmless to name, as a download; the ground calls every type unknown that it cannot show.
        response["Content-Type"] = "text/plain; charset=utf-8"
    return response


def thumbnail_response(submission: Submission, request: HttpRequest) -> HttpResponseBase:
    """The small picture of it; the caller has checked that this person may read the submission.

    Raises `Http404` where there is none, or where it was lost: it can be made again.
    """
    inspection: Inspection | None = getattr(submission, "inspection", None)
    picture = inspection.thumbnail if inspection else None
    if not picture or not picture.storage.exists(picture.name or ""):
        raise Http404
    return file_response(
        picture, filename="apercu.webp", content_type="image/webp", inline=True, request=request
    )


def download_name(submission: Submission) -> str:
    """The name under which it is saved: its own, or what was asked for."""
    return submission.filename or f"{submission.deliverable.name}.txt"


def _plain_extension(filename: str) -> str:
    """« .pdf », lower case; empty if what follows the last dot is no plain extension."""
    suffix = PurePosixPath(filename).suffix.lower()
    return suffix if re.fullmatch(r"\.[a-z0-9]{1,8}", suffix) else ""


def _type_of_bytes(head: bytes, extension: str) -> str | None:
    try:
        # Not the student's file name: puremagic would read a file of that name from our disk.
        matches = puremagic.magic_string(head, f"deposit{extension}")
    except (puremagic.PureError, ValueError):
        return None
    # A match without bytes is one by extension alone.
    return next((m.mime_type for m in matches if m.byte_match and m.mime_type), None)
