from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Templates of all forms and fields (`docs/look.md`, Forms)."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/group.html"


class LocalDateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        # Browsers accept only this format, in all languages.
        super().__init__(attrs={"step": "1", **(attrs or {})}, format="%Y-%m-%dT%H:%M:%S")
