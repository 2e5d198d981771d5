"""Worker and beat: they refuse to start on an unmigrated database, and give signs of life."""

import time
from typing import Any

from celery import signals
from django.conf import settings

from hackathon.run.operations import heartbeats
from hackathon.run.operations.migrated import NotServing, close_connections, require_migrated
from hackathon.run.operations.scheduler import last_tick

# A worker sends an event of its own every two seconds, from the loop that takes tasks, as long as
# it is connected to Redis.
STUCK_SECONDS = 30.0

_last_event = 0.0


@signals.setup_logging.connect
def keep_logging(**_: Any) -> None:
    """A receiver of this signal keeps Celery from its own handlers, in another format and zone."""


@signals.celeryd_init.connect
@signals.beat_init.connect
def refuse_unmigrated(**_: Any) -> None:
    if not settings.REDIS_URL:
        return  # the embedded worker: its process has checked it
    try:
        require_migrated()
    except NotServing as error:
        raise SystemExit(str(error)) from None
    finally:
        close_connections()


@signals.worker_ready.connect
def start_worker_heartbeat(sender: Any, **_: Any) -> None:
    note_event()
    # Without a pool afterwards: the process forks again when a child dies.
    heartbeats.start(
        "worker", lambda: time.monotonic() - _last_event < STUCK_SECONDS, close_connections
    )


@signals.heartbeat_sent.connect
def note_event(**_: Any) -> None:
    global _last_event
    _last_event = time.monotonic()


@signals.beat_init.connect
def start_beat_heartbeat(**_: Any) -> None:
    heartbeats.start("beat", lambda: time.monotonic() - last_tick() < STUCK_SECONDS)
