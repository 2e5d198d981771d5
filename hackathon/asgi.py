"""The ASGI door. Embedded, this one process serves everything: pages, API, sockets and, without
Redis, the background work; in production it serves `/ws/` and, as processes of their own,
`/uploads/`.
"""

import asyncio
import os
from typing import Any

import django
from channels.routing import ProtocolTypeRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hackathon.settings")

django.setup(set_prefix=False)  # the imports below need its apps

from hackathon.core.asgi import DjangoPages
from hackathon.core.background import EmbeddedWorker
from hackathon.core.clock import stamp_asgi
from hackathon.core.sockets.hub import hub
from hackathon.routing import websocket
from submissions.tus import application as uploads

pages = DjangoPages()


async def http(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Uploads stream past Django, whose handler would take a whole body before a view sees it.

    Without its slash the address is none, and their own door says so, in the words of tus.
    """
    path = scope["path"]
    door = uploads if path == "/uploads" or path.startswith("/uploads/") else pages
    await door(scope, receive, send)


async def lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Start and stop what lives as long as the process: the hub's subscription, embedded work."""
    worker = EmbeddedWorker()
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await hub.start()
            await asyncio.to_thread(worker.start)  # Celery looks at the database as it starts
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            worker.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


application = ProtocolTypeRouter(
    {"http": stamp_asgi(http), "websocket": websocket, "lifespan": lifespan}
)
