from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.extras.brief_scene.models import BriefScene


class BriefSceneForm(EditingForm):
    file = forms.FileField(
        label=_("Film ou diapositives"),
        required=False,
        help_text=_(
            "Une vidéo MP4 ou WebM, ou un PDF ; 200 Mo au plus. Si vous n’en choisissez pas, les"
            " écrans gardent le fichier enregistré ; s’il n’y en a pas, ils montrent le client et"
            " les titres."
        ),
    )
    without_file = forms.BooleanField(label=_("Retirer ce fichier"), required=False)
    slide_seconds = forms.IntegerField(
        label=_("Secondes par diapositive"),
        min_value=2,
        max_value=600,
        help_text=_("Les flèches du clavier du projecteur tournent aussi les pages."),
    )
    works_offline = forms.BooleanField(
        label=_("Même sans réseau"),
        required=False,
        help_text=_(
            "Les projecteurs reçoivent la clé dix minutes avant l’heure."
            " Sinon, à l’heure seulement."
        ),
    )

    def __init__(self, *args: Any, instance: BriefScene) -> None:
        super().__init__(*args, instance=instance)
        if not instance.file:
            del self.fields["without_file"]


class ReportForm(forms.Form):
    """What the page of a projector says about itself."""

    package = forms.UUIDField(required=False)
    has_key = forms.BooleanField(required=False)
    clock_error_ms = forms.IntegerField(min_value=0, max_value=1_000_000_000)
    known_instant = forms.DateTimeField(required=False)
    is_muted = forms.BooleanField(required=False)  # its last film is without sound


class ReadyForm(forms.Form):
    is_ready = forms.BooleanField(required=False)
