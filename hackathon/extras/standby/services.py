import time
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import organizer_refusal
from hackathon.event.editions.selectors import is_organizer
from hackathon.extras.standby import boots, peer, rules, selectors
from hackathon.extras.standby.errors import StandbyRefusal
from hackathon.extras.standby.models import Standby
from hackathon.extras.standby.rules import Claim

# A second server that is well has everything within milliseconds.
SOON_SECONDS = 1.0
LOOK_SECONDS = 0.02


@transaction.atomic
def take_over(*, server: str, at: datetime) -> Standby:
    """From now on `server` serves, and no other one. Nothing changes if it does already. It has no
    second server yet, so deposits wait for none.
    """
    standby = _locked()
    if standby.server == server:
        return standby
    standby.server, standby.epoch, standby.strict = server, standby.epoch + 1, False
    standby.files_until = standby.database_until = None
    standby.save()
    _record("standby.taken_over", standby, by=None, at=at, server=server, epoch=standby.epoch)
    return standby


@transaction.atomic
def adopt(found: Claim) -> None:
    """What the other server knows, if it is newer: this one does not serve after a restart either,
    whether or not the other one answers then.
    """
    standby = _locked()
    if found.epoch > standby.epoch:
        standby.server, standby.epoch = found.server, found.epoch
        standby.save(update_fields=["server", "epoch"])


def set_strict(strict: bool, *, by: User | None, at: datetime) -> Standby:
    """`by` None: the operator. Not in a transaction. Raises `Refused`."""
    if by is not None and not (by.is_superuser and by.may_organize):
        check(organizer_refusal(is_organizer=is_organizer(by, Edition.objects.current())))
    if strict:
        _make_postgresql_wait()
    with transaction.atomic():
        standby = _locked()
        if standby.strict != strict:
            standby.strict = strict
            standby.save(update_fields=["strict"])
            act = "standby.strict" if strict else "standby.asynchronous"
            _record(act, standby, by=by, at=at)
    if not strict:
        _release_commits()
    return standby


def note_copies(*, files_until: datetime, at: datetime) -> Standby:
    """All files that were stored before `files_until` are on the second server. Notes that of the
    database too, if everything of `at` arrives within a second.
    """
    changed = {"files_until": files_until}
    place = selectors.position()
    if place and _soon(lambda: selectors.has_reached(place)):
        changed["database_until"] = at
    Standby.objects.get_or_create(pk=1)
    Standby.objects.filter(pk=1).update(**changed)
    return selectors.row()


def start_refusal(*, alone: bool = False) -> str:
    """Why this server, or a process of it, must not start; empty if it may. Asks the other one, and
    waits for it three seconds. Raises `DatabaseError`.
    """
    if not selectors.is_configured():
        return ""
    name = settings.SERVER_NAME
    if not selectors.has_table():
        return rules.start_refusal(rules.NEW, peer.ask(), name=name, alone=True)
    own, found = _claims()
    return rules.start_refusal(own, found, name=name, alone=alone or boots.is_noted())


def stop_reason() -> str:
    """Why this server must not serve any more; empty if it may. Asks the other one, and waits for
    it three seconds.
    """
    if not selectors.is_configured():
        return ""
    return rules.stop_reason(*_claims(), name=settings.SERVER_NAME)


def reason(starts: bool) -> str:
    """Why this process must not serve. Raises `DatabaseError`."""
    return start_refusal() if starts else stop_reason()


def _claims() -> tuple[Claim, Claim | None]:
    """Of this server and of the other one."""
    found, own = peer.ask(), selectors.claim()
    if own.serving and found and rules.is_outdated(own, found, name=settings.SERVER_NAME):
        adopt(found)
    return own, found


def _locked() -> Standby:
    standby, _made = Standby.objects.select_for_update().get_or_create(pk=1)
    return standby


def _soon(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + SOON_SECONDS
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
    return held


def _make_postgresql_wait() -> None:
    """Raises `Refused`: strict without a second server would refuse every deposit."""
    copied = selectors.replication()
    if not copied.connected:
        raise Refused(refuse(StandbyRefusal.NOT_CONNECTED))
    if copied.waits:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{selectors.NAME}'")
            cursor.execute("SELECT pg_reload_conf()")
    except DatabaseError as error:  # only a superuser may, or who was granted it
        raise Refused(refuse(StandbyRefusal.NOT_SYNCHRONOUS)) from error
    _soon(lambda: selectors.replication().waits)  # its processes read their settings again


def _release_commits() -> None:
    """Those that still wait for a second server that is away. What they wrote is kept."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
            " WHERE wait_event = 'SyncRep' AND datname = current_database()"
        )


def _record(act: str, standby: Standby, *, by: User | None, at: datetime, **detail: object) -> None:
    shown = Edition.objects.current()
    detail |= {"edition": shown and shown.pk}
    journal.record(act, standby, by=by, at=at, **detail)
