"""What existing editions keep when an extra is installed, or a part of the core becomes one."""

from collections.abc import Callable
from typing import Any

from django.db.migrations import RunPython


def switched_on(name: str, is_used: Callable[[Any, int], bool]) -> RunPython:
    """On in the editions that use it, and in those whose results are not published.

    `is_used` gets the historical apps and the primary key of an edition.
    """

    def forwards(apps: Any, _schema: Any) -> None:
        for edition in apps.get_model("editions", "Edition").objects.all():
            coming = edition.results_published_at is None
            if name not in edition.extras and (coming or is_used(apps, edition.pk)):
                edition.extras = [*edition.extras, name]
                edition.save(update_fields=["extras"])

    return RunPython(forwards, RunPython.noop)


def dropped_if_empty(app: str, *models: str) -> RunPython:
    """The tables of these models, whose app gives them to an extra. A table with rows stays for it.
    Where the extra is not installed, an empty table without a model must not refer to others.
    """

    def forwards(apps: Any, schema: Any) -> None:
        for model in (apps.get_model(app, name) for name in models):
            if not model.objects.exists():
                schema.delete_model(model)

    return RunPython(forwards, RunPython.noop)


def created_if_missing(app: str, *models: str) -> RunPython:
    """The tables of these models of an extra, unless an app of the core has left them."""

    def forwards(apps: Any, schema: Any) -> None:
        there = schema.connection.introspection.table_names()
        for model in (apps.get_model(app, name) for name in models):
            if model._meta.db_table not in there:
                schema.create_model(model)

    return RunPython(forwards, RunPython.noop)
