from django.http import HttpRequest, HttpResponseBase

from hackathon.base.core.file_responses import file_response
from hackathon.extras.photographs.models import Photograph

KINDS = {"large": ("photo.jpg", "image/jpeg"), "small": ("photo.webp", "image/webp")}


def picture(photograph: Photograph, size: str, request: HttpRequest) -> HttpResponseBase:
    """The caller has checked who may see it. The browser asks again each time: somebody may have
    withdrawn.
    """
    filename, kind = KINDS[size]
    response = file_response(
        getattr(photograph, size),
        filename=filename,
        content_type=kind,
        inline=True,
        request=request,
        digest=f"{photograph.pk}.{size}",
    )
    response["Cache-Control"] = "private, no-cache"
    return response
