from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Field, Model
from django.forms.models import fields_for_model
from django.forms.renderers import TemplatesSetting
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from hackathon.base.core.formats import visible
from hackathon.base.core.instants import BOUNDS


class Renderer(TemplatesSetting):
    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/group.html"


class LocalDateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        # Browsers accept only this format, in all languages.
        super().__init__(attrs={"step": "1", **(attrs or {})}, format="%Y-%m-%dT%H:%M:%S")


class InstantField(forms.DateTimeField):
    widget = LocalDateTimeInput
    default_validators = BOUNDS


class _Visible(forms.Widget):
    def value_from_datadict(self, *args: Any) -> Any:
        return visible(super().value_from_datadict(*args) or "")


class AddressInput(_Visible, forms.EmailInput):
    pass


class SiteInput(_Visible, forms.URLInput):
    pass


class AddressField(forms.EmailField):
    widget = AddressInput


class SiteField(forms.URLField):
    widget = SiteInput


class ConfirmForm(forms.Form):
    confirmed = forms.BooleanField(
        error_messages={"required": gettext_lazy("Cochez la case pour confirmer.")}
    )

    def __init__(self, label: str, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["confirmed"].label = label


def model_fields(model: type[Model], names: Iterable[str]) -> dict[str, forms.Field]:
    """Unlike those of `fields_for_model`, they have the validators of the model."""
    return fields_for_model(model, list(names), formfield_callback=_form_field)


def _form_field(model_field: Field, **kwargs: Any) -> forms.Field:
    for validator in model_field.validators:
        if isinstance(validator, MinValueValidator):
            kwargs["min_value"] = validator.limit_value
        elif isinstance(validator, MaxValueValidator):
            kwargs["max_value"] = validator.limit_value
    field = model_field.formfield(**kwargs)
    assert field is not None
    # Browsers cut a longer text silently; the validator refuses it with a message.
    field.widget.attrs.pop("maxlength", None)
    field.validators += [v for v in model_field.validators if v not in field.validators]
    return field
