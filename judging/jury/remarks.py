"""What jurors write to teams. No access check here: before the publication only the jury reads it.

A letter has the remarks of finished sheets that count.
"""

from collections import defaultdict
from collections.abc import Iterable

from judging.models import Remark, ScoreSheet


def remarks_of(sheets: Iterable[ScoreSheet]) -> dict[int, list[Remark]]:
    """By team id, in the order of criteria and sheets. One query."""
    known = {sheet.pk: sheet for sheet in sheets}
    rows = Remark.objects.written().filter(sheet__in=known).select_related("criterion")
    remarks = defaultdict(list)
    for remark in rows.order_by("criterion__position", "criterion", "sheet"):
        remark.sheet = known[remark.sheet_id]
        remarks[remark.sheet.team_id].append(remark)
    return remarks
