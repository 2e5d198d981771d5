"""Shapes: the results (`rank` twice the same is ex aequo), and what tablets send and are told."""

from decimal import Decimal, InvalidOperation
from typing import Any

from rest_framework import serializers

from judging.enums import ChangeKind
from judging.scoring.services.sheets import Change, canonical
from judging.scoring.services.sync import Answer, Sent


class ChangeSerializer(serializers.Serializer[Any]):
    """A change as a tablet sends it."""

    key = serializers.UUIDField()
    team = serializers.IntegerField(min_value=1)
    kind = serializers.ChoiceField(ChangeKind.choices)
    criterion = serializers.IntegerField(min_value=1, required=False, allow_null=True)
    value = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=4000, trim_whitespace=False
    )
    base = serializers.IntegerField(min_value=0)
    seen = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, default=list, max_length=50
    )
    device = serializers.CharField(required=False, allow_blank=True, default="", max_length=36)
    given_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


def sent_of(raw: Any) -> Sent:
    """One entry of a batch. What is not readable is refused by itself, the others are not."""
    key = str(raw.get("key", ""))[:36] if isinstance(raw, dict) else ""
    form = ChangeSerializer(data=raw)
    if not form.is_valid():
        return Sent(key)
    data = form.validated_data
    value = data["value"].replace("\r\n", "\n")
    if data["kind"] == ChangeKind.MARK:
        value = _mark(value)
    change = Change(
        kind=ChangeKind(data["kind"]),
        value=value,
        base=data["base"],
        seen=data["seen"],
        device=data["device"],
        given_at=data["given_at"],
        key=data["key"],
    )
    return Sent(key, data["team"], data.get("criterion"), change)


def answer_data(answer: Answer) -> dict[str, Any]:
    """What a tablet is told of a change."""
    told: dict[str, Any] = {"key": answer.key, "state": answer.state, "version": answer.version}
    if answer.theirs is not None:
        told["theirs"] = {
            "value": answer.theirs.value,
            "at": answer.theirs.given_at.isoformat(),
            "device": answer.theirs.device,
        }
    if answer.refusal is not None:
        told["code"], told["message"] = answer.refusal.code.value, answer.refusal.message
    return told


def _mark(value: str) -> str:
    """As changes keep it, so that 14 and 14.0 are the same; nonsense is the service's to refuse."""
    try:
        return canonical(Decimal(value)) if value else ""
    except InvalidOperation:
        return value
