from typing import Any

from rest_framework import serializers

from hackathon.base.core.api import AnyInstantField
from judging.enums import VisitKind
from judging.models import SheetChange
from judging.scoring.changes import Change, Result, SentChange, SentVisit, Visit

ID_MAX = 2**63 - 1


class ChangeSerializer(serializers.Serializer[Any]):
    key = serializers.UUIDField()
    team = serializers.IntegerField(min_value=0, max_value=ID_MAX)
    department = serializers.IntegerField(
        min_value=1, max_value=ID_MAX, required=False, allow_null=True
    )
    kind = serializers.CharField(max_length=SheetChange._meta.get_field("kind").max_length)
    criterion = serializers.IntegerField(
        min_value=1, max_value=ID_MAX, required=False, allow_null=True
    )
    value = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=4000, trim_whitespace=False
    )
    base = serializers.IntegerField(min_value=0)
    seen = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, default=list, max_length=50
    )
    device = serializers.CharField(required=False, allow_blank=True, default="", max_length=36)
    given_at = AnyInstantField(required=False, allow_null=True, default=None)


def sent_change(raw: Any) -> SentChange | SentVisit:
    """An unreadable entry is refused alone."""
    key = str(raw.get("key", ""))[:36] if isinstance(raw, dict) else ""
    form = ChangeSerializer(data=raw)
    if not form.is_valid():
        return SentChange(key)
    data = form.validated_data
    if data["kind"] in VisitKind.values:
        visit = Visit(
            kind=VisitKind(data["kind"]),
            value=data["value"],
            key=data["key"],
            department=data.get("department") or 0,
            given_at=data["given_at"],
        )
        return SentVisit(key, data["team"], visit)
    change = Change(
        kind=data["kind"],
        value=data["value"].replace("\r\n", "\n"),
        base=data["base"],
        seen=data["seen"],
        device=data["device"],
        given_at=data["given_at"],
        key=data["key"],
    )
    return SentChange(key, data["team"], data.get("criterion"), change)


def result_data(result: Result) -> dict[str, Any]:
    data: dict[str, Any] = {
        "key": result.key,
        "state": result.outcome,
        "version": result.version,
    }
    if result.theirs is not None:
        data["theirs"] = {
            "value": result.theirs.value,
            "at": result.theirs.given_at.isoformat(),
            "device": result.theirs.device,
        }
    if result.refusal is not None:
        data["code"], data["message"] = result.refusal.code.value, result.refusal.message
    return data
