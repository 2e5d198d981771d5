from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from hackathon.base.core.api import AddressField, Strict
from hackathon.base.core.scopes import Scope
from hackathon.event.editions.enums import ColleagueRole
from hackathon.event.editions.selectors import find_department
from hackathon.event.people.enums import GivenRole, Role
from hackathon.event.people.selectors import Person
from judging.models import Juror
from teams.enums import HelpKind
from teams.models import Duty, Membership


class RolesSerializer(serializers.Serializer[Any]):
    """`colleague`: the role of who has less than an organizer. `team` is an id; `juries` and
    `presides` are codes of departments.
    """

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    organizer = serializers.BooleanField()
    colleague = serializers.ChoiceField(choices=ColleagueRole.choices, allow_null=True)
    team = serializers.IntegerField(allow_null=True)
    juries = serializers.ListField(child=serializers.CharField())
    presides = serializers.ListField(child=serializers.CharField())
    duties = serializers.ListField(child=serializers.ChoiceField(choices=HelpKind.choices))


class MeSerializer(RolesSerializer):
    edition = serializers.CharField(allow_null=True)
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices))


class PersonSerializer(RolesSerializer):
    is_active = serializers.BooleanField()


class PeopleQuery(serializers.Serializer[Any]):
    text = serializers.CharField(
        required=False, allow_blank=True, max_length=200, help_text="In name, address or team."
    )
    role = serializers.ChoiceField(choices=Role.choices, required=False)


class InvitationSerializer(Strict):
    email = AddressField(max_length=254)
    role = serializers.ChoiceField(choices=GivenRole.choices)
    department = serializers.CharField(required=False, help_text="Its code.", max_length=20)
    creates = serializers.BooleanField(
        default=False, help_text="Make an account if there is none with this address."
    )

    def validate_role(self, role: str) -> GivenRole:
        return GivenRole(role)

    def validate_department(self, code: str) -> Any:
        edition = self.context["edition"]
        if edition is None or (department := find_department(edition, code)) is None:
            raise serializers.ValidationError(_("Département inconnu."))
        return department


def person_body(person: Person) -> dict[str, Any]:
    user = person.user
    return {
        "id": user.pk,
        "name": user.display_name,
        "email": user.email,
        "is_active": user.is_active,
        **roles_body(
            person.is_organizer,
            person.colleague.role if person.colleague else None,
            person.membership,
            person.juries,
            person.duties,
        ),
    }


def roles_body(
    organizer: bool,
    colleague: str | None,
    membership: Membership | None,
    juries: Iterable[Juror],
    duties: Iterable[Duty],
) -> dict[str, Any]:
    seats = list(juries)
    return {
        "organizer": organizer and colleague is None,
        "colleague": colleague,
        "team": None if membership is None else membership.team_id,
        "juries": [seat.department.code for seat in seats],
        "presides": [seat.department.code for seat in seats if seat.is_president],
        "duties": sorted({duty.kind for duty in duties}),
    }
