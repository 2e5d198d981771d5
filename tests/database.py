"""The tests' database: migrated once for each state of the migrations, then copied.

On SQLite the first test process migrates and keeps the result in `var/`; each later one, on the
same migrations, begins with a copy. A database server is new for each run, and is migrated.
"""

import hashlib
import os
import shutil
from contextlib import closing
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from pytest_django import DjangoDbBlocker


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Whether pytest-django takes the database that is there. The copy is removed with the data
    directory of the test process.
    """
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Put the copy in place, under the name that this worker's database has."""
    if connection.vendor == "sqlite" and (template := _template()).exists():
        shutil.copyfile(template, connection.settings_dict["TEST"]["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Keep what the migrations made, if nobody had."""
    if connection.vendor == "sqlite" and not (template := _template()).exists():
        for outdated in template.parent.glob("test-template-*"):
            outdated.unlink(missing_ok=True)
        made = template.with_suffix(f".{os.getpid()}")  # another worker may be doing the same
        with django_db_blocker.unblock(), closing(connection.cursor()) as cursor:
            cursor.execute("VACUUM INTO %s", [str(made)])
        made.replace(template)


def pytest_unconfigure() -> None:
    """Remove the data directory that `tests.settings` made for this process."""
    if "CCD_TEST_DATA_DIR" not in os.environ:
        shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


def _template() -> Path:
    """Named after all that decides what the migrations make."""
    digest = hashlib.sha256(django.__version__.encode())
    for app in apps.get_app_configs():
        for migration in sorted(Path(app.path).glob("migrations/*.py")):
            digest.update(migration.read_bytes())
    directory = settings.BASE_DIR / "var"
    directory.mkdir(exist_ok=True)
    return directory / f"test-template-{digest.hexdigest()[:16]}.sqlite3"
