"""Bodies of the API. Instants are in UTC, marks are numbers on the scale of their criterion."""

from typing import Any

from rest_framework import serializers

from hackathon.core.api import AtLeastOne
from hackathon.witness.serializers import StampSerializer, stamp_body
from judging.deliberation.selectors.envelopes import Envelope
from judging.enums import JurorKind, SheetState
from judging.jury.progress import JuryProgress
from judging.models import Juror, ScoreSheet
from judging.plan.selectors import COUNTS, JurorLine
from judging.scales import rounded
from judging.scoring.pages import SheetPage, TeamLine, Work


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


class OwnSheetSerializer(serializers.Serializer[Any]):
    """`mean` is out of 20, null until every criterion has a mark. `outdated`: what counts was
    handed in after a mark.
    """

    id = serializers.IntegerField(help_text="Of the team.")
    name = serializers.CharField()
    project = serializers.CharField()
    department = serializers.CharField()
    work = serializers.ChoiceField(choices=[work.value for work in Work])
    marked = serializers.IntegerField()
    criteria = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True)
    version = serializers.IntegerField()
    outdated = serializers.BooleanField()


class MarkSerializer(serializers.Serializer[Any]):
    criterion = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    outdated = serializers.BooleanField()


class SheetSerializer(serializers.Serializer[Any]):
    """`seen`: ids of the submissions that count now. `comment` is for the team, `notes` for the
    juror alone.
    """

    id = serializers.IntegerField(help_text="Of the team.")
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=SheetState.choices)
    writable = serializers.BooleanField()
    marks = MarkSerializer(many=True)
    mean = serializers.FloatField(allow_null=True)
    comment = serializers.CharField()
    notes = serializers.CharField()
    version = serializers.IntegerField()
    seen = serializers.ListField(child=serializers.IntegerField())


def _text(name: str) -> serializers.CharField:
    length = getattr(ScoreSheet._meta.get_field(name), "max_length")  # noqa: B009 - its type
    return serializers.CharField(max_length=length, required=False, allow_blank=True)


class SheetPatchSerializer(AtLeastOne):
    marks = serializers.DictField(
        child=serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True),
        required=False,
    )
    comment = _text("comment")
    notes = _text("notes")
    state = serializers.ChoiceField(choices=SheetState.choices, required=False)
    base = serializers.IntegerField(min_value=0, required=False)
    seen = serializers.ListField(
        child=serializers.IntegerField(min_value=1), max_length=50, required=False
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        return {"marks": {}, **super().validate(attrs)}


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
    stamps = StampSerializer(many=True)
    salt = serializers.CharField()
    results = serializers.JSONField(allow_null=True)


def envelope_body(envelope: Envelope) -> dict[str, Any]:
    names = ("of_nominees", "digest", "locked_at", "struck", "salt", "results")
    department = envelope.department
    return {
        "id": department.pk,
        "department": department.code,
        **{name: getattr(envelope, name) for name in names},
        "stamps": [stamp_body(stamp) for stamp in envelope.stamps],
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


def own_sheet_body(juror: Juror, line: TeamLine) -> dict[str, Any]:
    return {
        "id": line.team.pk,
        "name": line.team.name,
        "project": line.team.project,
        "department": juror.department.code,
        "work": line.work.value,
        "marked": line.marked,
        "criteria": line.criteria,
        "mean": None if line.mean is None else rounded(line.mean),
        "version": line.version,
        "outdated": line.outdated,
    }


def sheet_body(page: SheetPage) -> dict[str, Any]:
    return {
        "id": page.team.pk,
        "name": page.team.name,
        "state": page.sheet.state if page.sheet else SheetState.DRAFT,
        "writable": page.writable,
        "marks": [
            {"criterion": line.criterion.pk, "value": line.value, "outdated": line.outdated}
            for line in page.lines
        ],
        "mean": None if page.mean is None else rounded(page.mean),
        "comment": page.comment,
        "notes": page.notes,
        "version": page.version,
        "seen": page.seen,
    }
