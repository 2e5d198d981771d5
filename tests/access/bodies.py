"""A valid body for each form, made from the form itself: a new page has one without being listed.

An empty body is sent first, by somebody who may. The form of the answer says what it takes.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from tests.addresses import World
from tests.extras import gathered
from tests.push.conftest import GIVEN as SUBSCRIPTION

ADDRESS = "loner@example.org"  # of an account without team

# What no form says: texts of a certain form, choices that depend on each other, bodies in JSON (a
# text here).
GIVEN: dict[str, Callable[[World], Any]] = {
    **gathered("bodies"),
    "control_room:extension": lambda world: {"reason": "Panne"},
    "control_room:warn": lambda world: {"group": "chosen", "teams": [world.objects["team"].pk]},
    "editions:departments": lambda world: {"departments": "GEA Gestion"},
    "imports:index": lambda world: {"pasted": "mail\nzoe@x.fr\n"},
    "judging:sealed": lambda world: '{"sealed": []}',
    "judging:synchronise": lambda world: '{"for": 0, "changes": []}',
    "judging:hearing-marks": lambda world: '{"for": 0, "changes": []}',
    "push:subscribe": lambda world: SUBSCRIPTION,
    "stage:choose": lambda world: {"scene": "welcome"},
    "submissions:extensions": lambda world: {"reason": "Panne"},
    "teams:add-member": lambda world: {"email": ADDRESS},
    "teams:find": lambda world: {"code": world.objects["team"].join_code},
    "teams:move-members": lambda _world: {"across": "on"},
}


def body_of(name: str, empty: HttpResponse | None, world: World) -> Any:
    given = GIVEN.get(name, lambda _world: {})(world)
    form = empty.context.get("form") if empty is not None and empty.context else None
    if isinstance(given, str) or not isinstance(form, forms.BaseForm):
        return given
    values = {name: _value(form, name, field) for name, field in form.fields.items()}
    body = {form.add_prefix(n): v for n, v in values.items() if v not in (None, "", [])}
    # A table without rows: tests/editions/test_tables.py has some.
    counts = dict.fromkeys((n for n in body if n.endswith(("TOTAL_FORMS", "INITIAL_FORMS"))), 0)
    return {**body, **counts, **given}


def _value(form: forms.BaseForm, name: str, field: forms.Field) -> Any:
    value = form.get_initial_for_field(field, name)
    if value in (None, "", [], ()) and field.required:
        value = _sample(field)
    value = field.prepare_value(value)
    if isinstance(field, forms.BooleanField):
        return "on" if value else None
    return value


# The first kind that fits: subclasses before their bases.
SAMPLES: list[tuple[type[forms.Field], Callable[[Any], Any]]] = [
    (forms.ModelMultipleChoiceField, lambda field: list(field.queryset[:1])),
    (forms.ModelChoiceField, lambda field: field.queryset.first()),
    (forms.MultipleChoiceField, lambda field: [_first_choice(field.choices)]),
    (forms.ChoiceField, lambda field: _first_choice(field.choices)),
    (forms.FileField, lambda field: SimpleUploadedFile("dossier.pdf", b"%PDF-1.4 new")),
    (forms.EmailField, lambda field: ADDRESS),
    (forms.URLField, lambda field: "https://example.org/x"),
    (forms.DateTimeField, lambda field: "2020-02-13T14:00"),
    (forms.DateField, lambda field: "2020-02-14"),
    (forms.TimeField, lambda field: "14:00"),
    (forms.IntegerField, lambda field: field.min_value or 1),
    (forms.BooleanField, lambda field: True),
]


def _sample(field: forms.Field) -> Any:
    made = (make(field) for kind, make in SAMPLES if isinstance(field, kind))
    return next(made, "Lampes")


def _first_choice(choices: Any) -> Any:
    for value, label in choices:
        if isinstance(label, (list, tuple)):
            if (found := _first_choice(label)) is not None:
                return found
        elif value not in ("", None):
            return value
    return None
