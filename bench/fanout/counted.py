"""The site with a counter of its SQL statements: `GET /queries`."""

import os
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hackathon.settings")

from django.db.backends.signals import connection_created

from hackathon.asgi import application as site

executed = 0


def count(execute: Callable[..., Any], *arguments: Any) -> Any:
    global executed
    executed += 1
    return execute(*arguments)


def watch(connection: Any, **_: Any) -> None:
    if count not in connection.execute_wrappers:
        connection.execute_wrappers.append(count)


connection_created.connect(watch)


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] == "http" and scope["path"] == "/queries":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": str(executed).encode()})
    else:
        await site(scope, receive, send)
