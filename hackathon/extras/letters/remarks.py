"""What jurors write to teams, on the sheet and for the letter. No access check here: before the
publication only the jury reads it. A letter has the remarks of finished sheets that count.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.functional import Promise

from hackathon.base.core.errors import Refusal
from hackathon.extras.letters import rules
from hackathon.extras.letters.enums import SHARED, TEXTS, Kind
from hackathon.extras.letters.models import Remark, Sentences
from judging.models import Criterion, ScoreSheet
from judging.scoring.changes import Change


class Sentence(NamedTuple):
    """One of the two texts about a criterion. `letter` is what the president made of it, or None;
    `phrases` are proposed by the organizers.
    """

    name: str
    label: str | Promise
    text: str
    saved: str
    letter: str | None
    phrases: list[str]


@dataclass(frozen=True)
class OnSheet:
    criterion: Criterion
    remark: Remark  # unsaved if nothing is written
    asked: Sentences

    @property
    def values(self) -> Mapping[str, str]:
        shared = SHARED if self.remark.is_shared else ""
        texts = {kind.value: getattr(self.remark, kind) for kind in TEXTS}
        return {**texts, Kind.SHARE.value: shared}

    def render(self, data: Mapping[str, str], *, is_open: bool) -> str:
        sentences = [self._sentence(kind, data) for kind in TEXTS]
        is_written = any(sentence.text for sentence in sentences)
        if not is_open and not is_written:
            return ""
        context = {
            "criterion": self.criterion,
            "remark": self.remark,
            "reads": self.asked.team_reads,
            "sentences": sentences,
            "is_written": is_written,
            "is_open": is_open,
        }
        return render_to_string("letters/_sentences.html", context)

    def _sentence(self, kind: Kind, data: Mapping[str, str]) -> Sentence:
        remark, saved = self.remark, getattr(self.remark, kind)
        name, letter = f"{kind}-{self.criterion.pk}", getattr(remark, f"letter_{kind}")
        edited = letter if remark.edited_at and letter != saved else None
        lines = map(str.strip, getattr(self.asked, f"{kind}_phrases").splitlines())
        text = data.get(name, saved)
        return Sentence(name, TEXTS[kind], text, saved, edited, [*filter(None, lines)])


def asked_about(criteria: Iterable[Criterion]) -> dict[int, Sentences]:
    """By the id of the criterion. One query."""
    stored = {row.criterion_id: row for row in Sentences.objects.filter(criterion__in=criteria)}
    return {c.pk: stored.get(c.pk) or Sentences(criterion=c) for c in criteria}


def remarks_of(sheets: Iterable[ScoreSheet]) -> dict[int, list[Remark]]:
    """By team id, in the order of criteria and sheets. One query."""
    known = {sheet.pk: sheet for sheet in sheets}
    rows = Remark.objects.written().filter(sheet__in=known).select_related("criterion")
    remarks = defaultdict(list)
    for remark in rows.order_by("criterion__position", "criterion", "sheet"):
        remark.sheet = known[remark.sheet_id]
        remarks[remark.sheet.team_id].append(remark)
    return remarks


def read(sheet: ScoreSheet | None, criteria: Sequence[Criterion]) -> dict[int, OnSheet]:
    """Two queries, one for a sheet that is not begun."""
    rows = Remark.objects.filter(sheet=sheet) if sheet else []
    written, asked = {row.criterion_id: row for row in rows}, asked_about(criteria)
    return {
        c.pk: OnSheet(c, written.get(c.pk) or Remark(criterion=c), asked[c.pk]) for c in criteria
    }


def refusals(sheet: ScoreSheet, change: Change) -> list[Refusal]:
    edited = Remark.objects.filter(criterion=change.criterion, edited_at__isnull=False)
    is_edited = sheet.pk is not None and edited.filter(sheet=sheet).exists()
    refusal = rules.remark_refusal(change, is_edited=is_edited)
    return [refusal] if refusal else []
