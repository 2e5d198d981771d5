from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import RefusalCode
from hackathon.event.editions.models import Edition
from hackathon.extras.team_searches.errors import SearchRefusal
from hackathon.extras.team_searches.models import LINE_LENGTH, SKILLS_LENGTH
from teams.forms.students import DepartmentField

LINE_FIELDS: dict[RefusalCode, str] = {
    SearchRefusal.CONTACT_IN_LINE: "text",
    SearchRefusal.WRITTEN_JUST_NOW: "text",
}


class SearchForm(forms.Form):
    """Of a person without a team."""

    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = LINE_FIELDS
    department = DepartmentField()
    text = forms.CharField(
        label=_("Une ligne sur vous"),
        max_length=LINE_LENGTH,
        help_text=_("« Deuxième année, j’aime les projets culturels et la vidéo. »"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    skills = forms.CharField(
        label=_("Ce que vous savez faire"),
        max_length=SKILLS_LENGTH,
        required=False,
        help_text=_("« Montage vidéo, anglais, PHP »"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, edition: Edition, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        department = cast(forms.ModelChoiceField, self.fields["department"])
        department.queryset = edition.departments.all()


class WantedForm(forms.Form):
    """Of the captain of a team. Empty: the team looks for no members."""

    REFUSAL_FIELDS: ClassVar[dict[RefusalCode, str]] = LINE_FIELDS
    text = forms.CharField(
        label=_("Qui vous cherchez"),
        max_length=LINE_LENGTH,
        required=False,
        help_text=_(
            "« Quelqu’un qui dessine et monte des vidéos. » Laissez vide pour ne plus chercher."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
