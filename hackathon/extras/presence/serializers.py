from typing import Any

from rest_framework import serializers

from hackathon.base.core.api import AnyInstantField
from hackathon.extras.presence.enums import TickKind

BY_OTHERS = (TickKind.HERE, TickKind.LEFT, TickKind.UNDONE)


class TickSerializer(serializers.Serializer[Any]):
    key = serializers.UUIDField()
    person = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    moment = serializers.IntegerField(min_value=0, max_value=2**63 - 1)
    value = serializers.ChoiceField(choices=BY_OTHERS)
    given_at = AnyInstantField(required=False, allow_null=True, default=None)
    clock = serializers.TimeField(
        required=False, allow_null=True, default=None, input_formats=["%H:%M"]
    )
