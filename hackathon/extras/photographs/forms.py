from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.base.core.errors import RefusalCode
from hackathon.event.editions.forms import FilesField
from hackathon.event.editions.models import Edition
from hackathon.extras.photographs.errors import PhotographRefusal
from hackathon.extras.photographs.models import CAPTION_LENGTH, Photograph
from hackathon.extras.photographs.rules import AT_ONCE, MAX_BYTES, MEGABYTE
from hackathon.extras.photographs.selectors import teams_in


class UploadForm(forms.Form):
    """An empty file is refused by its name, and not the whole form."""

    pictures = FilesField(
        label=_("Ajouter des photos"),
        allow_empty_file=True,
        help_text=_("JPEG, PNG ou WebP, {size} Mo au plus chacune, {n} à la fois.").format(
            size=MAX_BYTES // MEGABYTE, n=AT_ONCE
        ),
    )

    def clean_pictures(self) -> list[Any]:
        pictures: list[Any] = self.cleaned_data["pictures"]
        if not pictures:
            raise forms.ValidationError(_("Choisissez une photo au moins."), code="required")
        return pictures


class PhotographForm(EditingForm):
    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = {
        PhotographRefusal.NAMED_AND_NOBODY: "shows_nobody"
    }

    caption = forms.CharField(
        label=_("Légende"),
        max_length=CAPTION_LENGTH,
        required=False,
        help_text=_("« Lancement H-14 », « Pause pizza H-4 ». Pas de nom de personne."),
    )
    shows_nobody = forms.BooleanField(
        label=_("Personne n’y est reconnaissable"),
        required=False,
        help_text=_("Sans équipe nommée, une photo ne paraît que si vous l’affirmez."),
    )
    position = forms.IntegerField(
        label=_("Ordre"), min_value=0, max_value=1000, required=False, help_text=_("Vide : reste.")
    )
    teams = forms.TypedMultipleChoiceField(
        label=_("Les équipes qu’on y voit"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Toutes celles dont quelqu’un est reconnaissable."),
    )

    def __init__(self, data: Any = None, *, photograph: Photograph, edition: Edition) -> None:
        initial = {
            "caption": photograph.caption,
            "shows_nobody": photograph.shows_nobody,
            "position": photograph.position,
            "teams": list(photograph.teams.values_list("pk", flat=True)),
        }
        super().__init__(data, initial=initial)
        self.fields["teams"].choices = [  # type: ignore[attr-defined]
            (team.pk, f"{team.department.code} · {team.name}") for team in teams_in(edition)
        ]


class AnswerForm(forms.Form):
    agrees = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda value: value == "yes"
    )
