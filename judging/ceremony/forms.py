from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from hackathon.core.editing import EditingForm
from hackathon.editions.models import Department, Edition
from hackathon.partners.models import Partner
from judging.enums import Anchor
from judging.models import CeremonyMessage, PassagePlan
from judging.models.ceremony import moment_key


class PlanForm(EditingForm):
    is_on = forms.BooleanField(label=_("Les équipes nommées passent sur scène"), required=False)
    speaking_minutes = forms.IntegerField(
        label=_("Minutes pour parler"), min_value=1, max_value=60, initial=3
    )
    questions_minutes = forms.IntegerField(
        label=_("Minutes de questions"), min_value=1, max_value=60, initial=2
    )

    def __init__(self, data: Any = None, *, department: Department) -> None:
        plan: PassagePlan | None = getattr(department, "passage_plan", None)
        minutes = plan or PassagePlan()
        initial = {
            "is_on": plan is not None,
            "speaking_minutes": minutes.speaking_minutes,
            "questions_minutes": minutes.questions_minutes,
        }
        super().__init__(data, initial=initial, prefix=f"department-{department.pk}")
        self.department = department


class MessageForm(EditingForm):
    """`moment` is an `Anchor`, with the department that it needs."""

    moment = forms.ChoiceField(label=_("Moment"))
    title = forms.CharField(label=_("Titre"), max_length=80)
    text = forms.CharField(
        label=_("Texte"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Quelques lignes : la salle les lit de loin."),
    )
    partner = forms.ModelChoiceField(
        label=_("Logo d’un partenaire"),
        queryset=Partner.objects.none(),
        required=False,
        empty_label=_("aucun"),
    )
    position = forms.IntegerField(
        label=_("Ordre"),
        min_value=0,
        max_value=999,
        required=False,
        help_text=_("Entre les messages du même moment."),
    )

    def __init__(
        self, data: Any = None, *, edition: Edition, message: CeremonyMessage | None
    ) -> None:
        names = ("title", "text", "partner", "position")
        initial = {name: getattr(message, name) for name in names} if message else {}
        if message:
            initial["moment"] = message.moment
        super().__init__(data, initial=initial)
        field: Any = self.fields["moment"]
        self._moments = moments(edition)
        field.choices = [(key, label) for key, (label, *_rest) in self._moments.items()]
        partner: Any = self.fields["partner"]
        partner.queryset = edition.partners.all()

    @property
    def values(self) -> dict[str, Any]:
        cleaned = dict(self.cleaned_data)
        _label, anchor, department = self._moments[cleaned.pop("moment")]
        cleaned["position"] = cleaned["position"] or 0
        return {**cleaned, "anchor": anchor, "department": department}


def moments(edition: Edition) -> dict[str, tuple[str, Anchor, Department | None]]:
    """In the order of the ceremony."""
    of_all: list[tuple[Anchor, Department | None]] = [(Anchor.OPENING, None)]
    for department in edition.departments.all():
        of_all += [(anchor, department) for anchor in Anchor if anchor.needs_department]
    of_all.append((Anchor.FINALE, None))
    return {
        moment_key(anchor, department.pk if department else None): (
            f"{department.name} : {anchor.label}" if department else str(capfirst(anchor.label)),
            anchor,
            department,
        )
        for anchor, department in of_all
    }
