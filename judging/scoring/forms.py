"""What people send: marks, decisions, a jury's set-up. Shape only; services ask the rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from judging.models import Criterion, Juror, ScoreSheet
from judging.scoring.selectors import MarkLine, SheetPage

# Where on a scale the large buttons are, in twentieths; what is between is some half points away.
ANCHORS = (0, 4, 8, 10, 12, 14, 16, 18, 20)


def written(value: Decimal | None) -> str:
    """A mark as it stands in its field: « 14,5 », « 14 », nothing."""
    if value is None:
        return ""
    whole = value == value.to_integral_value()
    return str(localize(int(value) if whole else value.quantize(Decimal("0.1"))))


def parsed(text: str) -> Decimal | None:
    """A mark as somebody typed it, with comma or point; nothing is None. Raises ValueError."""
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite():
        raise ValueError(text)
    return value


@dataclass(frozen=True)
class Anchor:
    """A large button of the scale."""

    text: str
    chosen: bool


@dataclass(frozen=True)
class MarkRow:
    """One criterion on the page: what stands in its field, and what is wrong with it."""

    line: MarkLine
    text: str
    saved: str
    error: str

    @property
    def name(self) -> str:
        """The field's name."""
        return f"mark-{self.line.criterion.pk}"

    @property
    def anchors(self) -> list[Anchor]:
        """The scale's buttons, from nothing to full marks."""
        scale = self.line.criterion.scale
        texts = [written(Decimal(part) * scale / 20) for part in ANCHORS]
        return [Anchor(text, text == self.text) for text in texts]


class SheetForm(forms.Form):
    """A sheet, whole or in part: what is not sent, or is sent as it was seen, is not written.

    So one field sent by script and the whole page sent without it go through the same door, and an
    old page left open on another tablet overwrites nothing that its reader did not touch.
    """

    comment = forms.CharField(
        required=False,
        strip=True,
        max_length=ScoreSheet._meta.get_field("comment").max_length,
        label=gettext_lazy("Commentaire pour l’équipe"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    notes = forms.CharField(
        required=False,
        strip=True,
        max_length=ScoreSheet._meta.get_field("notes").max_length,
        label=gettext_lazy("Notes personnelles"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    deposits = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def __init__(self, page: SheetPage, data: QueryDict | None = None) -> None:
        texts = {"comment": page.comment, "notes": page.notes}
        super().__init__(data, initial={**texts, "version": page.version, "deposits": page.seen})
        self.page = page
        self.marks: dict[Criterion, Decimal | None] = {}
        self._mark_errors: dict[int, str] = {}

    @property
    def action(self) -> str:
        """`save`, `finish`, `reopen` or `next`."""
        return str(self.data.get("do", "save"))

    @property
    def comment_written(self) -> str | None:
        """The comment, if it was changed."""
        return self._written("comment")

    @property
    def notes_written(self) -> str | None:
        """The notes, if they were changed."""
        return self._written("notes")

    @property
    def base(self) -> int | None:
        """The version of the sheet that the page showed."""
        return self.cleaned_data["version"]

    @property
    def seen(self) -> list[int]:
        """The deposits that the page showed."""
        return [int(pk) for pk in self.cleaned_data["deposits"].split(",") if pk.isdecimal()]

    def clean_comment(self) -> str:
        """Line ends as everywhere else."""
        return str(self.cleaned_data["comment"]).replace("\r\n", "\n")

    def clean_notes(self) -> str:
        """Line ends as everywhere else."""
        return str(self.cleaned_data["notes"]).replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        """Read the marks that were changed."""
        for line in self.page.lines:
            text = self._sent(line)
            if text is None:
                continue
            try:
                self.marks[line.criterion] = parsed(text)
            except ValueError:
                self._mark_errors[line.criterion.pk] = _("Écrivez un nombre, par exemple 14,5.")
        if self._mark_errors:
            self.add_error(None, _("Une note n’est pas un nombre."))
        return self.cleaned_data

    @property
    def rows(self) -> list[MarkRow]:
        """The criteria as the page shows them: what was typed stays, what was not is the mark."""
        rows = []
        for line in self.page.lines:
            saved = written(line.value)
            sent = self._sent(line) if self.is_bound else None
            error = self._mark_errors.get(line.criterion.pk, "")
            rows.append(MarkRow(line, saved if sent is None else sent, saved, error))
        return rows

    def _written(self, name: str) -> str | None:
        seen = self.data.get(f"seen-{name}", None)
        if name not in self.data or (seen is not None and seen == self.data[name]):
            return None
        return str(self.cleaned_data[name])

    def _sent(self, line: MarkLine) -> str | None:
        pk = line.criterion.pk
        chosen, _equals, value = self.data.get("set", "").partition("=")
        if chosen == str(pk):
            return value
        text = self.data.get(f"mark-{pk}")
        return None if text is None or text == self.data.get(f"seen-{pk}") else text


class PinForm(forms.Form):
    """Who takes a shared tablet over, and their PIN."""

    juror = forms.TypedChoiceField(coerce=int, widget=forms.RadioSelect)
    pin = forms.CharField(
        max_length=12,
        label=gettext_lazy("Code à 6 chiffres"),
        error_messages={"required": gettext_lazy("Tapez le code écrit sous votre badge.")},
    )

    def __init__(self, seats: Iterable[Juror], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.seats = {seat.pk: seat for seat in seats}
        choices = [(pk, seat.user.display_name) for pk, seat in self.seats.items()]
        field = self.fields["juror"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = choices
        field.error_messages = {
            "required": _("Touchez votre nom."),
            "invalid_choice": _("Cette personne n’est pas, ou plus, de ce jury."),
        }

    @property
    def seat(self) -> Juror:
        """Whose name was touched."""
        return self.seats[self.cleaned_data["juror"]]

    def clean_pin(self) -> str:
        """Digits alone: some write 123 456."""
        return "".join(str(self.cleaned_data["pin"]).split())
