from typing import Any

from rest_framework import serializers


class TickSerializer(serializers.Serializer[Any]):
    person = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    value = serializers.ChoiceField(choices=("served", "waiting"))
    given_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
