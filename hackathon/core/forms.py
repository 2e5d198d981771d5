from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.utils.translation import gettext_lazy


class Renderer(TemplatesSetting):
    """Templates of all forms and fields (`docs/look.md`, Forms)."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/group.html"


class LocalDateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        # Browsers accept only this format, in all languages.
        super().__init__(attrs={"step": "1", **(attrs or {})}, format="%Y-%m-%dT%H:%M:%S")


class ConfirmForm(forms.Form):
    """A box to tick before something that can't be undone."""

    confirmed = forms.BooleanField(
        error_messages={"required": gettext_lazy("Cochez la case pour confirmer.")}
    )

    def __init__(self, label: str, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["confirmed"].label = label
