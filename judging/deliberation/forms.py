from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hackathon.base.core.errors import RefusalCode, refuse
from hackathon.base.core.forms import ConfirmForm
from hackathon.base.core.tables import MultilineField, RowForm
from judging.deliberation.selectors.decision import DecisionState
from judging.deliberation.selectors.hearings import NomineeMarks
from judging.errors import JudgingRefusal
from judging.models import Award, Deliberation, Juror, PassageCriterion
from judging.ranking.explanation import place_name
from judging.scoring.forms import MarkRow, sent_mark
from teams.models import Team

EXTRA_PRIZES = 2  # empty lines below the existing special prizes
MOST_PRIZES = 20


@dataclass(frozen=True)
class TeamFields:
    """Not Django's widgets: there are about a hundred on the page, and rendering them is slow."""

    nominee: str
    place: str
    label: str
    is_nominated: bool
    options: SafeString
    errors: list[str]


class ConditionalField(forms.CharField):
    """Required under a condition that the service checks."""

    is_conditional = True


class DecisionForm(forms.Form):
    """Fields: `nominee-ID`, `place-ID` by team id; `special-title-N`, `special-team-N` by line.

    `seen` is the digest of the ranking on the page.
    """

    reason = ConditionalField(
        label=gettext_lazy("Motif, si la décision s’écarte du classement ou départage des ex æquo"),
        required=False,
        max_length=Deliberation._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    order_confirmed = forms.BooleanField(
        label=gettext_lazy("J’ai relu cet ordre avec le jury et je le confirme."), required=False
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        teams: Iterable[Team],
        places: int,
        decided: DecisionState,
        basis: str,
        data: QueryDict | None = None,
    ) -> None:
        deliberation = decided.deliberation
        initial = {
            "reason": decided.reason,
            "order_confirmed": deliberation is not None and deliberation.order_confirmed,
            "seen": basis,
        }
        super().__init__(data, initial=initial)
        teams = list(teams)
        nominees = {team.pk for team in decided.nominees}
        self._add_teams(teams, places, nominees, decided.ranks)
        if decided.seal is not None:  # they are locked: what is sent about them does not count
            for team in teams:
                self.fields[f"nominee-{team.pk}"].disabled = True
        self.lines = min(MOST_PRIZES, len(decided.special) + EXTRA_PRIZES)
        if data is not None:
            sent = sum(name.startswith("special-title-") for name in data)
            self.lines = min(MOST_PRIZES, max(self.lines, sent))
        self._add_prizes(teams, decided)

    @property
    def REFUSAL_FIELDS(self) -> dict[RefusalCode, str]:
        unnamed = next((pk for pk in self.places if pk not in self.nominees), None)
        return {JudgingRefusal.WINNER_NOT_NOMINATED: f"place-{unnamed}"}

    @property
    def nominees(self) -> list[int]:
        return [
            int(name.removeprefix("nominee-"))
            for name, value in self.cleaned_data.items()
            if name.startswith("nominee-") and value
        ]

    @property
    def places(self) -> dict[int, int]:
        """By team id."""
        return {
            int(name.removeprefix("place-")): int(value)
            for name, value in self.cleaned_data.items()
            if name.startswith("place-") and value
        }

    @property
    def special(self) -> list[tuple[str, int]]:
        lines = (
            (self.cleaned_data[f"special-title-{n}"], self.cleaned_data[f"special-team-{n}"])
            for n in range(self.lines)
        )
        return [(title, int(team)) for title, team in lines if title and team]

    @property
    def prizes(self) -> list[tuple[BoundField, BoundField]]:
        return [(self[f"special-title-{n}"], self[f"special-team-{n}"]) for n in range(self.lines)]

    def of_team(self, pk: int) -> TeamFields:
        nominee, place = f"nominee-{pk}", f"place-{pk}"
        return TeamFields(
            nominee=nominee,
            place=place,
            label=str(self.fields[place].label),
            is_nominated=bool(self[nominee].value()),
            options=self._options(str(self[place].value() or "")),
            errors=[str(error) for error in self.errors.get(place, [])],
        )

    def _options(self, chosen: str) -> SafeString:
        if chosen not in self._rendered:
            self._rendered[chosen] = format_html_join(
                "",
                '<option value="{}"{}>{}</option>',
                (
                    (value, mark_safe(" selected") if value == chosen else "", text)
                    for value, text in self._choices
                ),
            )
        return self._rendered[chosen]

    def clean(self) -> dict[str, Any]:
        for n in range(self.lines):
            title, team = (
                self.cleaned_data.get(f"special-{part}-{n}", "") for part in ("title", "team")
            )
            if title and not team:
                self.add_error(
                    f"special-team-{n}",
                    _("Choisissez l’équipe du prix « {title} ».").format(title=title),
                )
            elif team and not title and f"special-title-{n}" not in self.errors:
                self.add_error(f"special-title-{n}", _("Donnez un nom à ce prix spécial."))
        return self.cleaned_data

    def arguments(self) -> dict[str, Any]:
        return {
            "nominees": self.nominees,
            "places": self.places,
            "special": self.special,
            "reason": self.cleaned_data["reason"].replace("\r\n", "\n"),
            "order_confirmed": self.cleaned_data["order_confirmed"],
            "seen": self.cleaned_data["seen"],
        }

    def _add_teams(
        self, teams: Iterable[Team], places: int, nominees: set[int], ranks: dict[int, int]
    ) -> None:
        choices = [("", _("sans prix"))]
        choices += [(str(place), place_name(place)) for place in range(1, places + 1)]
        self._choices: list[tuple[str, str]] = choices
        self._rendered: dict[str, SafeString] = {}
        for team in teams:
            self.fields[f"nominee-{team.pk}"] = forms.BooleanField(
                required=False, initial=team.pk in nominees, label=team.name
            )
            self.fields[f"place-{team.pk}"] = forms.ChoiceField(
                choices=choices,
                required=False,
                initial=str(ranks.get(team.pk, "")),
                label=_("Place : {team}").format(team=team.name),
            )

    def _add_prizes(self, teams: Iterable[Team], decided: DecisionState) -> None:
        choices = [("", _("équipe…"))]
        choices += [(str(t.pk), t.name) for t in sorted(teams, key=lambda team: team.name)]
        for n in range(self.lines):
            prize = decided.special[n] if n < len(decided.special) else None
            self.fields[f"special-title-{n}"] = forms.CharField(
                required=False,
                max_length=Award._meta.get_field("title").max_length,
                initial=prize.title if prize else "",
                label=_("Nom du prix {n}").format(n=n + 1),
                widget=forms.TextInput(attrs={"placeholder": _("Nom du prix")}),
            )
            self.fields[f"special-team-{n}"] = forms.ChoiceField(
                choices=choices,
                required=False,
                initial=str(prize.team.pk) if prize else "",
                label=_("Équipe du prix {n}").format(n=n + 1),
            )


class PassageForm(forms.Form):
    """The marks of one nominee. One that is wrong is told beside it, and the others are saved."""

    def __init__(
        self,
        criteria: Iterable[PassageCriterion],
        passage: NomineeMarks,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data)
        self.passage, self.criteria = passage, list(criteria)
        self.marks: dict[int, Decimal | None] = {}  # those that were changed
        self.wrong: dict[int, str] = {}

    def clean(self) -> None:
        for criterion in self.criteria:
            if (text := sent_mark(self.data, criterion.pk)) is None:
                continue
            try:
                value = criterion.mark_scale.parse(text)
            except ValueError:
                value = Decimal(-1)
            if value is None or criterion.mark_scale.accepts(value):
                self.marks[criterion.pk] = value
            else:
                rule = criterion.mark_scale.rule
                refusal = refuse(JudgingRefusal.VALUE_OUT_OF_SCALE, criterion=criterion, rule=rule)
                self.wrong[criterion.pk] = str(refusal)

    @property
    def rows(self) -> list[MarkRow]:
        marks, team = self.passage.marks | self.marks, self.passage.team.pk
        rows = []
        for criterion in self.criteria:
            saved = criterion.mark_scale.show(marks.get(criterion.pk))
            error = self.wrong.get(criterion.pk, "")
            text = sent_mark(self.data, criterion.pk) or "" if error else saved
            rows.append(MarkRow(criterion, text, saved, error, team=team))
        return rows


class PassageCriterionRow(RowForm, forms.ModelForm):
    guidance = MultilineField(
        label=gettext_lazy("Repères pour noter"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 1}),
    )

    class Meta:
        model = PassageCriterion
        fields = ("name", "guidance")


class ReopenForm(forms.Form):
    """`nominees`: they are reopened, in the first of two acts, and not the winners."""

    nominees = forms.BooleanField(required=False, widget=forms.HiddenInput)
    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {JudgingRefusal.REOPENING_REASON: "reason"}

    reason = ConditionalField(
        label=gettext_lazy("Pourquoi le jury se réunit-il à nouveau ?"),
        help_text=gettext_lazy("Le procès-verbal le dira, avec votre nom et l’empreinte annulée."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class SignForm(forms.Form):
    """`seen` is the `opened_at` of the draft on the page."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_seen(self) -> datetime | None:
        """None for invalid text, which the service refuses."""
        try:
            return parse_datetime(self.cleaned_data["seen"])
        except ValueError:
            return None


class LockForm(ConfirmForm):
    """`nominees`: they are locked, in the first of two acts, and not the winners."""

    nominees = forms.BooleanField(required=False, widget=forms.HiddenInput)
    absent = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Qui était absent ?"),
        help_text=gettext_lazy("Des autres, le procès-verbal dit qu’ils n’ont pas signé."),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, unsigned: Iterable[Juror], data: QueryDict | None = None, *, nominates: bool
    ) -> None:
        confirmed = _("Le jury a décidé : plus rien ne changera.")
        if nominates:
            confirmed = _("Le jury a choisi qui il entend : les nommés ne changeront plus.")
        super().__init__(confirmed, data)
        self.fields["nominees"].initial = nominates
        field = self.fields["absent"]
        assert isinstance(field, forms.TypedMultipleChoiceField)
        field.choices = [(juror.pk, juror.user.display_name) for juror in unsigned]


class ReadingsForm(forms.Form):
    """`seen` is the digest of the proposal on the page."""

    seen = forms.CharField(widget=forms.HiddenInput)


class ReminderForm(forms.Form):
    """Without a juror: all who are late."""

    juror = forms.IntegerField(required=False, widget=forms.HiddenInput)
