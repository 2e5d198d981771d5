from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.errors import Refused
from hackathon.extras.promises import codes
from hackathon.extras.promises.codes import Typed
from hackathon.extras.promises.errors import PromiseRefusal

EXAMPLE = "K7QM 2XRD\n4P0V 9BCH\n…"


class EndForm(forms.Form):
    promise_minutes = forms.IntegerField(
        label=_("Jusqu’à quand, en minutes après la marge"),
        min_value=0,
        max_value=24 * 60,
        help_text=_(
            "D’ici là, le même fichier compte à l’heure de l’engagement. 0 : pas d’engagements."
        ),
    )


class CodeForm(forms.Form):
    REFUSAL_FIELDS = dict.fromkeys(PromiseRefusal, "code")

    code = forms.CharField(
        label=_("Le code que montre l’ordinateur de l’équipe"),
        max_length=400,
        strip=False,
        help_text=_(
            "Cinq lignes de huit lettres. Majuscules, espaces et tirets sont sans importance ; "
            "O vaut 0, I et L valent 1."
        ),
        widget=forms.Textarea(
            attrs={
                "rows": codes.LINES,
                "class": "promise-input",
                "placeholder": EXAMPLE,
                "autocapitalize": "characters",
                "autocomplete": "off",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Écrivez le code avant de l’enregistrer.")},
    )

    def clean_code(self) -> Typed:
        try:
            return codes.decode(self.cleaned_data["code"])
        except Refused as refused:
            code = refused.refusal.code.value
            raise ValidationError(str(refused.refusal), code=code) from refused
