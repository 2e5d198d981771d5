from rest_framework import serializers

from hackathon.base.core.api import AtLeastOne, InstantField, Strict
from hackathon.event.editions.enums import STORED_MILESTONES, LatePolicy, MilestoneKind, Phase
from hackathon.event.editions.models import Edition


class MilestoneSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=MilestoneKind.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    at = serializers.DateTimeField()


class DepartmentSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class EditionStateSerializer(serializers.Serializer):
    """Describes the result of `live.public_state`."""

    slug = serializers.SlugField()
    name = serializers.CharField()
    school = serializers.CharField()
    timezone = serializers.CharField()
    now = serializers.DateTimeField()
    phase = serializers.ChoiceField(choices=Phase.choices)
    registration_opens_at = serializers.DateTimeField()
    registration_closes_at = serializers.DateTimeField()
    starts_at = serializers.DateTimeField()
    deadline_at = serializers.DateTimeField()
    grace_seconds = serializers.IntegerField()
    late_policy = serializers.ChoiceField(choices=LatePolicy.choices)
    promise_minutes = serializers.IntegerField(
        help_text="After the grace: for bytes that the server knew before they came."
    )
    accepts_until = serializers.DateTimeField(
        allow_null=True, help_text="Null while late deposits are accepted."
    )
    judging_opens_at = serializers.DateTimeField()
    milestones = MilestoneSerializer(many=True)
    departments = DepartmentSerializer(many=True)


class MoveSerializer(AtLeastOne):
    """At least one of these. An instant without offset is in the edition's zone."""

    registration_opens_at = InstantField(required=False)
    registration_closes_at = InstantField(required=False)
    starts_at = InstantField(required=False)
    deadline_at = InstantField(required=False)
    grace_seconds = serializers.IntegerField(required=False, min_value=0, max_value=24 * 3600)
    late_policy = serializers.ChoiceField(required=False, choices=LatePolicy.choices)
    promise_minutes = serializers.IntegerField(required=False, min_value=0, max_value=24 * 60)
    judging_opens_at = InstantField(required=False)


class InstantChangeSerializer(serializers.Serializer):
    label = serializers.CharField()  # type: ignore[assignment]
    before = serializers.DateTimeField()
    to = serializers.DateTimeField()


class ConcernedSerializer(serializers.Serializer):
    teams = serializers.IntegerField()
    uploads = serializers.IntegerField(help_text="Under way now.")
    nothing = serializers.IntegerField(help_text="Teams that have handed in nothing.")
    something = serializers.IntegerField(help_text="Teams that have handed in a part.")


class MovePreviewSerializer(serializers.Serializer):
    """Describes `moves.Move`."""

    changes = InstantChangeSerializer(many=True)
    concerned = ConcernedSerializer()
    is_forward = serializers.BooleanField(help_text="The deadline comes earlier.")
    is_past = serializers.BooleanField(help_text="The deadline would be over at once.")
    grace_ends_at = serializers.DateTimeField(
        allow_null=True, help_text="Null if the deadline stays."
    )


class EditionSerializer(serializers.ModelSerializer[Edition]):
    id = serializers.CharField(source="slug")
    client = serializers.CharField(help_text="Empty for an edition that you don't organize.")

    class Meta:
        model = Edition
        fields = (
            *("id", "name", "school", "client", "place", "timezone", "state", "is_current"),
            *("starts_at", "deadline_at"),
        )


class ListedDepartmentSerializer(DepartmentSerializer):
    id = serializers.IntegerField()


class ListedMilestoneSerializer(MilestoneSerializer):
    id = serializers.IntegerField()


class NewMilestoneSerializer(Strict):
    kind = serializers.ChoiceField(choices=STORED_MILESTONES)
    label = serializers.CharField(max_length=120)  # type: ignore[assignment]
    at = InstantField()


class MilestonePatchSerializer(AtLeastOne):
    kind = serializers.ChoiceField(choices=STORED_MILESTONES, required=False)
    label = serializers.CharField(max_length=120, required=False)  # type: ignore[assignment]
    at = InstantField(required=False)


class AttachmentSerializer(serializers.Serializer):
    """Its bytes are at `/api/v1/attachments/ID/content/`."""

    id = serializers.UUIDField()
    filename = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class BriefSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    department = serializers.CharField(source="department.code")
    title = serializers.CharField()
    body = serializers.CharField(help_text="Markdown.")
    published_at = serializers.DateTimeField()
    attachments = AttachmentSerializer(many=True, source="attachments.all")
