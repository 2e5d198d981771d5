from hackathon.core.errors import NotFound
from hackathon.editions.models import Edition
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
    draft = Import.objects.filter(edition=edition, pk=pk, applied_at__isnull=True).first()
    if draft is None:
        raise NotFound
    return draft


def get_import(edition: Edition, pk: int) -> Import:
    done = Import.objects.filter(edition=edition, pk=pk, applied_at__isnull=False).first()
    if done is None:
        raise NotFound
    return done
