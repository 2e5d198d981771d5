"""Shapes: the results (`rank` twice the same is ex aequo), and what tablets send and are told."""

from decimal import Decimal, InvalidOperation
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from judging.enums import ChangeKind
from judging.selectors.envelopes import Envelope
from judging.selectors.results import DepartmentResults
from judging.services.scoring import Change, canonical
from judging.services.sync import Answer, Sent
from teams.models import Team


class TeamSerializer(serializers.Serializer[Team]):
    """A team as everybody may see it."""

    team = serializers.CharField(source="name")
    project = serializers.CharField()


class WinnerSerializer(serializers.Serializer[dict[str, Any]]):
    """A prize."""

    rank = serializers.IntegerField()
    team = serializers.CharField()
    project = serializers.CharField()


class SpecialSerializer(serializers.Serializer[dict[str, Any]]):
    """A prize with its own name."""

    title = serializers.CharField()
    team = serializers.CharField()
    project = serializers.CharField()


class EnvelopeSerializer(serializers.Serializer[Envelope]):
    """What the jury sealed at its lock: `digest`, announced then, is the SHA-256 of `content`, in
    UTF-8: the salt and a line feed, the results as JSON and a line feed.
    """

    locked_at = serializers.DateTimeField()
    digest = serializers.CharField()
    salt = serializers.CharField()
    results = serializers.JSONField()
    content = serializers.SerializerMethodField()

    def get_content(self, envelope: Envelope) -> str:
        """Exactly what was hashed."""
        return envelope.content.decode()


class DepartmentResultsSerializer(serializers.Serializer[DepartmentResults]):
    """A department's prizes; `nominees` are all who were named, the winners too. `envelope` is
    null where the jury locked without one.
    """

    code = serializers.CharField(source="department.code")
    name = serializers.CharField(source="department.name")
    winners = serializers.SerializerMethodField()
    special = serializers.SerializerMethodField()
    nominees = TeamSerializer(many=True)
    envelope = serializers.SerializerMethodField()

    @extend_schema_field(WinnerSerializer(many=True))
    def get_winners(self, results: DepartmentResults) -> list[dict[str, Any]]:
        """Best first."""
        return [
            {"rank": place.rank, "team": team.name, "project": team.project}
            for place in results.places
            for team in place.teams
        ]

    @extend_schema_field(SpecialSerializer(many=True))
    def get_special(self, results: DepartmentResults) -> list[dict[str, Any]]:
        """By their names; twice the same title is ex aequo."""
        return [
            {"title": prize.title, "team": team.name, "project": team.project}
            for prize in results.special
            for team in prize.teams
        ]

    @extend_schema_field(EnvelopeSerializer(allow_null=True))
    def get_envelope(self, results: DepartmentResults) -> dict[str, Any] | None:
        """Opened with the publication."""
        envelope = results.envelope
        return EnvelopeSerializer(envelope).data if envelope and envelope.is_open else None


class ResultsSerializer(serializers.Serializer[dict[str, Any]]):
    """The whole answer."""

    published = serializers.BooleanField()
    departments = DepartmentResultsSerializer(many=True)


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
