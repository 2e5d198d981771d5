import re
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.base.core.errors import RefusalCode
from hackathon.base.core.forms import InstantField
from hackathon.base.core.tables import MultilineField, RowForm
from submissions.enums import DeliverableKind
from submissions.errors import DepositRefusal
from submissions.models import MEGABYTE, Deliverable

FORMAT = re.compile(r"^[a-z0-9]+(\.[a-z0-9]+)*$")


class FormatsField(forms.CharField):
    """« PDF, .zip tar.gz » as a list of extensions without their dot."""

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        names = re.split(r"[\s,;]+", (super().to_python(value) or "").lower())
        extensions = [name.lstrip(".") for name in names if name.strip(".")]
        if wrong := [name for name in extensions if not FORMAT.match(name)]:
            raise forms.ValidationError(
                _("« %(name)s » n’est pas une extension : écrivez par exemple pdf, zip."),
                params={"name": wrong[0]},
            )
        return list(dict.fromkeys(extensions))


class DeliverableForm(forms.Form):
    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {
        DepositRefusal.HAS_SUBMISSIONS: "kind",
        DepositRefusal.OPENS_AFTER_DUE: "opens_at",
        DepositRefusal.DUE_IS_PAST: "due_at",
        DepositRefusal.OTHER_DECK: "is_deck",
    }

    name = forms.CharField(label=_("Nom"), max_length=120)
    description = forms.CharField(
        label=_("Précisions"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ce que les équipes liront sous le nom."),
    )
    kind = forms.ChoiceField(
        label=_("Nature"),
        choices=DeliverableKind,
        widget=forms.RadioSelect,
        initial=DeliverableKind.FILE,
    )
    formats = FormatsField(
        label=_("Formats acceptés"),
        required=False,
        help_text=_(
            "Extensions séparées par des virgules : pdf, zip. Vide : tous. Fichiers seuls."
        ),
    )
    max_megabytes = forms.DecimalField(
        label=_("Taille maximale (Mo)"),
        initial=100,
        min_value=0,
        max_digits=8,
        decimal_places=3,
        max_value=20_000,
        help_text=_("Pour les fichiers."),
    )
    required = forms.BooleanField(label=_("Obligatoire"), required=False, initial=True)
    due_at = InstantField(
        label=_("Heure limite de ce livrable"),
        required=False,
        help_text=_("Seulement s’il est à rendre à un autre moment. Vide : celle de l’édition."),
    )
    has_grace = forms.BooleanField(
        label=_("Avec la marge de l’édition après cette heure limite"), required=False, initial=True
    )
    opens_at = InstantField(
        label=_("Ouverture de ce livrable"),
        required=False,
        help_text=_("Avant cet instant, rien n’est reçu. Vide : dès le lancement."),
    )
    is_deck = forms.BooleanField(
        label=_("À projeter : les équipes le montrent sur la scène"), required=False
    )

    @classmethod
    def initial_of(cls, deliverable: Deliverable) -> dict[str, Any]:
        initial = {
            "name": deliverable.name,
            "description": deliverable.description,
            "kind": deliverable.kind,
            "formats": deliverable.formats,
            "max_megabytes": f"{deliverable.max_bytes / MEGABYTE:g}",
            "required": deliverable.required,
            "due_at": deliverable.due_at,
            "has_grace": deliverable.has_grace,
            "opens_at": deliverable.opens_at,
            "is_deck": deliverable.is_deck,
        }
        return {name: value for name, value in initial.items() if name in cls.base_fields}

    def clean_max_megabytes(self) -> int:
        """Returns bytes."""
        size = int(self.cleaned_data["max_megabytes"] * MEGABYTE)
        if size < 1:
            raise forms.ValidationError(_("Donnez une taille plus grande que zéro."))
        return size

    @property
    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        values["max_bytes"] = values.pop("max_megabytes")
        if "due_at" in values and values["due_at"] is None:
            values["has_grace"] = True  # the edition's deadline comes with the edition's grace
        return values


class EditDeliverableForm(EditingForm, DeliverableForm):
    pass


class DeliverableRow(RowForm, DeliverableForm):
    field_order = (
        *("name", "kind", "formats", "max_megabytes"),
        *("due_at", "description", "required", "is_deck"),
    )

    # Only the form of one deliverable has them.
    has_grace = opens_at = None  # type: ignore[assignment]

    due_at = InstantField(label=_("Son heure limite"), required=False)
    is_deck = forms.BooleanField(label=_("À projeter"), required=False)
    description = MultilineField(
        label=_("Précisions"), required=False, widget=forms.Textarea(attrs={"rows": 1})
    )
    kind = forms.ChoiceField(
        label=_("Nature"), choices=DeliverableKind, initial=DeliverableKind.FILE
    )
    formats = FormatsField(
        label=_("Formats"),
        required=False,
        initial=list,
        widget=forms.TextInput(attrs={"placeholder": _("tous les formats")}),
    )
    max_megabytes = forms.DecimalField(
        label=_("Mo au plus"),
        initial=100,
        min_value=0,
        max_digits=8,
        decimal_places=3,
        max_value=20_000,
    )

    @property
    def row_values(self) -> dict[str, Any]:
        return self.values

    @property
    def row_changed(self) -> set[str]:
        changed = {name.replace("megabytes", "bytes") for name in self.changed_data}
        if self.cleaned_data["due_at"] is None:
            changed |= {"has_grace"} if "due_at" in changed else set()
        return changed | ({"formats"} if "kind" in changed else set())

    @classmethod
    def stored(cls, deliverable: Deliverable) -> dict[str, Any]:
        """As JSON can hold it."""
        due_at = deliverable.due_at and deliverable.due_at.replace(microsecond=0).isoformat()
        return cls.initial_of(deliverable) | {"due_at": due_at}
