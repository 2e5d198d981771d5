"""How forms are drawn: the site's own templates for every form, and an input for instants."""

from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.utils.translation import gettext_lazy


class Renderer(TemplatesSetting):
    """Every form, formset and field with our templates (`docs/look.md`, Forms)."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/group.html"


class LocalDateTimeInput(forms.DateTimeInput):
    """An instant in the edition's time zone, to the second, with the browser's own picker."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        # The browser accepts no other format than this one, whatever the language of the page.
        super().__init__(attrs={"step": "1", **(attrs or {})}, format="%Y-%m-%dT%H:%M:%S")


class ConfirmForm(forms.Form):
    """A box to tick before something that can't be undone."""

    confirmed = forms.BooleanField(
        error_messages={"required": gettext_lazy("Cochez la case pour confirmer.")}
    )

    def __init__(self, label: str, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["confirmed"].label = label
