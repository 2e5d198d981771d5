from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.base.core.forms import model_fields
from hackathon.extras.voices.models import Survey
from hackathon.extras.voices.rules import QUESTIONS, TOP


class SurveyForm(EditingForm):
    locals().update(model_fields(Survey, QUESTIONS))


class AnswerForm(forms.Form):
    scale = forms.TypedChoiceField(
        choices=[(mark, str(mark)) for mark in range(1, TOP + 1)],
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("1 est la plus basse note, 5 la plus haute."),
    )
    first = forms.CharField(max_length=300, required=False, widget=forms.Textarea)
    second = forms.CharField(max_length=300, required=False, widget=forms.Textarea)

    def __init__(self, data: Any = None, *, survey: Survey) -> None:
        super().__init__(data)
        for name in QUESTIONS:
            self.fields[name].label = getattr(survey, name)
            if not self.fields[name].label:
                del self.fields[name]


class SentenceForm(EditingForm):
    text = forms.CharField(
        label=_("Votre phrase"),
        max_length=140,
        required=False,
        help_text=_("« Une expérience au top ! » Vide : rien n’est montré."),
    )
