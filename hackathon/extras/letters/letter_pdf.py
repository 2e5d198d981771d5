"""In French, as the minutes are."""

from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.translation import gettext as _

from hackathon.base.core.formats import date_text
from hackathon.base.core.typeset import typeset
from hackathon.event.appearance.selectors import printed
from hackathon.extras.letters.selectors import Letter
from judging.ceremony.selectors.own_marks import OwnMarks
from judging.ranking.explanation import explain_to_team, rank_range
from judging.scales import written

SHEET = Path(__file__).parent / "templates/letters/letter.typ"


def render(letter: Letter) -> bytes:
    edition = letter.team.department.edition
    with translation.override("fr"), timezone.override(edition.zone):
        data = _data(letter)
    return typeset(SHEET, data, at=letter.published_at)


def filename(letter: Letter) -> str:
    return f"lettre-{slugify(letter.team.name) or letter.team.pk}.pdf"


def _data(letter: Letter) -> dict[str, Any]:
    team, department = letter.team, letter.team.department
    return {
        "edition": department.edition.name,
        "look": printed(department.edition),
        "title": _("Lettre du jury"),
        "team": team.name,
        "project": team.project,
        "date": date_text(letter.published_at, "j F Y"),
        "praise": letter.praise,
        "strong": letter.strong,
        "advice": letter.advice,
        "weak": letter.weak,
        "is_read": letter.is_read,
        "comments": letter.comments,
        "figures": _figures(letter.marks) if letter.marks and letter.is_read else None,
        "signature": _("Le jury {department}").format(department=department.name),
    }


def _figures(marks: OwnMarks) -> dict[str, Any]:
    """What the page of the own marks says."""
    estimate = marks.standing.estimate if marks.standing else marks.mean
    texts = []
    if marks.standing:
        texts.append(explain_to_team(marks.standing, method=marks.method))
        ranks = strip_tags(rank_range(marks.group))
        texts.append(_("Votre rang : {ranks} sur {all}.").format(ranks=ranks, all=marks.ranked))
    texts.append(_("Les notes aident le jury ; c’est lui qui décide du palmarès, en délibérant."))
    return {
        "mark": "" if estimate is None else written(estimate),
        "texts": texts,
        "lines": [
            [
                line.criterion.name,
                _("coefficient {weight}").format(weight=line.criterion.weight),
                "–" if line.mean is None else written(line.mean),
                line.criterion.mark_scale.title,
            ]
            for line in marks.criteria
        ],
    }
