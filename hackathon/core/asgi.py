"""How pages are made under ASGI."""

from functools import partial
from io import BytesIO
from typing import cast

from channels.db import database_sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import FileResponse, HttpRequest, HttpResponseBase

from hackathon.core.files import BLOCK, AsyncBlocks


class DjangoPages(ASGIHandler):
    """Makes a page in one thread, from the first middleware to the last (decision 22).

    Django's own handler goes back to the event loop between the middleware and the view, and makes
    the page of a fault in some thread of the loop's, whose connection nobody gives back.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        """As under WSGI: all that we have is synchronous."""
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the request's thread, which then gives its connection back.

        Also when the browser has vanished meanwhile and the answer is for nobody any more.
        """
        answer = database_sync_to_async(self.get_response)
        response = cast(HttpResponseBase, await answer(request))
        if isinstance(response, FileResponse) and not response.is_async:
            # A static file: Django would read it whole before the first byte leaves, and warn.
            file = response.file_to_stream or BytesIO()
            response.streaming_content = AsyncBlocks(partial(file.read, BLOCK), file.close)
        return response
