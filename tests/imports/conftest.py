from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hackathon.base.accounts.models import User
from judging.models import Juror
from teams.models import Membership, Student, Team
from tests.imports.files import (
    Rows,
    as_csv,
    run_import,
)

STATE = (User, Student, Team, Membership, Juror)


def state() -> dict[str, Any]:
    """All rows that an import can write, with all their values."""
    return {
        model.__name__: {
            row["pk"]: row["fields"]
            for row in serializers.serialize("python", model._base_manager.all())
        }
        for model in STATE
    }


# The undone import stays as such, and its acts and live messages were published.
KEPT_BY_UNDO = ("imports.import", "core.journalentry", "core.livemessage")


def whole_database() -> dict[str, list[Any]]:
    """All rows of all tables, those apart that an undo leaves."""
    return {
        model._meta.label_lower: serializers.serialize("python", model._base_manager.order_by("pk"))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label_lower not in KEPT_BY_UNDO and model._meta.managed
    }


ZOE, ANNE, JAN = (
    "zoe.durand@etu.example.org",
    "anne.le-goff@etu.example.org",
    "jan.muller@etu.example.org",
)


NAMES = {ZOE: "Zoé Durand", ANNE: "Anne Le Goff", JAN: "Jan Müller"}


INDEX = "/organisation/editions/ccd-2020/importer/"
Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(kind: str, content: bytes | Rows | str, *options: str) -> tuple[int, dict[str, Any]]:
        if isinstance(content, str):
            content = content.encode()
        content = content if isinstance(content, bytes) else as_csv(content)
        return run_import(kind, content, tmp_path, *options)

    return run


def examples(few: int, many: int) -> pytest.MarkDecorator:
    """How many a property is tried with, and in a slow run."""
    slow = pytest.param(many, marks=[pytest.mark.slow, pytest.mark.timeout(900)])
    return pytest.mark.parametrize("count", [few, slow])


def names() -> dict[str, str]:
    return dict(User.objects.exclude(email="eve@example.org").values_list("email", "name"))


def groups() -> dict[str, str]:
    return dict(Student.objects.values_list("user__email", "group"))


def numbers() -> dict[str, str]:
    return dict(Student.objects.values_list("user__email", "number"))


def places() -> dict[str, tuple[str, bool]]:
    found = Membership.objects.values_list("user__email", "team__name", "is_captain")
    return {email: (team, captain) for email, team, captain in found}


def counted(result: dict[str, Any]) -> tuple[int, ...]:
    return tuple(result[key] for key in ("rows", "created", "updated", "unchanged", "skipped"))


@pytest.fixture
def browser(eve: User) -> Client:
    client = Client()
    client.force_login(eve)
    return client


def upload(browser: Client, content: bytes, name: str = "liste.csv", **data: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return browser.post(INDEX, {"kind": "students", "file": file, **data}, follow=True)


def send(browser: Client, page: Any, **data: str) -> Any:
    """Posts the form of a preview as the page shows it, with changes."""
    form = page.context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    return browser.post(page.request["PATH_INFO"], {**values, **data}, follow=True)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())
