from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.base.core.forms import model_fields
from hackathon.event.imports.reading import Unreadable, open_document
from hackathon.extras.grades.errors import GradeRefusal
from hackathon.extras.grades.models import OwnGrade
from hackathon.extras.grades.rules import EvaluationSheet, evaluation_sheet


class EvaluationForm(forms.Form):
    file = forms.FileField(
        label=_("Feuille de saisie de ScoDoc"),
        help_text=_(
            "Dans ScoDoc : l’évaluation, « Saisir les notes », « fichier tableur », « obtenir le"
            " fichier tableur à remplir »."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods"}),
    )

    def clean_file(self) -> EvaluationSheet:
        """The file is read in a process of its own."""
        file: Any = self.cleaned_data["file"]
        try:
            extracts = open_document(file.read()).extracts
        except Unreadable as error:
            raise ValidationError(str(error.refusal)) from error
        for extract in extracts:
            if sheet := evaluation_sheet(extract.rows):
                return sheet
        raise ValidationError(
            _(
                "Ce n’est pas une feuille de saisie de ScoDoc : la première colonne y contient des"
                " codes avec « ! », et une colonne s’appelle « Note sur 20 » (ou"
                " sur un autre nombre, 9999 au plus)."
            )
        )


class OwnGradeForm(EditingForm):
    REFUSAL_FIELDS = {GradeRefusal.NO_MARK: "mark", GradeRefusal.NO_REASON: "reason"}

    locals().update(model_fields(OwnGrade, ("kind", "mark", "reason")))

    def __init__(self, data: Any = None, *, own: OwnGrade | None) -> None:
        super().__init__(data, instance=own or OwnGrade())
        mark = self.fields["mark"]
        mark.localize = True  # also « 12,5 »
        mark.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        mark.widget.is_localized = True
