"""What extras ask of a juror about each criterion, below the mark.

A remark is a change of the sheet, as a mark is: the tablet keeps and sends it, with the version and
its conflicts. It may be written on a finished sheet too, until the publication.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hackathon.base.core import extras
from hackathon.base.core.errors import Refusal
from hackathon.event.editions.models import Edition
from judging.models import Criterion, ScoreSheet
from judging.scoring.changes import Change


class OfCriterion(Protocol):
    @property
    def values(self) -> Mapping[str, str]:
        """What is stored, by the kind of its changes. The field of a kind is « KIND-CRITERION »."""

    def render(self, data: Mapping[str, str], *, is_open: bool) -> str:
        """`data`: what a form has sent that is shown again. `is_open`: may be written now."""


@dataclass(frozen=True)
class Remarks:
    """`kinds`: of changes, other than those of `ChangeKind`, of at most 8 characters.

    `read`: by the id of the criterion, for a sheet or one that is not begun. `refusals` and `write`
    get the sheet, whose seat is locked, and a change that is about a criterion of its jury.
    """

    kinds: frozenset[str]
    read: Callable[[ScoreSheet | None, Sequence[Criterion]], Mapping[int, OfCriterion]]
    refusals: Callable[[ScoreSheet, Change], list[Refusal]]
    write: Callable[[ScoreSheet, Change], None]


_of_extras: dict[str, Remarks] = {}


def register(extra: str, remarks: Remarks) -> None:
    _of_extras[extra] = remarks


def asked_in(edition: Edition) -> Iterator[Remarks]:
    return (remarks for extra, remarks in _of_extras.items() if extras.is_on(extra, edition))


def of_kind(kind: str, edition: Edition) -> Remarks | None:
    return next((remarks for remarks in asked_in(edition) if kind in remarks.kinds), None)
