from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.base.core.forms import model_fields
from hackathon.event.appearance.enums import PictureKind
from hackathon.event.appearance.rules import ACCENT, COLOR
from hackathon.event.editions.models import Edition

FIELDS = (
    "short_name",
    "theme",
    "color",
    "accent",
    "sender",
    "signatory",
    "own_rules",
    "replaces_rules",
)
PICTURE_HELP = _("PNG, SVG, JPEG ou WebP, 2 Mo au plus. Sans fichier, elle reste comme elle est.")


class AppearanceForm(EditingForm):
    logo = forms.FileField(label=_("Logo"), required=False, help_text=PICTURE_HELP)
    signature = forms.FileField(
        label=_("Image de la signature"), required=False, help_text=PICTURE_HELP
    )
    remove_logo = forms.BooleanField(label=_("Retirer le logo"), required=False)
    remove_signature = forms.BooleanField(label=_("Retirer la signature"), required=False)

    def __init__(self, *args: Any, edition: Edition) -> None:
        super().__init__(*args, initial={name: getattr(edition, name) for name in FIELDS})
        self.fields.update(model_fields(Edition, FIELDS))
        self.fields["short_name"].help_text = _(
            "Sous l’icône de l’application installée. Vide : le nom de l’édition."
        )
        for name, ours in (("color", COLOR), ("accent", ACCENT)):
            self.fields[name].widget.attrs |= {"placeholder": ours, "spellcheck": "false"}
        self.fields["color"].help_text = _(
            "Boutons, liens et bandeau, par exemple #1b4f9c. Vide : l’indigo du site."
        )
        self.fields["accent"].help_text = _(
            "Compte à rebours, fenêtres éclairées et lauréats. Vide : le jaune des lampes."
        )
        self.fields["sender"].help_text = _(
            "Le nom que montrent les messageries. Vide : celui du site."
        )
        self.fields["signatory"].help_text = _("Sous la signature : nom et fonction.")
        self.fields["own_rules"].help_text = _(
            "Vos points, en Markdown, sur la page des règles : lieux, charte, assurance…"
        )

    def changes(self) -> dict[str, Any]:
        """What `services.update` takes, apart from pictures."""
        removed = {kind for kind in PictureKind if self.cleaned_data[f"remove_{kind}"]}
        return {name: self.cleaned_data[name] for name in FIELDS} | {"removed": frozenset(removed)}
