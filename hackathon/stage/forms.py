from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.editions.models import Department, Edition

BUTTONS = ("rehearse", "start", "next", "back", "blank", "show", "end", "publish")
PASSAGE_BUTTONS = ("page-next", "page-back", "speaking", "questions")
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
    """The button applies only to the step (`seen`) that the remote showed, and those of a passage
    to its state (`changes`).
    """

    do = forms.ChoiceField(
        choices=[(button, button) for button in (*BUTTONS, *PASSAGE_BUTTONS)],
        error_messages={"required": UNKNOWN_BUTTON, "invalid_choice": UNKNOWN_BUTTON},
    )
    seen = forms.IntegerField(required=False, min_value=0, max_value=10_000)
    rehearsal = forms.BooleanField(required=False)
    changes = forms.IntegerField(required=False, min_value=0)


class DecksForm(forms.Form):
    """How many decks a projector has, of how many, and whether its last film was without sound."""

    is_muted = forms.BooleanField(required=False)
    stored = forms.IntegerField(min_value=0, max_value=10_000)
    wanted = forms.IntegerField(min_value=0, max_value=10_000)


class TurnForm(forms.Form):
    """Of the team on stage."""

    pages = forms.TypedChoiceField(choices=[("1", "1"), ("-1", "-1")], coerce=int)
    changes = forms.IntegerField(min_value=0)


class OrderForm(forms.Form):
    """With `word` the order is drawn; without it the `rank` of each `team` makes it, as they are
    repeated in the form.
    """

    seen = forms.IntegerField(min_value=0, max_value=10_000)
    word = forms.CharField(
        label=_("Un mot ou un nombre, appelé par la salle"), max_length=60, required=False
    )
    reason = forms.CharField(label=_("Pourquoi l’ordre change"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        lists: Any = self.data
        pairs = zip(lists.getlist("rank"), lists.getlist("team"), strict=False)
        numbers = [(rank, team) for rank, team in pairs if rank.isdecimal() and team.isdecimal()]
        different = {rank: int(team) for rank, team in numbers}
        cleaned["teams"] = [different[rank] for rank in sorted(different, key=int)]
        return cleaned
