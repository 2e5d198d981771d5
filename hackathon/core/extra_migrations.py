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
