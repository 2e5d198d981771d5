import logging
import time

from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from hackathon.base.core import serving

logger = logging.getLogger(__name__)

WAIT_SECONDS = 30.0
RETRY_SECONDS = 1.0
OLDER = (
    "This database was made by a version of before 26 November 2026 ({}): it cannot be upgraded, "
    "and nothing was changed. Keep that version for it, and begin with an empty database: another "
    "CCD_DATABASE_URL or CCD_DATA_DIR (docs/operations.md, Upgrades)."
)
NEWER = (
    "This database was made by a newer version of the site ({}). Nothing was changed: install that "
    "version, or restore the backup that was made before the upgrade."
)


class NotServing(Exception):
    """Why a process must not start."""


class OtherDatabase(Exception):
    """Why the migrations of this version must not run on it."""


def unapplied_migrations() -> list[str]:
    """Raises `DatabaseError`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _backwards in plan]


def require_upgradable() -> None:
    """Raises `OtherDatabase`, `DatabaseError`. Databases of before 26 November 2026 have other
    first migrations under the same names, and so say that tables exist which they lack.
    """
    loader = MigrationExecutor(connection).loader
    labels = {label for label, _name in loader.disk_migrations}
    ours = [node for node in loader.applied_migrations if node[0] in labels]
    if unknown := sorted(set(ours) - set(loader.disk_migrations)):
        is_newer = set(loader.disk_migrations) <= set(ours)
        named = ".".join(unknown[0])
        raise OtherDatabase(NEWER.format(named) if is_newer else OLDER.format(named))
    known = [node for node in ours if node in loader.graph.nodes]  # without replaced ones
    tables = {
        model.options.get("db_table", f"{model.app_label}_{model.name_lower}")
        for model in loader.project_state(known).models.values()
        if not {"proxy", "swappable"} & set(model.options)
    }
    if missing := sorted(tables - set(connection.introspection.table_names())):
        raise OtherDatabase(OLDER.format(f"table {missing[0]}"))


def require_migrated(*, wait: float = WAIT_SECONDS) -> None:
    """Waits so many seconds for a database that is starting. Raises `NotServing`, also if another
    server has taken over or may have. The second server starts, says that it does not serve, and is
    warm.
    """
    until = time.monotonic() + wait
    try:
        while True:
            try:
                missing = unapplied_migrations()
                elsewhere = "" if missing else serving.start_refusal()
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
    if elsewhere:
        raise NotServing(elsewhere)


def close_connections() -> None:
    """Also the pools: before a fork, which their threads and sockets do not survive."""
    for wrapper in connections.all(initialized_only=True):
        wrapper.close()
        if hasattr(wrapper, "close_pool"):
            wrapper.close_pool()
