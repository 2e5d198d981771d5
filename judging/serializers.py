"""Bodies of the API. Instants are in UTC."""

from typing import Any

from rest_framework import serializers

from hackathon.event.editions.models import Department
from judging.deliberation.selectors.envelopes import Envelope
from judging.enums import JurorKind
from judging.jury.progress import JuryProgress
from judging.models import Criterion
from judging.plan.selectors import COUNTS, JurorLine


class JurorSerializer(serializers.Serializer[Any]):
    """`done` of `total` readings are finished."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=JurorKind.choices)
    is_president = serializers.BooleanField()
    left_at = serializers.DateTimeField(allow_null=True)
    done = serializers.IntegerField()
    drafts = serializers.IntegerField()
    total = serializers.IntegerField()


class JurySerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="Of the department.")
    department = serializers.CharField()
    locked = serializers.BooleanField()
    teams = serializers.IntegerField()
    jurors = JurorSerializer(many=True)


class ReadingSerializer(serializers.Serializer[Any]):
    team = serializers.IntegerField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in COUNTS])


class PlanSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="Of the juror.")
    name = serializers.CharField()
    department = serializers.CharField()
    readings = ReadingSerializer(many=True)


class CriterionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    department = serializers.CharField()
    name = serializers.CharField()
    guidance = serializers.CharField()
    weight = serializers.IntegerField()
    out_of = serializers.IntegerField()
    position = serializers.IntegerField()


class StruckDigestSerializer(serializers.Serializer[Any]):
    digest = serializers.CharField()
    announced_at = serializers.DateTimeField()
    struck_at = serializers.DateTimeField(allow_null=True)


class EnvelopeLineSerializer(serializers.Serializer[Any]):
    """`digest` is empty until the lock, `salt` empty and `results` null until the publication. A
    jury that hears its nominees first has two: that `of_nominees`, and that of its decision.
    """

    id = serializers.IntegerField(help_text="Of the department.")
    department = serializers.CharField()
    of_nominees = serializers.BooleanField()
    digest = serializers.CharField()
    locked_at = serializers.DateTimeField(allow_null=True)
    struck = StruckDigestSerializer(many=True)
    salt = serializers.CharField()
    results = serializers.JSONField(allow_null=True)


def envelope_body(envelope: Envelope) -> dict[str, Any]:
    names = ("of_nominees", "digest", "locked_at", "struck", "salt", "results")
    department = envelope.department
    return {
        "id": department.pk,
        "department": department.code,
        **{name: getattr(envelope, name) for name in names},
    }


def jury_body(line: JuryProgress, *, only: int | None = None) -> dict[str, Any]:
    """`only`: the one juror to show."""
    return {
        "id": line.department.pk,
        "department": line.department.code,
        "locked": line.locked,
        "teams": line.teams,
        "jurors": [
            {
                "id": progress.juror.pk,
                "name": progress.juror.user.display_name,
                "kind": progress.juror.kind,
                "is_president": progress.juror.is_president,
                "left_at": progress.juror.left_at,
                "done": progress.done,
                "drafts": progress.drafts,
                "total": progress.total,
            }
            for progress in [*line.jurors, *line.gone]
            if only in (None, progress.juror.pk)
        ],
    }


def plan_body(line: JurorLine) -> dict[str, Any]:
    return {
        "id": line.juror.pk,
        "name": line.juror.user.display_name,
        "department": line.juror.department.code,
        "readings": [
            {"team": cell.team.pk, "name": cell.team.name, "state": cell.reading.value}
            for cell in line.cells
        ],
    }


def criterion_body(criterion: Criterion, department: Department) -> dict[str, Any]:
    names = ("name", "guidance", "weight", "position")
    return {
        "id": criterion.pk,
        "department": department.code,
        "out_of": criterion.scale,
        **{name: getattr(criterion, name) for name in names},
    }
