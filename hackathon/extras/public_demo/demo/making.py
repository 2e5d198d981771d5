"""Erases everything, and makes the demonstration again."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import connection, transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import disk, journal
from hackathon.base.core.models import JournalRelease
from hackathon.base.live.messages import refresh_all_rights
from hackathon.extras.public_demo.models import PublicDemo
from hackathon.run.demo import build
from hackathon.run.demo.day import Day, DemoPhase
from submissions.models import Deliverable

KEPT = ("django_migrations", "django_content_type", "auth_permission")


@transaction.atomic
def reset(*, at: datetime) -> None:
    """Others read what was there until the commit; their pages wait since it was asked for."""
    demo = PublicDemo.objects.select_for_update().filter(resetting_at__isnull=False).first()
    if demo is None:
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
