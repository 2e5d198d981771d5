"""Each field that can be personal is declared; the declarations can be carried out."""

from typing import Any

import pytest
from django.apps import apps
from django.db.models import Q

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from hackathon.base.core.personal_data import (
    BLANK,
    KEEP,
    REPLACE,
    Declaration,
    doubtful_fields,
    registry,
    subjects,
)
from hackathon.base.core.privacy import without_texts
from hackathon.celery import app
from hackathon.event.editions.models import Edition

STORED = [d for d in registry.declarations if d.model is not None]


def name(declared: Declaration) -> str:
    assert declared.model is not None
    return f"{declared.model._meta.label_lower}:{'+'.join(declared.fields)}"


@pytest.mark.parametrize("model", apps.get_models(), ids=lambda m: m._meta.label_lower)
def test_each_field_that_can_be_personal_is_declared(model):
    assert registry.unexplained(model) == [], (
        f"{model.__name__}: say in privacy.py why it is kept, or why it is not personal"
    )


def test_an_undeclared_field_is_found():
    found = {field.name for field in doubtful_fields(User)}

    assert {"email", "name", "phone", "password"} <= found
    assert "organizers" in {field.name for field in doubtful_fields(Edition)}
    assert "state" not in {field.name for field in doubtful_fields(Edition)}  # a closed list


@pytest.mark.parametrize("declared", STORED, ids=name)
@pytest.mark.django_db
def test_what_is_declared_exists_and_leads_to_its_rows(declared, ada, edition):
    assert declared.model is not None
    for field in (*declared.fields, *declared.beside.split()):
        declared.model._meta.get_field(field)

    assert declared.rows_of(ada).filter(declared.exported or Q()).count() >= 0
    assert declared.rows_in(edition).count() >= 0
    assert declared.subject in subjects()


@pytest.mark.parametrize("declared", STORED, ids=name)
def test_what_is_blanked_or_replaced_can_be(declared):
    assert declared.model is not None
    effects = {declared.erase, declared.anonymise}
    fields: list[Any] = [declared.model._meta.get_field(field) for field in declared.fields]

    if BLANK in effects:
        assert all(not f.is_relation or f.many_to_many or f.null for f in fields)
        assert not any(f.unique for f in fields)
    if REPLACE in effects and not any(f.is_relation for f in fields):
        assert declared.neutral
    if KEEP in effects:
        assert declared.because


def test_what_ends_by_itself_has_a_task_that_ends_it():
    tasks = {d.kept.task for d in registry.declarations if d.kept.task}

    assert tasks <= set(app.conf.beat_schedule)


def test_every_subject_is_used():
    assert {d.subject for d in registry.declarations} == set(subjects())


def test_of_a_detail_numbers_instants_digests_and_codes_stay():
    detail = {
        "user": 3,
        "name": "Ada Lovelace",
        "until_at": "2026-02-13T22:00:00+00:00",
        "digest": "0a" * 32,
        "kind": "teacher",
        "names": ["Com’unik"],
        "changes": {"name": ["a", "b"], "shows_name": [True, False]},
        "lines": [{"team": 4, "reason": "malade"}],
    }

    assert without_texts(JournalEntry(detail=detail)) == {
        "user": 3,
        "name": "…",
        "until_at": "2026-02-13T22:00:00+00:00",
        "digest": "0a" * 32,
        "kind": "teacher",
        "names": ["…"],
        "changes": {"shows_name": [True, False]},
        "lines": [{"team": 4, "reason": "…"}],
    }
