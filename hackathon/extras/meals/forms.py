from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from hackathon.base.core.editing import EditingForm
from hackathon.base.core.formats import day_time
from hackathon.base.core.forms import InstantField, model_fields
from hackathon.base.core.tables import RowForm
from hackathon.event.editions.models import Edition, Milestone
from hackathon.extras.meals.enums import EaterFilter
from hackathon.extras.meals.models import Dish, MealPlan

SPARE_ROWS = 3


class MilestoneField(forms.ModelChoiceField):
    def label_from_instance(self, milestone: Milestone) -> str:
        return f"{milestone.label}, {day_time(milestone.at)}"


class PlanForm(EditingForm):
    milestone = MilestoneField(
        label=_("Servis à l’étape"),
        queryset=Milestone.objects.none(),
        empty_label=_("Pas encore d’heure"),
        required=False,
        help_text=_("L’heure de livraison est celle de l’étape, et la suit si elle est décalée."),
    )
    closes_at = InstantField(
        label=_("Choix jusqu’à"),
        help_text=_("Ensuite, seule l’organisation change quelque chose."),
    )
    default_dish = forms.ModelChoiceField(
        label=_("Plat de qui n’a rien choisi"),
        queryset=Dish.objects.none(),
        empty_label=_("Aucun"),
        required=False,
    )

    def __init__(self, data: Any = None, *, edition: Edition, plan: MealPlan | None) -> None:
        initial = {
            "milestone": plan and plan.milestone_id,
            "closes_at": plan.closes_at if plan else edition.starts_at,
            "default_dish": plan and plan.default_dish_id,
        }
        super().__init__(data, initial=initial)
        milestone = cast(forms.ModelChoiceField, self.fields["milestone"])
        milestone.queryset = edition.milestones.all()
        dish = cast(forms.ModelChoiceField, self.fields["default_dish"])
        dish.queryset = edition.dishes.all()


class DishRow(RowForm, forms.Form):
    locals().update(model_fields(Dish, ("name", "description", "labels", "pizzeria")))


class DishForm(forms.Form):
    """A tap on a dish; `person` is another than oneself."""

    dish = forms.ModelChoiceField(label=_("Plat"), queryset=Dish.objects.none())
    person = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, edition: Edition) -> None:
        super().__init__(data)
        cast(forms.ModelChoiceField, self.fields["dish"]).queryset = edition.dishes.all()


class NeedsForm(forms.Form):
    text = forms.CharField(
        label=_("Vos besoins alimentaires"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    consents = forms.BooleanField(
        label=_("J’accepte que l’organisation lise ces besoins pour commander mon repas."),
        required=False,
    )


class EaterFilterForm(forms.Form):
    """In the address of the page. What is not valid is ignored."""

    q = forms.CharField(
        label=_("Nom ou équipe"),
        max_length=80,
        required=False,
        widget=forms.SearchInput(attrs={"autocomplete": "off"}),
    )
    which = forms.ChoiceField(label=_("Qui"), choices=EaterFilter.choices, required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="eaters_%s")
        self.is_valid()

    @property
    def text(self) -> str:
        return str(self.cleaned_data.get("q", ""))

    @property
    def wanted(self) -> EaterFilter:
        return EaterFilter(self.cleaned_data.get("which", ""))

    @property
    def query(self) -> str:
        return urlencode({name: self.data[name] for name in self.fields if self.data.get(name)})
