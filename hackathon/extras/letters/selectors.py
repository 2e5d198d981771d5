"""The letter of the jury to a team: what its jurors write, and what its own marks say.

It has nothing of other teams and no name of a juror. Its length and order say nothing about a rank.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from hackathon.base.accounts.models import User
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Department, Edition
from hackathon.extras.letters.models import Remark, Sentences
from hackathon.extras.letters.remarks import asked_about, remarks_of
from judging.ceremony.selectors.own_marks import (
    CriterionMarks,
    OwnMarks,
    counted_sheets,
    get_team_after_results,
    marks_from,
)
from judging.models import Criterion, Deliberation
from judging.scales import written
from teams.models import Team

EVEN = Fraction(1, 20)  # of the best possible mark: smaller differences say nothing


class Paragraph(NamedTuple):
    """About one criterion. `texts` are sorted, so that their order does not tell their authors, and
    each is there once, however many jurors have taken it.
    """

    criterion: str
    texts: list[str]


@dataclass(frozen=True)
class Letter:
    """`strong` and `weak` say what the own marks say, "" if they say nothing. `marks`: only if the
    edition shares them; `comments` too. `is_read`: a finished sheet counts. `published_at`: later
    than the results of the others, if those of the department were held back.
    """

    team: Team
    is_read: bool
    praise: list[Paragraph]
    advice: list[Paragraph]
    comments: list[str]
    marks: OwnMarks | None
    strong: str
    weak: str
    published_at: datetime


def get_own_letter(user: User | AnonymousUser, edition: Edition | None, *, at: datetime) -> Letter:
    """Raises `NotFound` without a team, and before the publication."""
    team = get_team_after_results(user, edition, at=at)
    sheets = counted_sheets(team)
    remarks = [r for r in remarks_of(sheets).get(team.pk, []) if r.goes_to_team]
    marks = marks_from(team, sheets) if team.department.edition.shares_marks else None
    strong, weak = _from_marks(marks.criteria if marks else [])
    locks = Deliberation.objects.filter(department=team.department_id, locked_at__isnull=False)
    instants = [team.department.results_published_at, *locks.values_list("locked_at", flat=True)]
    return Letter(
        team=team,
        is_read=bool(sheets),
        praise=_paragraphs(remarks, "letter_praise"),
        advice=_paragraphs(remarks, "letter_advice"),
        comments=marks.comments if marks else [],
        marks=marks,
        strong=strong,
        weak=weak,
        published_at=max(instant for instant in instants if instant),
    )


def _paragraphs(remarks: Iterable[Remark], field: str) -> list[Paragraph]:
    texts = defaultdict(list)
    for remark in remarks:
        if text := getattr(remark, field):
            texts[remark.criterion.name].append(text)
    return [Paragraph(name, sorted({*lines})) for name, lines in texts.items()]


def _from_marks(lines: Iterable[CriterionMarks]) -> tuple[str, str]:
    """About the best criterion, and that where the most points of the total were lost."""
    marked = [line for line in lines if line.mean is not None]
    if not marked:
        return "", ""
    best = max(marked, key=_share)
    others = [line for line in marked if line is not best] or marked
    worst = max(others, key=lambda line: line.criterion.weight * (1 - _share(line)))
    strong = _("D’après les notes, c’est « {criterion} » qui a le plus convaincu : {mean}.")
    weak = _(
        "D’après les notes, c’est « {criterion} » qui vous a coûté le plus de points : {mean}."
        " Commencez par là la prochaine fois."
    )
    if _share(best) - min(map(_share, marked)) < EVEN:
        strong = ""
        weak = _(
            "Vos notes se tiennent, à moins d’un point près. Pour en gagner, travaillez d’abord"
            " « {criterion} » : {mean}."
        )
    return _about(strong, best), _about(weak, worst)


def _about(text: str, line: CriterionMarks) -> str:
    mean = _("{mean} sur {top} en moyenne").format(
        mean=written(line.mean or 0, 1), top=line.criterion.scale
    )
    return text.format(criterion=line.criterion.name, mean=mean)


def _share(line: CriterionMarks) -> Fraction:
    """Of the best possible mark."""
    return (line.mean or Fraction()) / line.criterion.scale


class SentencesOf(NamedTuple):
    department: Department
    asked: list[Sentences]


def sentences_by_department(edition: Edition) -> list[SentencesOf]:
    """Three queries."""
    criteria = list(Criterion.objects.filter(department__edition=edition))
    asked = asked_about(criteria)
    return [
        SentencesOf(department, [asked[c.pk] for c in criteria if c.department_id == department.pk])
        for department in edition.departments.all()
    ]


def get_sentences(edition: Edition, pk: int) -> Sentences:
    """`pk`: of the criterion. Raises `NotFound`. The caller has checked the right."""
    criterion = get_or_not_found(Criterion.objects.all(), pk=pk, department__edition=edition)
    return asked_about([criterion])[criterion.pk]
