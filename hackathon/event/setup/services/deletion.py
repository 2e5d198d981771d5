from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.day.questions.models import Question
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services.briefs import remove_on_commit, stored_files
from hackathon.event.editions.services.guard import lock_for
from hackathon.event.setup import rules
from hackathon.event.setup.selectors import contents_of
from judging.models import (
    Assignment,
    Ceremony,
    Criterion,
    Deliberation,
    Juror,
    JuryRules,
    PassageCriterion,
    PassageMark,
    Recusal,
    ScoreSheet,
    SheetChange,
)
from submissions.models import Deliverable, Extension, Seal
from submissions.seals.services import wait_for_deposits
from teams.models import Duty, Student, Team

OF_TEAMS: tuple[type[Any], ...] = (ScoreSheet, PassageMark, Assignment, Recusal)
OF_DEPARTMENTS: tuple[type[Any], ...] = (
    Deliberation,
    Juror,
    JuryRules,
    Criterion,
    PassageCriterion,
    Deliverable,
)
OF_EDITION: tuple[type[Any], ...] = (Ceremony, Seal, Duty, Student, Team)


@transaction.atomic
def delete(*, edition: Edition, typed: str, by: User, at: datetime) -> None:
    """With everything in it except the accounts. `typed`: its name. Raises `Refused`."""
    edition = lock_for(by, edition.pk)
    wait_for_deposits(edition)
    contents = contents_of(edition)
    check(rules.deletion_refusal(edition, is_used=contents.is_used, typed=typed))
    files = stored_files(edition.departments.all())
    journal.record(
        "edition.deleted",
        edition,
        by=by,
        at=at,
        slug=edition.slug,
        name=edition.name,
        teams=contents.teams,
        students=contents.students,
    )
    for rows in _protecting(edition):
        rows.delete()
    edition.delete()
    remove_on_commit(files)


def _protecting(edition: Edition) -> Iterator[QuerySet[Any]]:
    """Rows that keep others from being deleted, before those others."""
    of_department, of_team = Q(department__edition=edition), Q(team__edition=edition)
    yield Question.objects.filter(of_department, duplicate_of__isnull=False)
    yield Question.objects.filter(of_department)
    yield SheetChange.objects.filter(juror__department__edition=edition)
    for model in OF_TEAMS:
        yield model.objects.filter(of_team)
    for model in OF_DEPARTMENTS:
        yield model.objects.filter(of_department)
    yield Extension.objects.filter(of_department | of_team)
    for model in OF_EDITION:
        yield model.objects.filter(edition=edition)
    yield edition.departments.all()
