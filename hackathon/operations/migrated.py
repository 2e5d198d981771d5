import logging
import time

from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

logger = logging.getLogger(__name__)

WAIT_SECONDS = 30.0
RETRY_SECONDS = 1.0


class NotServing(Exception):
    """Why a process must not start."""


def unapplied_migrations() -> list[str]:
    """Raises `DatabaseError`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _backwards in plan]


def require_migrated(*, wait: float = WAIT_SECONDS) -> None:
    """Waits so many seconds for a database that is starting. Raises `NotServing`."""
    until = time.monotonic() + wait
    try:
        while True:
            try:
                missing = unapplied_migrations()
                break
            except DatabaseError as error:
                if time.monotonic() > until:
                    raise NotServing(f"The database does not answer: {error}") from error
                logger.warning("The database does not answer yet: %s", error)
                time.sleep(RETRY_SECONDS)
    finally:
        connections.close_all()
    if missing:
        named = ", ".join(missing[:3]) + (", …" if len(missing) > 3 else "")
        raise NotServing(
            f"The database lacks {len(missing)} migrations ({named}). Run `manage.py migrate`, "
            "then start this process again: it does not serve on a database of another version."
        )


def close_connections() -> None:
    """Also the pools: before a fork, which their threads and sockets do not survive."""
    for wrapper in connections.all(initialized_only=True):
        wrapper.close()
        if hasattr(wrapper, "close_pool"):
            wrapper.close_pool()
