from collections.abc import Mapping
from dataclasses import dataclass, field

from hackathon.core.selectors import get_or_not_found
from hackathon.editions.models import Department, Edition
from hackathon.imports.enums import Field, ImportKind
from hackathon.imports.models import ColumnMapping, Import


def remembered_fields(edition: Edition, kind: ImportKind) -> dict[str, Field]:
    found = ColumnMapping.objects.filter(edition=edition, kind=kind)
    return {title: Field(field) for title, field in found.values_list("title", "field")}


def imports_of(edition: Edition) -> list[Import]:
    """Those that were applied, newest first, without what they wrote. One query."""
    found = Import.objects.filter(edition=edition, applied_at__isnull=False).select_related("by")
    return list(found.defer("record", "content"))


def get_draft(edition: Edition, pk: int) -> Import:
    drafts = Import.objects.filter(edition=edition, applied_at__isnull=True)
    return get_or_not_found(drafts, pk=pk)


def get_import(edition: Edition, pk: int) -> Import:
    done = Import.objects.filter(edition=edition, applied_at__isnull=False)
    return get_or_not_found(done, pk=pk)


@dataclass(frozen=True)
class Options:
    """`department` is that of rows without one. `answers`: "same" by the key of a question."""

    mapping: Mapping[str, Field] = field(default_factory=dict)
    department: Department | None = None
    answers: Mapping[str, str] = field(default_factory=dict)


def options_of(draft: Import) -> Options:
    kept = draft.options
    departments = Department.objects.filter(edition=draft.edition_id, pk=kept.get("department"))
    return Options(
        mapping={title: Field(name) for title, name in kept.get("mapping", {}).items()},
        department=departments.first(),
        answers=kept.get("answers", {}),
    )
