from datetime import timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode
from hackathon.base.core.formats import clock_time, day_time
from hackathon.event.editions.models import Department, Edition
from submissions.errors import DepositRefusal
from submissions.extensions.rules import EXTENSION_MAX_MINUTES, minutes_of_percent
from submissions.models import Deliverable
from teams.models import Team

QUICK_MINUTES = (5, 10, 15, 30)
QUICK_REASONS = (
    _("Panne de réseau"),
    _("Panne de matériel"),
    _("Salle ou électricité"),
    _("Décision de l’organisation"),
)
FIELD_OF: dict[RefusalCode, str] = {
    DepositRefusal.EXTENSION_DELIVERABLE: "deliverable",
    DepositRefusal.EXTENSION_REASON: "reason",
    DepositRefusal.EXTENSION_MINUTES: "percent",
}
MINUTES = [MinValueValidator(1), MaxValueValidator(EXTENSION_MAX_MINUTES)]


class ExtensionForm(forms.Form):
    """`target` is `team:12` or `department:3`. `deliverable`: one with its own deadline; empty: the
    edition's. A button sends `quick_reason`. `confirmed` is the key of a `Preview` that the person
    has seen.
    """

    target = forms.ChoiceField(label=_("Pour qui"))
    deliverable = forms.ChoiceField(label=_("Pour quelle heure limite"), required=False)
    minutes = forms.IntegerField(
        label=_("Temps en plus"), required=False, initial=10, validators=MINUTES
    )
    other_minutes = forms.IntegerField(
        label=_("Autre durée, en minutes"), required=False, validators=MINUTES
    )
    percent = forms.IntegerField(
        label=_("Ou en pour cent de la durée de l’épreuve"),
        required=False,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Pour un aménagement : 33 donnent un tiers de temps en plus."),
    )
    reason = forms.CharField(
        label=_("Autre motif"),
        required=False,
        max_length=60,
        help_text=_("En quelques mots : l’équipe et le jury le lisent."),
    )
    quick_reason = forms.CharField(required=False, max_length=60)
    private_reason = forms.CharField(
        label=_("Note pour l’organisation"),
        required=False,
        max_length=300,
        help_text=_("Seule l’organisation la lit. Rien n’oblige à y écrire un motif de santé."),
    )

    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.edition = edition
        minutes: Any = self.fields["minutes"]
        minutes.is_conditional = True  # another duration may be given instead
        own = Deliverable.objects.filter(department__edition=edition, due_at__isnull=False)
        self.own = {d.pk: d for d in own.select_related("department")}
        # When it ends depends on the choice: then the person confirms the instant.
        ends = {n: "" if self.own else f" → {_ends_at(edition, n)}" for n in QUICK_MINUTES}
        minutes.widget = forms.RadioSelect(choices=[(n, f"+{n} min{ends[n]}") for n in ends])
        self._offer_deadlines()
        self.departments = {d.pk: d for d in Department.objects.filter(edition=edition)}
        teams = Team.objects.filter(edition=edition).select_related("department")
        self.teams = {team.pk: team for team in teams.order_by("name")}
        field = self.fields["target"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("Une équipe ou un département")),
            (
                _("Départements"),
                [(f"department:{d.pk}", d.name) for d in self.departments.values()],
            ),
            (_("Équipes"), [(f"team:{t.pk}", _team_label(t)) for t in self.teams.values()]),
        ]

    def _offer_deadlines(self) -> None:
        """Only if there is more than one."""
        if not self.own:
            del self.fields["deliverable"]
            return
        usual = _("Celle de l’édition, {time}").format(time=day_time(self.edition.deadline_at))
        own = [
            (pk, f"{d} · {d.department.code} · {day_time(d.due_at)}") for pk, d in self.own.items()
        ]
        field: Any = self.fields["deliverable"]
        field.is_conditional = True  # the first choice is one, too
        field.choices = [("", usual), *own]

    @property
    def which(self) -> list[forms.BoundField]:
        return [self["deliverable"]] if self.own else []

    @property
    def shows_options(self) -> bool:
        """The optional fields are folded away unless one of them has a value or an error."""
        names = ("other_minutes", "percent", "reason", "private_reason")
        return any(self[name].value() or self[name].errors for name in names)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("percent"):
            cleaned["minutes"] = minutes_of_percent(self.edition, cleaned["percent"])
        elif cleaned.get("other_minutes"):
            cleaned["minutes"] = cleaned["other_minutes"]
        elif cleaned.get("minutes") is None and "minutes" not in self.errors:
            self.add_error("minutes", _("Choisissez une durée."))
        cleaned["reason"] = cleaned.get("quick_reason") or cleaned.get("reason", "")
        return cleaned

    @property
    def seen(self) -> dict[str, Any]:
        """What the person has seen, for `services.to_confirm`."""
        data = self.cleaned_data
        is_typed = data["percent"] or data["other_minutes"]
        return {"end_is_shown": not (is_typed or self.own), "confirmed": data["confirmed"]}

    @property
    def granted(self) -> dict[str, Any]:
        kind, _colon, pk = self.cleaned_data["target"].partition(":")
        return {
            "team": self.teams[int(pk)] if kind == "team" else None,
            "department": self.departments[int(pk)] if kind == "department" else None,
            "deliverable": self.own.get(int(self.cleaned_data.get("deliverable") or 0)),
            "minutes": self.cleaned_data["minutes"],
            "reason": self.cleaned_data["reason"],
            "private_reason": self.cleaned_data["private_reason"],
        }


def _team_label(team: Team) -> str:
    place = _("salle %(room)s") % {"room": team.room} if team.room else team.department.code
    return f"{team.name} · {place}"


def _ends_at(edition: Edition, minutes: int) -> str:
    return clock_time(edition.deadline_at + timedelta(minutes=minutes))
