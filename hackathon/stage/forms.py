"""What an organizer types in the control room. Shape only; the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hackathon.editions.models import Department, Edition
from hackathon.stage.enums import Scene


class SceneForm(forms.Form):
    """A scene and the projectors that it is for: all, or those of one department.

    Which scenes there are, and when, the service says. « follow » gives a department's projectors
    back to what all the others show.
    """

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
        """Whose projectors; None: all."""
        return self._departments.get(self.cleaned_data["department_code"])

    @property
    def follows_others(self) -> bool:
        """Whether a department's own choice is given up."""
        return self.department is not None and self.cleaned_data["scene"] == self.FOLLOW

    def said(self) -> str:
        """What to say when it is done."""
        where = self.department.name if self.department else gettext("tous les écrans")
        if self.follows_others:
            return gettext("Comme partout : %(where)s.") % {"where": where}
        scene = Scene(self.cleaned_data["scene"]).label
        return gettext("%(scene)s : %(where)s.") % {"scene": scene, "where": where}
