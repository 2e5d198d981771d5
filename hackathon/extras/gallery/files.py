from django.http import HttpRequest, HttpResponseBase

from hackathon.extras.gallery.selectors import Item
from submissions.files import content_response, copy_response, thumbnail_response


def content(item: Item, request: HttpRequest, *, inline: bool) -> HttpResponseBase:
    return _revalidated(content_response(item.submission, request, inline=inline))


def thumbnail(item: Item, request: HttpRequest) -> HttpResponseBase:
    return _revalidated(thumbnail_response(item.submission, request))


def copy(item: Item, request: HttpRequest) -> HttpResponseBase:
    return _revalidated(copy_response(item.submission, request))


def _revalidated(response: HttpResponseBase) -> HttpResponseBase:
    """The browser asks again each time: a member may have withdrawn the consent."""
    response["Cache-Control"] = "private, no-cache"
    return response
