"""Instants are in the active time zone: views activate the edition's."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.base.core.forms import InstantField, SiteField
from hackathon.event.editions.forms import FilesField

LOGO_HELP = _("PNG, JPEG ou WebP, 2 Mo au plus. Sans fichier, il reste comme il est.")


class ClientForm(EditingForm):
    text = forms.CharField(
        label=_("Présentation"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("En Markdown : **gras**, listes avec « - », titres avec « ## », liens."),
    )
    representatives = forms.CharField(
        label=_("Représentants"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Un par ligne : nom et fonction."),
    )
    link = SiteField(label=_("Site"), required=False, assume_scheme="https")
    public_at = InstantField(
        label=_("Visible à partir de"),
        required=False,
        help_text=_(
            "Vide : dès que le premier sujet paraît. Avant, le nom du client n’est nulle part."
        ),
    )
    logo = forms.FileField(label=_("Logo"), required=False, help_text=LOGO_HELP)
    documents = FilesField(
        label=_("Ajouter des documents"),
        required=False,
        help_text=_("Charte graphique, photos… Plusieurs à la fois si besoin."),
    )


class PartnerForm(EditingForm):
    name = forms.CharField(label=_("Nom"), max_length=120)
    sentence = forms.CharField(
        label=_("Une phrase"),
        max_length=200,
        required=False,
        help_text=_("Ce que ce partenaire apporte."),
    )
    link = SiteField(label=_("Site"), required=False, assume_scheme="https")
    position = forms.IntegerField(
        label=_("Ordre"),
        min_value=0,
        max_value=999,
        required=False,
        help_text=_("Vide : à la fin."),
    )
    logo = forms.FileField(label=_("Logo"), required=False, help_text=LOGO_HELP)
