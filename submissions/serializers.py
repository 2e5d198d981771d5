"""Bodies of the API. They change only with a new version of the API."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from hackathon.event.editions.models import Edition
from submissions.enums import DeliverableKind, ProgressState, Punctuality, SealMoment
from submissions.extensions.rules import EXTENSION_MAX_MINUTES
from submissions.models import Deliverable, Extension
from submissions.seals.selectors import SealSet
from submissions.versions.progress import TeamProgress
from submissions.versions.selectors import (
    DeliverableStatus,
    Version,
)

CONTENTS = ("file", "url", "text")


class OfTeamSerializer(serializers.Serializer[Any]):
    team = serializers.IntegerField(
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text="For organizers: the id of a team.",
    )


class SubmissionSerializer(serializers.Serializer[Any]):
    """A version of a deliverable. `mark` and `counts` are computed from the current deadline.

    `receipt` is the code of its receipt, to be checked at `/recus/CODE/`. `entry_reason` is why an
    organizer entered it; empty: the team handed it in. `promised_at`: it counts as received then,
    when the server knew these bytes before they came; null: it counts from `received_at`.
    """

    id = serializers.IntegerField()
    version = serializers.IntegerField()
    received_at = serializers.DateTimeField()
    promised_at = serializers.DateTimeField(allow_null=True)
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    mark = serializers.ChoiceField(choices=Punctuality.choices)
    counts = serializers.BooleanField()
    receipt = serializers.CharField()
    entry_reason = serializers.CharField()


class DeliverableSerializer(serializers.Serializer[Any]):
    """Versions are newest first. `due_at` null: due at the edition's deadline. `deadline_at` is
    that of the team, with its extension. `accepts_until` null: late deposits are accepted.
    """

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=DeliverableKind.choices)
    formats = serializers.ListField(child=serializers.CharField())
    max_bytes = serializers.IntegerField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    opens_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    deadline_at = serializers.DateTimeField()
    accepts_until = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(choices=ProgressState.choices)
    submissions = SubmissionSerializer(many=True)


class ExtensionSerializer(serializers.Serializer[Any]):
    """Of a team or of a department. `deliverable` null: of the edition's deadline, else of that
    deliverable's own. `revoked_at` null: it is valid.
    """

    id = serializers.IntegerField()
    team = serializers.IntegerField(allow_null=True)
    department = serializers.CharField(allow_null=True)
    deliverable = serializers.IntegerField(allow_null=True)
    minutes = serializers.IntegerField()
    reason = serializers.CharField()
    granted_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)


class SealedDepartmentSerializer(serializers.Serializer[Any]):
    """`seal` is the id of the department's own seal, null if that was deleted."""

    code = serializers.CharField()
    name = serializers.CharField()
    digest = serializers.CharField()
    teams = serializers.IntegerField()
    deposits = serializers.IntegerField()
    seal = serializers.IntegerField(allow_null=True)


class SealSerializer(serializers.Serializer[Any]):
    """A seal over all departments. `teams` and `deposits` are the numbers at `as_of`. `due_at`: of
    the deliverables with this deadline of their own; null: of what is due at the edition's.
    """

    id = serializers.IntegerField()
    moment = serializers.ChoiceField(choices=SealMoment.choices)
    as_of = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    made_at = serializers.DateTimeField()
    digest = serializers.CharField()
    teams = serializers.IntegerField()
    deposits = serializers.IntegerField()
    departments = SealedDepartmentSerializer(many=True)


class NewSubmissionSerializer(serializers.Serializer[Any]):
    """One of `file` (multipart), `url`, `text`. For an organizer also `team` (id) and `reason`."""

    deliverable = serializers.IntegerField(min_value=1)
    file = serializers.FileField(required=False, allow_empty_file=True, max_length=255)
    url = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    text = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    team = serializers.IntegerField(min_value=1, required=False)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=300)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in CONTENTS) != 1:
            raise serializers.ValidationError(_("Donnez un contenu, un seul : file, url ou text."))
        if "reason" in attrs and "team" not in attrs:
            raise serializers.ValidationError({"reason": _("Seulement avec une équipe : team.")})
        return attrs


class NewExtensionSerializer(serializers.Serializer[Any]):
    """`team` (id) or `department` (code) of `context["edition"]`. Unknown ones are 400."""

    team = serializers.IntegerField(required=False, allow_null=True, default=None)
    department = serializers.CharField(required=False, allow_null=True, default=None)
    deliverable = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        help_text="The id of one with a deadline of its own. Null: the edition's deadline.",
    )
    minutes = serializers.IntegerField(min_value=1, max_value=EXTENSION_MAX_MINUTES)
    reason = serializers.CharField(max_length=300, allow_blank=True)
    private_reason = serializers.CharField(
        max_length=300,
        allow_blank=True,
        default="",
        help_text="Only organizers read it, and only on their pages: no answer contains it.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Replaces the id or the code by the object."""
        edition: Edition = self.context["edition"]
        if attrs["team"] is not None:
            attrs["team"] = edition.teams.filter(pk=attrs["team"]).first()
            if attrs["team"] is None:
                raise serializers.ValidationError({"team": _("Équipe inconnue.")})
        if attrs["department"] is not None:
            code = attrs["department"]
            attrs["department"] = edition.departments.filter(code__iexact=code).first()
            if attrs["department"] is None:
                raise serializers.ValidationError({"department": _("Département inconnu.")})
        if (pk := attrs["deliverable"]) is not None:
            in_edition = Deliverable.objects.filter(department__edition=edition)
            attrs["deliverable"] = in_edition.filter(pk=pk).first()
            if attrs["deliverable"] is None:
                raise serializers.ValidationError({"deliverable": _("Livrable inconnu.")})
        return attrs


class ProgressSerializer(serializers.Serializer[Any]):
    """How much of what is required a team has handed in."""

    id = serializers.IntegerField(help_text="Of the team.")
    name = serializers.CharField()
    department = serializers.CharField()
    state = serializers.ChoiceField(choices=ProgressState.choices)
    received = serializers.IntegerField()
    required = serializers.IntegerField()  # type: ignore[assignment]
    total = serializers.IntegerField()
    completed_at = serializers.DateTimeField(allow_null=True)
    missing = serializers.ListField(child=serializers.CharField())


def progress_body(progress: TeamProgress) -> dict[str, Any]:
    names = ("state", "received", "required", "total", "completed_at")
    return {
        "id": progress.team.pk,
        "name": progress.team.name,
        "department": progress.department.code,
        "missing": [deliverable.name for deliverable in progress.missing],
        **{name: getattr(progress, name) for name in names},
    }


def submission_body(version: Version) -> dict[str, Any]:
    submission = version.submission
    return {
        "id": submission.pk,
        "version": submission.version,
        "received_at": submission.received_at,
        "size": submission.size,
        "sha256": submission.sha256,
        "promised_at": version.announced_at,
        "mark": version.punctuality.value,
        "counts": version.counts,
        "receipt": submission.receipt.code,
        "entry_reason": submission.entry_reason,
    }


def deliverable_body(status: DeliverableStatus) -> dict[str, Any]:
    deliverable = status.deliverable
    return {
        "id": deliverable.pk,
        "name": deliverable.name,
        "kind": deliverable.kind,
        "formats": deliverable.formats,
        "max_bytes": deliverable.max_bytes,
        "required": deliverable.required,
        "opens_at": status.period.opens_at,
        "due_at": deliverable.due_at,
        "deadline_at": status.period.deadline_at,
        "accepts_until": status.period.accepts_until,
        "state": status.state.value,
        "submissions": [submission_body(version) for version in status.versions],
    }


def extension_body(extension: Extension) -> dict[str, Any]:
    return {
        "id": extension.pk,
        "team": extension.team_id,
        "department": extension.department.code if extension.department else None,
        "deliverable": extension.deliverable_id,
        "minutes": extension.minutes,
        "reason": extension.reason,
        "granted_at": extension.granted_at,
        "revoked_at": extension.revoked_at,
    }


def seal_body(seals: SealSet) -> dict[str, Any]:
    seal = seals.over_all
    return {
        "id": seal.pk,
        "moment": seal.moment,
        "as_of": seal.as_of,
        "due_at": seal.due_at,
        "made_at": seal.made_at,
        "digest": seal.digest,
        "teams": seal.manifest["teams"],
        "deposits": seal.manifest["deposits"],
        "departments": [{**line, "seal": part and part.pk} for line, part in seals.lines],
    }
