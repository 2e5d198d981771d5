from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponseBase

from hackathon.base.core.file_responses import file_response
from submissions.models import Inspection, Submission


def content_response(
    submission: Submission, request: HttpRequest, *, inline: bool
) -> HttpResponseBase:
    """The caller checks the permission. Only files can be shown inline."""
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
        picture,
        filename="apercu.webp",
        content_type="image/webp",
        inline=True,
        request=request,
        digest=f"{submission.sha256}.apercu",
    )


def copy_response(submission: Submission, request: HttpRequest) -> HttpResponseBase:
    """The copy for reading. The caller checks the permission. Raises `Http404` without one."""
    inspection: Inspection | None = getattr(submission, "inspection", None)
    copy = inspection.reading_copy if inspection else None
    if not copy or not copy.storage.exists(copy.name or ""):
        raise Http404
    return file_response(
        copy,
        filename="copie.mp4",
        content_type="video/mp4",
        inline=True,
        request=request,
        digest=f"{submission.sha256}.copie",
    )


def download_name(submission: Submission) -> str:
    return submission.filename or f"{submission.deliverable.name}.txt"
