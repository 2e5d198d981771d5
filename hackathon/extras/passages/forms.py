from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.event.editions.models import Department
from hackathon.extras.passages.models import PassagePlan


class PlanForm(EditingForm):
    is_on = forms.BooleanField(label=_("Les équipes nommées passent sur scène"), required=False)
    speaking_minutes = forms.IntegerField(
        label=_("Minutes pour parler"), min_value=1, max_value=60, initial=3
    )
    questions_minutes = forms.IntegerField(
        label=_("Minutes de questions"), min_value=1, max_value=60, initial=2
    )

    def __init__(self, data: Any = None, *, department: Department) -> None:
        plan: PassagePlan | None = getattr(department, "passage_plan", None)
        minutes = plan or PassagePlan()
        initial = {
            "is_on": plan is not None,
            "speaking_minutes": minutes.speaking_minutes,
            "questions_minutes": minutes.questions_minutes,
        }
        super().__init__(data, initial=initial, prefix=f"department-{department.pk}")
        self.department = department

    @property
    def is_changed(self) -> bool:
        """Of a valid form."""
        return self.cleaned_data != self.initial


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
