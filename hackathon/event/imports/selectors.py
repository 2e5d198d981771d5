from collections.abc import Mapping
from dataclasses import dataclass, field

from hackathon.base.accounts.models import User
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Department, Edition
from hackathon.event.imports.enums import Field, ImportKind
from hackathon.event.imports.models import ColumnMapping, Import


def remembered_fields(edition: Edition, kind: ImportKind) -> dict[str, Field]:
    mappings = ColumnMapping.objects.filter(edition=edition, kind=kind)
    return {title: Field(field) for title, field in mappings.values_list("title", "field")}


def imports_of(edition: Edition) -> list[Import]:
    """Those that were applied, newest first, without what they wrote. One query."""
    applied = Import.objects.filter(edition=edition, applied_at__isnull=False).select_related("by")
    return list(applied.defer("record", "content"))


def get_draft(edition: Edition, pk: int) -> Import:
    drafts = Import.objects.filter(edition=edition, applied_at__isnull=True)
    return get_or_not_found(drafts, pk=pk)


def rest_of(edition: Edition, by: User) -> Import | None:
    """The rows that `by` set aside at the last import."""
    drafts = Import.objects.filter(edition=edition, by=by, applied_at__isnull=True)
    return drafts.filter(options__is_rest=True).defer("content").first()


def get_import(edition: Edition, pk: int) -> Import:
    done = Import.objects.filter(edition=edition, applied_at__isnull=False)
    return get_or_not_found(done, pk=pk)


@dataclass(frozen=True)
class Options:
    """`department` is that of rows without one. `answers`: the address of a namesake by the key of
    a question. `aside`: why a row is set aside. `may_move`: people may change their department.
    """

    mapping: Mapping[str, Field] = field(default_factory=dict)
    department: Department | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    aside: Mapping[int, str] = field(default_factory=dict)
    may_move: bool = False


def options_of(draft: Import) -> Options:
    stored = draft.options
    departments = Department.objects.filter(edition=draft.edition_id, pk=stored.get("department"))
    return Options(
        mapping={title: Field(name) for title, name in stored.get("mapping", {}).items()},
        department=departments.first(),
        answers=stored.get("answers", {}),
        aside={int(row): why for row, why in stored.get("aside", {}).items()},
        may_move=stored.get("may_move", False),
    )
