"""The ASGI application. With `make run` one process serves everything. In production processes of
this application serve `/ws/` and `/uploads/` only.
"""

import asyncio
import os
import sys
from typing import Any

import django
from channels.routing import ProtocolTypeRouter
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hackathon.settings")

# The event loop releases the interpreter's lock with each write to a socket. With the usual 5 ms a
# thread that renders a page would delay a message to 400 sockets by up to two seconds.
sys.setswitchinterval(0.0005)

django.setup(set_prefix=False)  # the imports below need its apps

from hackathon.base.accounts.body_limits import limit_asgi
from hackathon.base.core.asgi import DjangoPages
from hackathon.base.core.background import EmbeddedWorker, site_load
from hackathon.base.core.clock import stamp_asgi
from hackathon.base.core.failures import keep_sqlite_open
from hackathon.base.live.hub import hub
from hackathon.routing import websocket
from hackathon.run.operations import heartbeats, warm_up
from hackathon.run.operations.enums import ProcessKind
from hackathon.run.operations.migrated import NotServing, require_migrated
from submissions.tus import application as uploads

pages = limit_asgi(DjangoPages())


async def http(scope: dict[str, Any], receive: Any, send: Any) -> None:
    # Not through Django: its handler reads a whole request body before it calls a view.
    path = scope["path"]
    handler = uploads if path == "/uploads" or path.startswith("/uploads/") else pages
    with site_load.request():
        await handler(scope, receive, send)


async def lifespan(scope: dict[str, Any], receive: Any, send: Any) -> None:
    worker = EmbeddedWorker()
    heartbeat = kept_open = None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            try:
                await asyncio.to_thread(require_migrated)
            except NotServing as error:
                await send({"type": "lifespan.startup.failed", "message": str(error)})
                return
            if settings.PROCESS == ProcessKind.LIVE:
                await asyncio.to_thread(warm_up.import_views)
                await asyncio.to_thread(warm_up.compile_templates)
            kept_open = await asyncio.to_thread(keep_sqlite_open)
            if settings.PROCESS != ProcessKind.UPLOADS:  # it has no sockets
                await hub.start()
            await asyncio.to_thread(worker.start)  # Celery uses the database
            heartbeat = heartbeats.start("site")
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            worker.stop()
            if heartbeat is not None:
                await asyncio.to_thread(heartbeat.stop)
            if kept_open is not None:
                kept_open.close()
            await send({"type": "lifespan.shutdown.complete"})
            return


application = ProtocolTypeRouter(
    {"http": stamp_asgi(http), "websocket": websocket, "lifespan": lifespan}
)
