from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection

from hackathon.extras.standby import rules
from hackathon.extras.standby.models import Standby
from hackathon.extras.standby.rules import Claim

# The name of the replication slot and of the connection of the second server.
NAME = "ccd_standby"
# `deploy/standby follow` sends what is new every two seconds.
OLD_SECONDS = 30.0


@dataclass(frozen=True)
class Replication:
    """`waits`: PostgreSQL lets a commit wait for the second server, if the transaction asks."""

    connected: bool
    waits: bool
    in_recovery: bool = False


@dataclass(frozen=True)
class State:
    """`server` serves in `epoch`; `serving`: this one does. `seconds_behind`: the age of what is on
    the second server; None: nothing yet.
    """

    server: str
    epoch: int
    serving: bool
    strict: bool
    configured: bool
    connected: bool
    waits: bool
    seconds_behind: float | None
    files_until: datetime | None

    @property
    def problem(self) -> str:
        """In English; empty if nothing is wrong."""
        if not self.connected:
            return "not connected"
        if self.seconds_behind is None:
            return "no copy yet"
        return f"{self.seconds_behind:.0f} s behind" if self.seconds_behind > OLD_SECONDS else ""


def row() -> Standby:
    """One query."""
    return Standby.objects.filter(pk=1).first() or Standby(pk=1)


def is_configured() -> bool:
    return bool(settings.SERVER_NAME)


def has_table() -> bool:
    """False for a new database, before its migrations. One query."""
    return Standby._meta.db_table in connection.introspection.table_names()


def is_strict() -> bool:
    """One query."""
    return row().strict


def replication() -> Replication:
    """One query; the slots may be read by every role."""
    if connection.vendor != "postgresql":
        return Replication(connected=False, waits=False)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = %s AND active),"
            " current_setting('synchronous_standby_names') LIKE %s, pg_is_in_recovery()",
            [NAME, f"%{NAME}%"],
        )
        connected, waits, in_recovery = cursor.fetchone()
    return Replication(connected, waits, in_recovery)


def is_following() -> bool:
    """Whether this is the second server. No query without one."""
    return is_configured() and replication().in_recovery


def claim() -> Claim:
    """Of this server. Two queries; without a second one none."""
    if not is_configured():
        return rules.NEW
    return _claim(row(), replication())


def state(*, at: datetime) -> State:
    """Two queries; without a second server none."""
    if not is_configured():
        return State("", 0, True, False, False, False, False, None, None)
    standby, copied = row(), replication()
    own = _claim(standby, copied)
    instants = (standby.database_until, standby.files_until if _has_files() else at)
    known = [instant for instant in instants if instant is not None]
    behind = (at - min(known)).total_seconds() if len(known) == len(instants) else None
    return State(
        server=own.server,
        epoch=own.epoch,
        serving=own.serving,
        strict=standby.strict,
        configured=True,
        connected=copied.connected,
        waits=copied.waits,
        seconds_behind=None if behind is None else round(max(behind, 0.0), 1),
        files_until=standby.files_until,
    )


def _has_files() -> bool:
    """Files in a bucket are not copied: both servers use the same bucket."""
    return not settings.S3_BUCKET


def _claim(standby: Standby, copied: Replication) -> Claim:
    own = Claim(standby.server, standby.epoch, serving=False)
    serving = not copied.in_recovery and not rules.is_elsewhere(own, settings.SERVER_NAME)
    return Claim(standby.server, standby.epoch, serving)


def position() -> str:
    """Of what PostgreSQL has on its disk now; empty for another database, or the second server."""
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_flush_lsn() END"
        )
        (found,) = cursor.fetchone()
    return found or ""


def has_reached(place: str) -> bool:
    """Whether the second server has everything before `place` on its disk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT restart_lsn >= %s::pg_lsn FROM pg_replication_slots"
            " WHERE slot_name = %s AND active",
            [place, NAME],
        )
        found = cursor.fetchone()
    return bool(found and found[0])
