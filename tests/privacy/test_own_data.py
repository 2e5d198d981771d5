"""What a person downloads about themselves: all of it, and nothing of anybody else."""

import json
import re
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.db import models

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.models import JournalEntry
from hackathon.base.core.personal_data import Declaration, registry
from hackathon.base.core.typography import NO_BREAK
from hackathon.event.editions.models import Edition
from hackathon.run.privacy import export
from judging.models import Score, ScoreSheet
from submissions.models import Extension
from teams.models import Student
from tests.conftest import NOON
from tests.queries import queries_of


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sheet(world, dan, comunik, criteria) -> ScoreSheet:
    made = ScoreSheet.objects.create(
        juror=dan,
        team=comunik,
        comment="x",
        notes="x",
        state="final",
        changed_at=NOON,
        finished_at=NOON,
    )
    Score.objects.create(sheet=made, criterion=criteria[0], value="13.5", changed_at=NOON)
    return made


@pytest.fixture
def people(world, sheet, edition, ada) -> dict[str, User]:
    """Of different teams and roles: no row belongs to two of them."""
    found = {n: User.objects.get(email=f"{n}@example.org") for n in ("ada", "cleo", "dan", "eve")}
    for user in found.values():
        User.objects.filter(pk=user.pk).update(phone="x")
        Student.objects.create(edition=edition, user=user, number=user.email, group="x")
        EmailAddress.objects.create(user=user, email=user.email)
    return found


def exported(user: User) -> str:
    return json.dumps(export.as_data(user, at=NOON), default=str, ensure_ascii=False)


def plant(name: str, user: User) -> dict[str, str]:
    """A marker in each text of the person that is not empty; by label of model and field."""
    planted: dict[str, str] = {}
    for declared in registry.declarations:
        if declared.model in (None, JournalEntry) or declared.exported is None:
            continue
        for row in declared.rows_of(user).filter(declared.exported):
            for field in texts(declared):
                if getattr(row, field.name):
                    label = f"{declared.model._meta.label}.{field.name}"
                    marker = planted.setdefault(label, f"mk{len(planted)}{name}")
                    value: Any = [marker] if isinstance(field, models.JSONField) else marker
                    type(row)._base_manager.filter(pk=row.pk).update(**{field.name: value})
    return planted


def texts(declared: Declaration) -> list[Any]:
    assert declared.model is not None
    fields = [declared.model._meta.get_field(name) for name in declared.fields]
    kinds = (models.CharField, models.TextField, models.JSONField)
    return [f for f in fields if isinstance(f, kinds) and not f.choices]


def test_own_markers_are_all_there_and_those_of_others_are_not(people):
    planted = {name: plant(name, user) for name, user in people.items()}

    found = {name: exported(user) for name, user in people.items()}

    for name, markers in planted.items():
        missing = {label for label, marker in markers.items() if f'"{marker}"' not in found[name]}
        assert not missing, name
        for other in planted.keys() - {name}:
            # The name of a team is known to those whom it meets.
            known = {m for label, m in planted[other].items() if label == "teams.Team.name"}
            assert not set(re.findall(rf"mk\d+{other}", found[name])) - known, (name, other)
    labels = {label for markers in planted.values() for label in markers}
    assert labels >= {
        "accounts.User.email",
        "accounts.User.phone",
        "accounts.ApiToken.name",
        "teams.Student.number",
        "submissions.Submission.filename",
        "submissions.Extension.reason",
        "questions.Question.body",
        "judging.ScoreSheet.notes",
        "judging.Recusal.reason",
        "judging.Flag.text",
    }


def test_marks_are_in_it_once_the_team_may_read_them(sheet, edition, ada, dan):
    ScoreSheet.objects.update(comment="Bravo à tous")
    secret = exported(ada)
    Edition.objects.update(shares_marks=True)
    unpublished = exported(ada)
    Edition.objects.update(results_published_at=NOON)

    published = exported(ada)

    assert "Bravo" not in secret + unpublished
    assert "13.5" not in secret + unpublished
    assert "Bravo à tous" in published
    assert "13.5" in published
    assert dan.user.name not in published
    assert "13.5" in exported(dan.user)


def test_what_organizers_note_is_not_in_it(world, ada, ben):
    """It can be about somebody else of the team."""
    Extension.objects.update(private_reason="malade depuis hier")

    assert "malade" not in exported(ada) + exported(ben)
    assert "Vue à 21:10" not in exported(ada)
    assert "Panne" in exported(ada)  # the reason that the team reads


def test_secrets_are_not_in_it(world, ada):
    ada.set_password("azerty-12345")
    ada.save()
    found = exported(ada)

    assert ada.password not in found
    for token in ada.tokens.all():
        assert not token.digest or token.digest not in found
        assert not token.session_hash or token.session_hash not in found


def test_the_page_shows_it_and_the_file_contains_it(people, ada, client_of):
    browser = client_of(ada)

    page = browser.get("/compte/donnees/")
    file = browser.get("/compte/donnees/telecharger/")

    assert page.status_code == 200
    assert "ada@example.org" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert "no-store" in file["Cache-Control"]
    assert file["Content-Disposition"].startswith("attachment")
    assert json.loads(file.content)["person"] == "ada@example.org"
    assert "cleo" not in page.content.decode().casefold()


def test_the_page_leaves_out_what_is_empty(ada, client_of):
    browser = client_of(ada)
    without = browser.get("/compte/donnees/").content.decode()
    User.objects.filter(pk=ada.pk).update(phone="06 12 34 56 78")

    assert "Votre numéro de téléphone" not in without
    assert "Votre numéro de téléphone" in browser.get("/compte/donnees/").content.decode()


def test_as_many_queries_for_one_row_as_for_three(world, ada):
    counts = []
    for _number in range(2):
        counts.append(queries_of(lambda: export.of_person(ada)))
        extension = world.objects["extension"]
        for _copy in range(2):
            extension.pk = None
            extension.save()

    assert counts[0] == counts[1]


def test_each_field_of_an_export_has_a_french_name():
    unnamed = set()
    for declared in registry.declarations:
        if declared.model is None or declared.exported is None or declared.owner is None:
            continue
        for name in (*declared.fields, *declared.beside.split()):
            field: Any = declared.model._meta.get_field(name)
            automatic = str(field.verbose_name) == field.name.replace("_", " ")
            if automatic and name not in export.LABELS and not field.many_to_many:
                unnamed.add(f"{declared.model._meta.label}.{name}")
        names = (*declared.fields, *declared.beside.split())
        labels = [export.label_of(declared.model._meta.get_field(name)) for name in names]
        assert len(labels) == len(set(labels)), (declared.model, labels)

    assert unnamed == set()


def test_the_journal_is_in_it_in_sentences_without_the_names_of_others(world, ada, cleo):
    journal.record("user.renamed", ada, by=cleo, at=NOON)
    journal.record("user.renamed", ada, by=ada, at=NOON)

    found = exported(ada).replace(NO_BREAK, " ")

    assert "Ada a changé de nom." in found
    assert "une autre personne a changé le nom d’Ada." in found
    assert "Cleo" not in found
