"""Who visitors are, and how everything they did is erased."""

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import connection, transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import disk, journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import check, refuse
from hackathon.base.core.models import JournalRelease
from hackathon.base.live.messages import refresh_all_rights
from hackathon.event.editions.models import Edition
from hackathon.extras.public_demo import rules, selectors, tasks
from hackathon.extras.public_demo.enums import Role
from hackathon.extras.public_demo.errors import PublicDemoRefusal
from hackathon.extras.public_demo.models import PublicDemo
from hackathon.run.demo import build
from hackathon.run.demo.day import Day, DemoPhase
from hackathon.run.demo.people import DOMAIN
from submissions.models import Deliverable

logger = logging.getLogger(__name__)

ORGANIZERS = 200  # accounts; afterwards visitors share them
KEPT = ("django_migrations", "django_content_type", "auth_permission")


@transaction.atomic
def account_for(role: Role, mine: Mapping[str, int], *, at: datetime) -> User | None:
    """`mine`: accounts that this visitor had before, by role. Each organizer has their own, so that
    an edition of their own is theirs.
    """
    demo = _locked()
    found = selectors.accounts_of(role, demo.edition_pk)
    user = found.filter(pk=mine.get(role, 0)).first()
    edition = Edition.objects.filter(pk=demo.edition_pk or 0).first()
    visitors = User.objects.filter(email__startswith="visite-").count()
    if user is None and role == Role.ORGANIZER and edition and visitors < ORGANIZERS:
        number = visitors + 1
        user = User(email=f"visite-{number}@{DOMAIN}", name=f"Visite {number}")
        user.set_unusable_password()
        user.save()
        edition.organizers.add(user)
    user = user or found.first()
    if user is not None:
        user.last_login = at  # the next visitor gets another account
        user.save(update_fields=["last_login"])
    return user


@transaction.atomic
def ask_for_reset(moment: str, *, at: datetime) -> None:
    """Raises `Refused`."""
    demo = _locked()
    if moment not in DemoPhase.values:
        check(refuse(PublicDemoRefusal.UNKNOWN_MOMENT))
    check(rules.reset_refusal(demo, at=at))
    if not rules.is_resetting(demo, at=at):
        _begin(demo, moment, at=at)


@transaction.atomic
def reset_if_due(*, at: datetime) -> None:
    demo = _locked()
    if not rules.is_due(demo, at=at) or rules.is_resetting(demo, at=at):
        return
    if demo.made_at is None and not selectors.is_only_demo():
        logger.error("CCD_PUBLIC_DEMO needs a database of its own: this one was not touched.")
        return
    _begin(demo, DemoPhase.RUNNING, at=at)


def _begin(demo: PublicDemo, moment: str, *, at: datetime) -> None:
    demo.resetting_at, demo.moment = at, moment
    demo.save()
    enqueue(tasks.reset)


@transaction.atomic
def reset(*, at: datetime) -> None:
    """Erases everything and makes the edition again. Others read what was there until the commit;
    pages wait from the instant on at which it was asked for.
    """
    demo = _locked()
    if demo.resetting_at is None:
        return
    former = disk.files()
    _erase()
    phase = DemoPhase(demo.moment)
    day = Day.until_tonight(at) if phase == DemoPhase.RUNNING else Day.around(at, phase)
    edition = build.create(phase, at=at, day=day)
    # Accounts without a password are not asked for one, and visitors get them by a button only.
    User.objects.update(password=make_password(None))
    User.objects.filter(is_superuser=True).update(is_active=False)
    large = Deliverable.objects.filter(max_bytes__gt=settings.UPLOAD_MAX_BYTES)
    large.update(max_bytes=settings.UPLOAD_MAX_BYTES)
    demo.edition_pk, demo.made_at, demo.resetting_at = edition.pk, at, None
    demo.save()
    refresh_all_rights()
    transaction.on_commit(cache.clear)
    transaction.on_commit(lambda: _delete(former))


def _locked() -> PublicDemo:
    return PublicDemo.objects.select_for_update().get_or_create(pk=1)[0]


def _erase() -> None:
    """Keys are not used again, so that no open page takes new rows for those that it showed."""
    kept = {*KEPT, PublicDemo._meta.db_table, JournalRelease._meta.db_table}
    with journal.released(), connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            if table not in kept:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608 - of our own models


def _delete(files: list[Path]) -> None:
    for path in files:
        path.unlink(missing_ok=True)
