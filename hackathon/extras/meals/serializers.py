from typing import Any

from rest_framework import serializers

from hackathon.base.core.api import AnyInstantField


class TickSerializer(serializers.Serializer[Any]):
    person = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    value = serializers.ChoiceField(choices=("served", "waiting"))
    given_at = AnyInstantField(required=False, allow_null=True, default=None)
