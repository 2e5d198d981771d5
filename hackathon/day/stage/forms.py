from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Department, Edition

BUTTONS = ("rehearse", "start", "next", "back", "blank", "show", "end", "publish")
UNKNOWN_BUTTON = _("Ce bouton n’existe pas. Rechargez la page.")


class SceneForm(forms.Form):
    """The service checks the scene. `FOLLOW` removes the choice of a department."""

    FOLLOW = "follow"
    department_code = forms.ChoiceField(label=_("Quels écrans"), required=False)
    scene = forms.CharField()

    def __init__(self, data: Any = None, *, edition: Edition, department: str = "") -> None:
        super().__init__(data, initial={"department_code": department})
        self._departments = {d.code: d for d in edition.departments.all()}
        field: Any = self.fields["department_code"]
        names = [(code, department.name) for code, department in self._departments.items()]
        field.choices = [("", _("Tous les écrans")), *names]

    @property
    def department(self) -> Department | None:
        """None: all projectors."""
        return self._departments.get(self.cleaned_data["department_code"])

    @property
    def follows_others(self) -> bool:
        return self.department is not None and self.cleaned_data["scene"] == self.FOLLOW


class RemoteForm(forms.Form):
    """The button applies only to the step (`seen`) that the remote showed, and those of extras
    (`keys`) to a state of their own (`changes`).
    """

    do = forms.ChoiceField(
        error_messages={"required": UNKNOWN_BUTTON, "invalid_choice": UNKNOWN_BUTTON}
    )
    seen = forms.IntegerField(required=False, min_value=0, max_value=10_000)
    rehearsal = forms.BooleanField(required=False)
    changes = forms.IntegerField(required=False, min_value=0)

    def __init__(self, data: Any = None, *, keys: Iterable[str] = ()) -> None:
        super().__init__(data)
        field: Any = self.fields["do"]
        field.choices = [(button, button) for button in (*BUTTONS, *keys)]
