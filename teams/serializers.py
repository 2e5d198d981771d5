from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from hackathon.base.core.api import AddressField, AtLeastOne, Strict, model_fields
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.selectors import find_department
from teams.enums import HelpKind, HelpState
from teams.models import Team
from teams.selectors.calls import TeamCall


class MemberSerializer(serializers.Serializer[Any]):
    """`id` is that of the membership, `user` that of the person. Addresses: `/api/v1/people/`."""

    id = serializers.IntegerField(source="pk")
    user = serializers.IntegerField(source="user_id")
    name = serializers.CharField(source="user.display_name")
    is_captain = serializers.BooleanField()
    joined_at = serializers.DateTimeField()


class TeamSerializer(serializers.Serializer[Any]):
    """For its members and for organizers."""

    id = serializers.IntegerField()
    department = serializers.CharField(source="department.code")
    join_code = serializers.CharField()
    registered_at = serializers.DateTimeField()
    absent_at = serializers.DateTimeField(allow_null=True)
    members = MemberSerializer(many=True, source="memberships.all")

    def get_fields(self) -> dict[str, Any]:
        own = super().get_fields()
        return {"id": own.pop("id"), **model_fields(Team, Team.EDITABLE, required=True), **own}


class TeamPatchSerializer(AtLeastOne):
    def get_fields(self) -> dict[str, Any]:
        return model_fields(Team, Team.EDITABLE, required=False)


class NewTeamSerializer(Strict):
    department = serializers.CharField(help_text="Its code.", max_length=20)

    def get_fields(self) -> dict[str, Any]:
        return {**super().get_fields(), **model_fields(Team, Team.EDITABLE)}

    def validate_department(self, code: str) -> Department:
        edition: Edition | None = self.context["edition"]
        department = None if edition is None else find_department(edition, code)
        if department is None:
            raise serializers.ValidationError(_("Département inconnu."))
        return department


class NewMembersSerializer(Strict):
    emails = serializers.ListField(child=AddressField(max_length=254), min_length=1, max_length=50)


class HelpTeamSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    department = serializers.CharField(help_text="Its code.")


class HelpRequestSerializer(serializers.Serializer[Any]):
    """A call for help, as its team and its helpers see it."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=HelpKind.choices)
    state = serializers.ChoiceField(choices=HelpState.choices)
    team = HelpTeamSerializer()
    place = serializers.CharField(help_text="Where to go: what the team typed, else its room.")
    floor = serializers.IntegerField(allow_null=True)
    note = serializers.CharField()
    queue_place = serializers.IntegerField(help_text="From 1 while it waits, else 0.")
    claimed_by = serializers.CharField(allow_null=True, help_text="The name of the helper.")
    requested_at = serializers.DateTimeField()
    claimed_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)


def call_body(with_place: TeamCall) -> dict[str, Any]:
    call = with_place.call
    names = ("kind", "state", "floor", "note", "requested_at", "claimed_at", "closed_at")
    return {
        "id": call.pk,
        "team": {
            "id": call.team_id,
            "name": call.team.name,
            "department": call.team.department.code,
        },
        "place": call.where,
        "queue_place": with_place.place,
        "claimed_by": call.claimed_by.display_name if call.claimed_by else None,
        **{name: getattr(call, name) for name in names},
    }
