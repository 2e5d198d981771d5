from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.base.core.forms import ConfirmForm
from hackathon.event.editions.models import Edition
from hackathon.event.partners.models import Partner
from judging.enums import Anchor, PublicationAct
from judging.models import CeremonyMessage


class PublishForm(ConfirmForm):
    """`without`: codes of the departments that are held back, as the page shows them."""

    without = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(str(_("Tout le monde peut voir les résultats dès maintenant.")), data)


class DepartmentResultsForm(ConfirmForm):
    """`act` of the data: what the page asked about, which may not be the present one."""

    act = forms.ChoiceField(choices=PublicationAct, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, act: PublicationAct | None) -> None:
        super().__init__(str(act.label) if act else "", data)


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
        names = ("moment", "title", "text", "partner", "position")
        initial = {name: getattr(message, name) for name in names} if message else {}
        super().__init__(data, initial=initial)
        moment: Any = self.fields["moment"]
        moment.choices = moments(edition).items()
        partner: Any = self.fields["partner"]
        partner.queryset = edition.partners.all()

    @property
    def values(self) -> dict[str, Any]:
        """For the service."""
        cleaned = dict(self.cleaned_data)
        anchor, _dash, department = cleaned.pop("moment").partition("-")
        cleaned["position"] = cleaned["position"] or 0
        return {
            **cleaned,
            "anchor": anchor,
            "department_id": int(department) if department else None,
        }


def moments(edition: Edition) -> dict[str, str]:
    """By `CeremonyMessage.moment`, in the order of the ceremony."""
    of_departments = {
        f"{anchor}-{department.pk}": f"{department.name} : {anchor.label}"
        for department in edition.departments.all()
        for anchor in Anchor
        if anchor.needs_department
    }
    opening, finale = (str(capfirst(anchor.label)) for anchor in (Anchor.OPENING, Anchor.FINALE))
    return {Anchor.OPENING.value: opening, **of_departments, Anchor.FINALE.value: finale}
