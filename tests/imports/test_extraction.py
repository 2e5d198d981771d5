"""Files of strangers, each read by the process that the site starts for it."""

import json

import pytest

from hackathon.base.core import confinement
from hackathon.event.imports import reading
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.models import Import
from hackathon.event.imports.reading import Unreadable, open_document, read
from tests.imports import hostile
from tests.imports.conftest import text_of, upload
from tests.imports.files import PLAIN, as_csv

pytestmark = pytest.mark.system

LARGE = {
    **{f"a far cell, with {name}": hostile.far_xlsx(name) for name in hostile.FAR},
    "a far cell, in a part of another name": hostile.far_xlsx(
        "quotation marks", part="feuilles/une.bin"
    ),
    "a far cell of Excel 97": hostile.far_xls(),
    "more cells than the site should hold": (b";" * 199 + b"x\n") * 9_999,
}
SLOW = {
    "a repeated row": hostile.repeated_ods(900_000_000),
    "many merged cells": hostile.merged_xlsx(),
    "lines without end": b"\n" * (reading.BYTES_MAX - 1),
}


@pytest.mark.parametrize("content", LARGE.values(), ids=LARGE)
def test_a_file_that_asks_for_too_much_memory_is_refused_and_the_site_goes_on(content):
    with pytest.raises(Unreadable) as refused:
        read(content)

    assert refused.value.refusal.code == ImportRefusal.TOO_HEAVY
    assert read(as_csv(PLAIN)).rows[0][0] == "nom"


def test_an_archive_that_unpacks_to_more_than_the_memory_is_refused():
    with pytest.raises(Unreadable) as refused:
        read(hostile.unpacking_xlsx())

    assert refused.value.refusal.code == ImportRefusal.TOO_HEAVY


@pytest.mark.parametrize("content", SLOW.values(), ids=SLOW)
def test_a_file_that_takes_too_much_cpu_time_is_refused(content, caplog, monkeypatch):
    monkeypatch.setattr(reading, "TIMEOUT_SECONDS", 600)  # a machine with much to do

    with pytest.raises(Unreadable) as refused:
        open_document(content, cpu_seconds=1)

    assert refused.value.refusal.code == ImportRefusal.TOO_HEAVY
    assert "exit code -9" in caplog.text


@pytest.mark.database
@pytest.mark.usefixtures("edition", "info", "infocom")
def test_the_page_says_what_to_do_and_keeps_the_draft_and_the_choices(browser):
    upload(browser, as_csv(PLAIN))
    draft = Import.objects.get()

    page = upload(browser, hostile.far_xlsx("apostrophes"), "liste.xlsx", kind="teams")

    assert page.status_code == 422
    assert "Copiez ses cellules dans un nouveau classeur" in text_of(page)
    assert page.context["form"]["kind"].value() == "teams"
    assert Import.objects.get() == draft


def test_one_file_is_read_at_a_time():
    with reading._reading, pytest.raises(Unreadable) as refused:
        open_document(as_csv(PLAIN), wait_seconds=0)

    assert refused.value.refusal.code == ImportRefusal.BUSY
    assert open_document(as_csv(PLAIN), wait_seconds=0)


needs = pytest.mark.skipif(
    set(confinement.available()) != {"landlock", "seccomp"},
    reason="this kernel has neither Landlock nor seccomp",
)


@pytest.fixture
def taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MODULE", "tests.imports.hostile_process")


@needs
@pytest.mark.usefixtures("taken_over")
def test_a_file_that_takes_over_its_process_reaches_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("CCD_SECRET_KEY", "not-for-files")
    monkeypatch.setenv("CCD_DATABASE_URL", "postgres://ccd:not-for-files@database/ccd")
    (tmp_path / "secret").write_text("secret")

    rows = read(json.dumps({"folder": str(tmp_path)}).encode()).rows

    reached = dict(rows)
    environment = reached.pop("own environment").split()
    assert reached.pop("django") == "False"
    assert set(environment) <= {"PATH", "LANG", "TZ", "LC_CTYPE"}
    assert {name: result for name, result in reached.items() if result != "PermissionError"} == {}
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


@pytest.mark.usefixtures("taken_over")
@pytest.mark.parametrize(
    "given",
    [
        {"printed": ""},
        {"printed": "[" * 100_000},
        {"printed": "null"},
        {"printed": '"no reason"'},
        {"printed": "[]"},
        {"printed": '[{"rows": [[1]], "last": 1}]'},
        {"printed": '[{"rows": ["a"], "last": 1}]'},
        {"printed": '[{"rows": [["a"]], "last": "1"}]'},
        {"printed": json.dumps([{"rows": [["a"] * 201], "last": 1}])},
        {"printed": "x" * 1_000_000, "times": 30},
    ],
)
def test_what_such_a_process_prints_is_not_trusted(given):
    with pytest.raises(Unreadable) as refused:
        open_document(json.dumps(given).encode())

    assert refused.value.refusal.code == ImportRefusal.TOO_HEAVY


@pytest.mark.usefixtures("taken_over")
def test_an_error_is_logged_without_what_it_says(caplog):
    with pytest.raises(Unreadable):
        open_document(b"Anne Le Goff")  # no JSON: the message of the error quotes it

    assert "JSONDecodeError" in caplog.text
    assert "hostile_process.py" in caplog.text
    assert "Anne" not in caplog.text
