from typing import Any

from django.db.models import Model, QuerySet

from hackathon.base.core.errors import NotFound


def get_or_not_found[M: Model](queryset: QuerySet[M], **lookup: Any) -> M:
    row = queryset.filter(**lookup).first()
    if row is None:
        raise NotFound
    return row
