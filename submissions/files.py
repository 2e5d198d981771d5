"""Responses with the bytes of a deposit."""

from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponseBase

from hackathon.core.files import file_response
from submissions.models import Inspection, Submission


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
