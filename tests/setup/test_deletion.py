from typing import Any

import pytest
from django.apps import apps
from django.db.models import CASCADE, PROTECT

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from hackathon.base.core.received_files import received_file
from hackathon.day.questions.models import Question
from hackathon.day.questions.rules import Asker
from hackathon.day.questions.services import questions
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import briefs, editions
from hackathon.event.setup.services import deletion
from judging.models import Assignment, Recusal, Score, ScoreSheet
from submissions.models import Inspection, Receipt, Seal, Submission, Upload
from teams.models import Student, Team
from tests.conftest import DEADLINE, NOON

pytestmark = pytest.mark.database


def test_an_edition_is_deleted_with_all_it_has_except_accounts(
    edition,
    brief,
    dossier,
    criteria,
    comunik,
    pixels,
    dan,
    diane,
    eve,
    ada,
    django_capture_on_commit_callbacks,
):
    attachment = briefs.attach(brief=brief, file=received_file(b"x", "a.txt"), by=eve, at=NOON)
    storage, key = attachment.file.storage, str(attachment.file.name)
    Student.objects.create(edition=edition, user=ada, department=comunik.department)
    Assignment.objects.create(juror=dan, team=comunik)
    Recusal.objects.create(juror=diane, team=comunik, reason="x", made_at=NOON, made_by=eve)
    ScoreSheet.objects.create(juror=dan, team=comunik, changed_at=NOON)
    Seal.objects.create(
        edition=edition,
        moment="deadline",
        as_of=DEADLINE,
        made_at=DEADLINE,
        manifest={},
        digest="0",
    )
    asker = Asker(comunik.pk, comunik.name, comunik.department, closes_at=DEADLINE)
    questions.ask(asker=asker, to="organizers", topic="other", body="?", by=ada, at=NOON)
    accounts = User.objects.count()
    other = editions.clone(
        source=edition, slug="o", name="O", starts_at=edition.starts_at, by=eve, at=NOON
    )
    editions.show(edition=other, by=eve, at=NOON, typed=edition.name)

    with django_capture_on_commit_callbacks(execute=True):
        deletion.delete(edition=edition, typed=edition.name.lower(), by=eve, at=NOON)

    assert list(Edition.objects.all()) == [other]
    assert other.departments.count() == 2
    assert not Team.objects.exists()
    assert not Question.objects.exists()
    assert User.objects.count() == accounts
    assert not storage.exists(key)
    entry = JournalEntry.objects.get(act="edition.deleted")
    assert (entry.by, entry.detail["name"], entry.detail["teams"]) == (eve, edition.name, 2)


def test_every_model_that_protects_others_is_deleted_with_an_edition(edition):
    deleted = {rows.model for rows in deletion._protecting(edition)} | {Edition}
    forbid = {Submission, Receipt, Inspection, Upload, Score}  # with one of them nothing is deleted

    def points_to_deleted(model: Any, on_delete: Any) -> bool:
        related = [f for f in model._meta.concrete_fields if f.related_model in deleted]
        return any(field.remote_field.on_delete is on_delete for field in related)

    forgotten = [
        model
        for model in apps.get_models()
        if points_to_deleted(model, PROTECT) and not points_to_deleted(model, CASCADE)
    ]
    assert set(forgotten) - deleted - forbid == set()


def test_only_an_organizer_deletes_an_edition(edition, gil):
    Edition.objects.update(is_current=False)

    with pytest.raises(Refused):
        deletion.delete(edition=edition, typed=edition.name, by=gil, at=NOON)

    assert Edition.objects.exists()
