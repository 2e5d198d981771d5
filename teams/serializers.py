from typing import Any

from rest_framework import serializers

from teams.enums import HelpKind, HelpState
from teams.models import NOTE_LENGTH, PLACE_LENGTH
from teams.selectors.calls import TeamCall


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


class NewHelpRequestSerializer(serializers.Serializer[Any]):
    """A call of the user's own team."""

    kind = serializers.ChoiceField(choices=HelpKind.choices)
    place = serializers.CharField(max_length=PLACE_LENGTH, required=False, allow_blank=True)
    note = serializers.CharField(max_length=NOTE_LENGTH, required=False, allow_blank=True)


class HelpStepSerializer(serializers.Serializer[Any]):
    """Helpers set `claimed`, `coming`, `done` or `waiting`; the team sets `withdrawn`."""

    state = serializers.ChoiceField(choices=HelpState.choices)


def call_body(found: TeamCall) -> dict[str, Any]:
    call = found.call
    names = ("kind", "state", "floor", "note", "requested_at", "claimed_at", "closed_at")
    return {
        "id": call.pk,
        "team": {
            "id": call.team_id,
            "name": call.team.name,
            "department": call.team.department.code,
        },
        "place": call.where,
        "queue_place": found.place,
        "claimed_by": call.claimed_by.display_name if call.claimed_by else None,
        **{name: getattr(call, name) for name in names},
    }
