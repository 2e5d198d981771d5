from collections.abc import Mapping
from typing import NamedTuple

from hackathon.event.editions.models import Department
from submissions.models import Deliverable
from submissions.versions.progress import progress_of


class Lacking(NamedTuple):
    """`received` of `required` deliverables; `names` are the missing ones."""

    received: int
    required: int
    names: list[Deliverable]


def lacking(department: Department) -> Mapping[int, Lacking]:
    """By team id, without complete teams."""
    return {
        progress.team.pk: Lacking(
            progress.required - len(progress.missing), progress.required, progress.missing
        )
        for progress in progress_of(department.edition, department)
        if progress.missing
    }
