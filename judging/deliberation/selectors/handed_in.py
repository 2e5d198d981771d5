"""What a department's teams have left out of what they had to hand in."""

from collections.abc import Mapping
from typing import NamedTuple

from hackathon.editions.models import Department
from submissions.deposits import selectors as submissions
from submissions.models import Deliverable


class Lacking(NamedTuple):
    """`received` of `required` deliverables; `names` are those that there is nothing of."""

    received: int
    required: int
    names: list[Deliverable]


def lacking(department: Department) -> Mapping[int, Lacking]:
    """By team id, of those alone that lack something required. What counts is counted."""
    return {
        found.team.pk: Lacking(found.required - len(found.missing), found.required, found.missing)
        for found in submissions.progress(department.edition, department)
        if found.missing
    }
