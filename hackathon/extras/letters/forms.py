from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from hackathon.base.core.editing import EditingForm
from hackathon.extras.letters.models import Remark, Sentences


class AskForm(forms.Form):
    """Without a team: all letters that lack sentences."""

    team = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RemarkForm(EditingForm, forms.ModelForm):
    """The texts of the letter."""

    class Meta:
        model = Remark
        fields = ("letter_praise", "letter_advice")
        widgets = dict.fromkeys(fields, forms.Textarea(attrs={"rows": 3}))
        labels: ClassVar[dict[str, Any]] = {
            "letter_praise": gettext_lazy("Ce qui a convaincu"),
            "letter_advice": gettext_lazy("Ce qui pourrait être mieux"),
        }


class SentencesForm(EditingForm, forms.ModelForm):
    class Meta:
        model = Sentences
        fields = ("team_reads", "praise_phrases", "advice_phrases")
        widgets = dict.fromkeys(fields[1:], forms.Textarea(attrs={"rows": 3}))
        phrases = gettext_lazy("Une par ligne. Le juré en touche une, puis l’adapte.")
        help_texts = {
            "team_reads": gettext_lazy(
                "Sous chaque note, le juré peut écrire ce qui a convaincu et ce qui pourrait être"
                " mieux. L’équipe le lit dans la lettre du jury, avec les résultats."
            ),
            "praise_phrases": phrases,
            "advice_phrases": phrases,
        }
