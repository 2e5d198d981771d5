"""What people send: marks, decisions, a jury's set-up. Shape only; services ask the rules."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy


class ConfirmForm(forms.Form):
    """What cannot be undone asks for a tick."""

    confirmed = forms.BooleanField(
        error_messages={"required": gettext_lazy("Cochez la case pour confirmer.")}
    )

    def __init__(self, label: str, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["confirmed"].label = label
