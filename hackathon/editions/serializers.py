from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from rest_framework import serializers

from hackathon.editions import rules
from hackathon.editions.enums import LatePolicy, MilestoneKind, Phase


class MilestoneSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=MilestoneKind.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    at = serializers.DateTimeField()


class DepartmentSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class EditionStateSerializer(serializers.Serializer):
    """Describes the result of `live.public_state`."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    school = serializers.CharField()
    timezone = serializers.CharField()
    now = serializers.DateTimeField()
    phase = serializers.ChoiceField(choices=Phase.choices)
    registration_opens_at = serializers.DateTimeField()
    registration_closes_at = serializers.DateTimeField()
    starts_at = serializers.DateTimeField()
    deadline_at = serializers.DateTimeField()
    grace_seconds = serializers.IntegerField()
    late_policy = serializers.ChoiceField(choices=LatePolicy.choices)
    accepts_until = serializers.DateTimeField(
        allow_null=True, help_text="Null while late deposits are accepted."
    )
    judging_opens_at = serializers.DateTimeField()
    milestones = MilestoneSerializer(many=True)
    departments = DepartmentSerializer(many=True)


def instant_field() -> serializers.DateTimeField:
    return serializers.DateTimeField(
        required=False,
        validators=[MinValueValidator(rules.EARLIEST), MaxValueValidator(rules.LATEST)],
    )


class MoveSerializer(serializers.Serializer):
    """At least one of these. An instant without offset is in the edition's zone."""

    registration_opens_at = instant_field()
    registration_closes_at = instant_field()
    starts_at = instant_field()
    deadline_at = instant_field()
    grace_seconds = serializers.IntegerField(required=False, min_value=0, max_value=24 * 3600)
    late_policy = serializers.ChoiceField(required=False, choices=LatePolicy.choices)
    judging_opens_at = instant_field()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        # A client with a misspelt field must not believe that it has moved the deadline.
        unknown = set(self.initial_data) - set(self.fields)
        if unknown:
            raise serializers.ValidationError(
                {
                    name: [_("Ce champ n’existe pas ou ne se change pas.")]
                    for name in sorted(unknown)
                }
            )
        if not attrs:
            raise serializers.ValidationError(_("Donnez au moins un champ à changer."))
        return attrs
