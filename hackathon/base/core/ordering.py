from django.db.models import Model, QuerySet


def move(rows: QuerySet, one: Model, *, up: bool) -> int | None:
    """One place up or down; all are numbered again. Its new position, None if it stays."""
    ordered = list(rows)
    index = next((i for i, other in enumerate(ordered) if other.pk == one.pk), None)
    if index is None:
        return None
    target = index - 1 if up else index + 1
    if not 0 <= target < len(ordered):
        return None
    ordered.insert(target, ordered.pop(index))
    for position, other in enumerate(ordered, start=1):
        other.position = position
    rows.model._base_manager.bulk_update(ordered, ["position"])
    return target + 1
