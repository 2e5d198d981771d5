"""The results' shape. `rank` twice the same is ex aequo."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from judging.selectors.results import DepartmentResults
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


class DepartmentResultsSerializer(serializers.Serializer[DepartmentResults]):
    """A department's prizes; `nominees` are all who were named, the winners too."""

    code = serializers.CharField(source="department.code")
    name = serializers.CharField(source="department.name")
    winners = serializers.SerializerMethodField()
    nominees = TeamSerializer(many=True)

    @extend_schema_field(WinnerSerializer(many=True))
    def get_winners(self, results: DepartmentResults) -> list[dict[str, Any]]:
        """Best first."""
        return [
            {"rank": place.rank, "team": team.name, "project": team.project}
            for place in results.places
            for team in place.teams
        ]


class ResultsSerializer(serializers.Serializer[dict[str, Any]]):
    """The whole answer."""

    published = serializers.BooleanField()
    departments = DepartmentResultsSerializer(many=True)
