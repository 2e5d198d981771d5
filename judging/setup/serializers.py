"""Bodies of the API about seats, criteria, methods and recusals."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from hackathon.core.api import AtLeastOne, Strict
from hackathon.editions.models import Department
from hackathon.editions.selectors import find_department
from judging.enums import JurorKind, Method
from judging.models import Criterion, Recusal
from judging.scales import SCALES
from judging.setup.forms import READINGS_MAX, REASON_CHARS

WEIGHT_MAX = 32_767


class DepartmentField(serializers.CharField):
    """A department of `context["edition"]`, by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, help_text="The code of a department.", **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Department:
        code, edition = super().run_validation(data), self.context["edition"]
        department = None if edition is None else find_department(edition, code)
        if department is None:
            raise serializers.ValidationError(_("Département inconnu."))
        return department


class CriterionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    department = serializers.CharField(source="department.code")
    name = serializers.CharField()
    guidance = serializers.CharField()
    weight = serializers.IntegerField()
    out_of = serializers.IntegerField(source="scale")
    position = serializers.IntegerField()


def _weight(**kwargs: Any) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=WEIGHT_MAX, **kwargs)


def _guidance(**kwargs: Any) -> serializers.CharField:
    return serializers.CharField(max_length=10_000, allow_blank=True, **kwargs)


def _out_of(**kwargs: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=list(SCALES), source="scale", **kwargs)


class NewCriterionSerializer(Strict):
    department = DepartmentField()
    name = serializers.CharField(max_length=Criterion._meta.get_field("name").max_length)
    weight = _weight(default=1)
    out_of = _out_of(default=20)
    guidance = _guidance(default="")


class CriterionPatchSerializer(AtLeastOne):
    name = serializers.CharField(
        max_length=Criterion._meta.get_field("name").max_length, required=False
    )
    weight = _weight(required=False)
    out_of = _out_of(required=False)
    guidance = _guidance(required=False)
    position = serializers.IntegerField(min_value=0, max_value=WEIGHT_MAX, required=False)
    reason = serializers.CharField(
        max_length=REASON_CHARS,
        required=False,
        help_text="Of a president, who changes a criterion that has marks already.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "reason" in attrs and "position" in attrs:
            raise serializers.ValidationError({"position": [_("Pas avec un motif.")]})
        return super().validate(attrs)


class SeatSerializer(serializers.Serializer[Any]):
    """`user` is the id of the person: `/api/v1/people/`."""

    id = serializers.IntegerField()
    user = serializers.IntegerField(source="user_id")
    name = serializers.CharField(source="user.display_name")
    department = serializers.CharField(source="department.code")
    kind = serializers.ChoiceField(choices=JurorKind.choices)
    is_president = serializers.BooleanField()
    left_at = serializers.DateTimeField(allow_null=True)


class NewSeatSerializer(Strict):
    department = DepartmentField()
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=120, default="", allow_blank=True)
    kind = serializers.ChoiceField(choices=JurorKind.choices, default=JurorKind.TEACHER)
    is_president = serializers.BooleanField(default=False)


class SeatPatchSerializer(AtLeastOne):
    kind = serializers.ChoiceField(choices=JurorKind.choices, required=False)
    is_president = serializers.BooleanField(required=False)


class RulesSerializer(serializers.Serializer[Any]):
    """`separation`: how sure the order of two teams must be for them not to be ex aequo."""

    id = serializers.IntegerField(source="department_id", help_text="Of the department.")
    method = serializers.ChoiceField(choices=Method.choices)
    readings = serializers.IntegerField()
    separation = serializers.FloatField()
    hears_nominees = serializers.BooleanField()


class RulesPatchSerializer(AtLeastOne):
    method = serializers.ChoiceField(choices=Method.choices, required=False)
    readings = serializers.IntegerField(min_value=1, max_value=READINGS_MAX, required=False)
    separation = serializers.DecimalField(
        max_digits=3,
        decimal_places=2,
        min_value=Decimal("0.5"),
        max_value=Decimal("0.99"),
        required=False,
    )
    hears_nominees = serializers.BooleanField(required=False)


class NewReadingSerializer(Strict):
    juror = serializers.IntegerField(min_value=1)
    team = serializers.IntegerField(min_value=1)


class RecusalSerializer(serializers.Serializer[Any]):
    """`reason`: for organizers, for the president and for the juror."""

    id = serializers.IntegerField()
    juror = serializers.IntegerField(source="juror_id")
    team = serializers.IntegerField(source="team_id")
    reason = serializers.CharField()
    made_at = serializers.DateTimeField()


class NewRecusalSerializer(Strict):
    juror = serializers.IntegerField(min_value=1)
    team = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=Recusal._meta.get_field("reason").max_length)
