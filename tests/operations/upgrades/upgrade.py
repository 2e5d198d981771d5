"""Makes the database of CCD_DATABASE_URL as an earlier version left it, from a file in this
folder, upgrades it, and prints what is wrong with it then. A process of its own: the tests'
database is migrated already.

    python -m tests.operations.upgrades.upgrade november_28
"""

import gc
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

# Extras that no edition of these files knew: they stay off until an organizer wants them.
MADE_LATER = {"emergency", "photographs", "presence", "running_order", "voices"}


def main(name: str) -> None:
    left = json.loads(Path(__file__).with_name(f"{name}.json").read_text())
    executor = MigrationExecutor(connection)
    # Sorted: of each app the last one stays.
    last_ones = dict(migration.split(".", 1) for migration in left["migrations"])
    # Without those of extras that are not installed.
    installed = {label for label, _name in executor.loader.disk_migrations}
    last_ones = {label: last_ones[label] for label in last_ones if label in installed}
    then = executor.migrate(list(last_ones.items())).apps
    by_table = {model._meta.db_table: model for model in then.get_models(include_auto_created=True)}
    with transaction.atomic():  # foreign keys are checked at its end
        tables = {table: rows for table, rows in left["tables"].items() if table in by_table}
        for table, rows in tables.items():
            _fill(by_table[table], rows)

    call_command("migrate", interactive=False, verbosity=0)

    for problem in _problems(tables):
        print(problem)


def _fill(model: type[models.Model], rows: list[dict[str, Any]]) -> None:
    fields = {field.column: field for field in model._meta.concrete_fields}
    model._base_manager.bulk_create(
        model(**{fields[column].attname: _value(fields[column], row[column]) for column in row})
        for row in rows
    )


def _value(field: Any, raw: Any) -> Any:
    """`raw`: as SQLite returned it."""
    if raw is None:
        return None
    if isinstance(raw, dict):
        return bytes.fromhex(raw["bytes"])
    if isinstance(field, models.JSONField):
        return json.loads(raw)
    if isinstance(field, models.DateTimeField):
        return datetime.fromisoformat(raw).replace(tzinfo=UTC)
    return field.to_python(raw) if not field.is_relation else raw


def _count(table: str) -> int:
    """Also of one whose model is of an extra that is not installed."""
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(table)
        cursor.execute(f"SELECT COUNT(*) FROM {name}")  # noqa: S608 - of a file of this folder
        return int(cursor.fetchone()[0])


def _problems(tables: dict[str, list[dict[str, Any]]]) -> list[str]:
    from django.conf import settings
    from django.test import Client

    from hackathon.base.accounts.models import User
    from hackathon.base.core import extras
    from hackathon.event.editions.models import Edition

    settings.ALLOWED_HOSTS = ["testserver"]
    problems = []
    for table, rows in tables.items():
        if _count(table) < len(rows):
            problems.append(f"{table}: {_count(table)} of {len(rows)} rows")
    for edition in Edition.objects.filter(results_published_at=None):
        if set(edition.extras) != set(extras.installed()) - MADE_LATER:
            problems.append(f"{edition.slug} uses {edition.extras}")
    for person in (None, *User.objects.all()):
        client = Client()
        if person is not None:
            client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        for page in ("/", "/sujets/", "/rendu/", "/equipe/", "/jury/", "/organisation/"):
            status = client.get(page).status_code
            if status >= 500:
                problems.append(f"{page} for {person}: {status}")
    return problems


if __name__ == "__main__":
    django.setup()
    gc.disable()  # it takes a third of the time of migrations
    main(sys.argv[1])
