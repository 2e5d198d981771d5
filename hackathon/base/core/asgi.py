import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from channels.db import database_sync_to_async
from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler
from django.http import FileResponse, HttpRequest, HttpResponseBase

from hackathon.base.core.file_responses import BLOCK, AsyncBlocks

Receive = Callable[[], Awaitable[Mapping[str, Any]]]


class DjangoPages(ASGIHandler):
    """Handles a request in one thread, from the first middleware to the last (decision 22)."""

    def load_middleware(self, is_async: bool = False) -> None:
        # All our middleware is synchronous.
        super().load_middleware(is_async=False)

    async def read_body(self, receive: Receive) -> IO[bytes]:
        """As Django, but a large body is on the disk of the deposits: /tmp may be in memory."""
        body = SpooledTemporaryFile(  # noqa: SIM115 - the handler closes it
            max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE,
            mode="w+b",
            dir=str(settings.FILE_UPLOAD_TEMP_DIR),
        )
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                body.close()
                raise RequestAborted
            block = message.get("body", b"")
            if body.tell() + len(block) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE:  # on the disk
                await asyncio.to_thread(body.write, block)
            else:
                body.write(block)
            more = message.get("more_body", False)
        body.seek(0)
        return cast(IO[bytes], body)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        # Closes the database connection of the thread, also when the client has disconnected.
        answer = database_sync_to_async(self.get_response)
        response = cast(HttpResponseBase, await answer(request))
        if isinstance(response, FileResponse) and not response.is_async:
            # A static file. Django would read it into memory before it sends the first byte.
            file = response.file_to_stream or BytesIO()
            response.streaming_content = AsyncBlocks(partial(file.read, BLOCK), file.close)
        return response
