"""Phrases of the organizers, and what jurors took of them."""

import json
from pathlib import Path

from hackathon.event.editions.models import Department
from hackathon.extras.letters import services
from hackathon.extras.letters.enums import Kind, TeamReads
from hackathon.run.demo.build import Made
from judging.enums import SheetState
from judging.jury.selectors import criteria_of
from judging.models import Criterion, ScoreSheet
from judging.scoring.changes import Change
from judging.scoring.services import sheets


def fill(made: Made) -> None:
    phrases = json.loads((Path(__file__).parent / "demo.json").read_text())
    for department in made.edition.departments.all():
        _propose(department, phrases, made)
    finished = ScoreSheet.objects.filter(team__edition=made.edition, state=SheetState.FINAL)
    for sheet in finished.select_related("juror__user", "team").prefetch_related(
        "scores__criterion"
    ):
        _write(sheet, phrases)


def _propose(department: Department, phrases: dict[str, dict[str, str]], made: Made) -> None:
    for criterion in criteria_of(department):
        services.prepare(
            criterion=criterion,
            team_reads=TeamReads.ALWAYS,
            by=made.organizer,
            at=made.day.registration_opens_at,
            **phrases[criterion.name],
        )


def _write(sheet: ScoreSheet, phrases: dict[str, dict[str, str]]) -> None:
    """Praise for the best mark and advice for the worst one."""
    shares = {score.criterion: score.value / score.criterion.scale for score in sheet.scores.all()}
    best, worst = max(shares, key=lambda c: shares[c]), min(shares, key=lambda c: shares[c])
    seed = sheet.juror_id + sheet.team_id

    def change(kind: Kind, criterion: Criterion) -> Change:
        lines = phrases[criterion.name][f"{kind}_phrases"].splitlines()
        return Change(kind.value, lines[seed % len(lines)], criterion)

    sheets.save(
        juror=sheet.juror,
        team=sheet.team,
        marks={},
        remarks=[change(Kind.PRAISE, best), change(Kind.ADVICE, worst)],
        by=sheet.juror.user,
        at=sheet.changed_at,
    )
