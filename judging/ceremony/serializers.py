"""The docstrings are part of the API's schema."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from judging.ceremony.selectors.results import DepartmentResults
from judging.ceremony.selectors.state import OnStage, ScreenState
from judging.deliberation.selectors.envelopes import Envelope
from teams.models import Team


class PrizeTeamSerializer(serializers.Serializer[Team]):
    """A team's public fields."""

    team = serializers.CharField(source="name")
    project = serializers.CharField()


class WinnerSerializer(serializers.Serializer[dict[str, Any]]):
    """A place; equal ranks are ex aequo."""

    rank = serializers.IntegerField()
    team = serializers.CharField()
    project = serializers.CharField()


class SpecialSerializer(serializers.Serializer[dict[str, Any]]):
    """A special prize."""

    title = serializers.CharField()
    team = serializers.CharField()
    project = serializers.CharField()


class EnvelopeSerializer(serializers.Serializer[Envelope]):
    """The results as sealed at the lock. `digest`, announced then, is the SHA-256 of `content` in
    UTF-8: the salt and a line feed, then the results as JSON and a line feed.
    """

    locked_at = serializers.DateTimeField()
    digest = serializers.CharField()
    salt = serializers.CharField()
    results = serializers.JSONField()
    content = serializers.SerializerMethodField()

    def get_content(self, envelope: Envelope) -> str:
        return envelope.content.decode()


class DepartmentResultsSerializer(serializers.Serializer[DepartmentResults]):
    """A department's prizes. `nominees` include the winners; `envelope` may be null."""

    code = serializers.CharField(source="department.code")
    name = serializers.CharField(source="department.name")
    winners = serializers.SerializerMethodField()
    special = serializers.SerializerMethodField()
    nominees = PrizeTeamSerializer(many=True)
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
        """By title; equal titles are ex aequo."""
        return [
            {"title": prize.title, "team": team.name, "project": team.project}
            for prize in results.special
            for team in prize.teams
        ]

    @extend_schema_field(EnvelopeSerializer(allow_null=True))
    def get_envelope(self, results: DepartmentResults) -> dict[str, Any] | None:
        envelope = results.envelope
        return EnvelopeSerializer(envelope).data if envelope and envelope.is_open else None


class ResultsSerializer(serializers.Serializer[dict[str, Any]]):
    published = serializers.BooleanField()
    departments = DepartmentResultsSerializer(many=True)


class PassageSerializer(serializers.Serializer[OnStage]):
    """The team on stage. Its phase ends at `ends_at`; `following` presents next, if any."""

    team = serializers.CharField()
    following = serializers.CharField()
    phase = serializers.ChoiceField(choices=["speaking", "questions"])
    ends_at = serializers.DateTimeField()
    page = serializers.IntegerField()


class CeremonySerializer(serializers.Serializer[ScreenState]):
    """`kind` of the step; « waiting » without a ceremony. Nominees that present their work are in
    the order in which they do.
    """

    kind = serializers.CharField()
    department = serializers.CharField()
    teams = serializers.SerializerMethodField()
    passage = PassageSerializer(allow_null=True, source="on_stage")

    def get_teams(self, shown: ScreenState) -> list[str]:
        return [team.name for team in shown.teams]
