from functools import partial
from io import BytesIO
from typing import cast

from channels.db import database_sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import FileResponse, HttpRequest, HttpResponseBase

from hackathon.core.file_responses import BLOCK, AsyncBlocks


class DjangoPages(ASGIHandler):
    """Handles a request in one thread, from the first middleware to the last (decision 22)."""

    def load_middleware(self, is_async: bool = False) -> None:
        # All our middleware is synchronous.
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        # Closes the database connection of the thread, also when the client has disconnected.
        answer = database_sync_to_async(self.get_response)
        response = cast(HttpResponseBase, await answer(request))
        if isinstance(response, FileResponse) and not response.is_async:
            # A static file. Django would read it into memory before it sends the first byte.
            file = response.file_to_stream or BytesIO()
            response.streaming_content = AsyncBlocks(partial(file.read, BLOCK), file.close)
        return response
