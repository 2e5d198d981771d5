from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.forms import model_fields
from hackathon.day.announcements.models import ANNOUNCEMENT_MAX_CHARS
from hackathon.event.editions.models import Department, Edition
from teams.models import Team


class MessageForm(forms.Form):
    body = forms.CharField(
        label=_("Message"),
        max_length=ANNOUNCEMENT_MAX_CHARS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    by_mail = forms.BooleanField(label=_("Envoyer aussi par e-mail"), required=False, initial=True)


class RelocateForm(forms.Form):
    """What is left empty stays as it is."""

    department = forms.ModelChoiceField(
        label=_("Département"),
        queryset=Department.objects.none(),
        required=False,
        empty_label=_("Ne change pas"),
    )

    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        super().__init__(data)
        self.fields.update(model_fields(Team, ("room", "floor")))
        department = cast(forms.ModelChoiceField, self.fields["department"])
        department.queryset = edition.departments.all()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and all(value in (None, "") for value in cleaned.values()):
            raise ValidationError(_("Choisissez un département, une salle ou un étage."))
        return cleaned
