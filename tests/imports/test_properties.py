"""Any table gives either a whole import or a whole list of errors."""

import contextlib
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from hackathon.event.imports import services
from hackathon.event.imports.models import Import
from hackathon.event.imports.reading import Unreadable, read
from hackathon.event.imports.titles import TITLES
from tests.conftest import NOON
from tests.imports.conftest import examples, state
from tests.imports.files import ENCODINGS, SEPARATORS, as_csv, as_ods, as_xlsx, run_import

TITLE = st.sampled_from(
    [
        *(titles[0] for titles in TITLES.values()),
        "N°",
        "Adresse",
        "Fétiche",
        "Date de naissance",
        "",
    ]
)
CELL = st.one_of(
    st.sampled_from(
        ["a@x.fr", "B@X.fr ", "c@x.fr", "INFO", "Infocom", "oui", "X", "Y", "1", "2.0", "D"]
    ),
    st.sampled_from(["Zoé DURAND", "Durand", "a@x.fr, b@x.fr", "32100001", "", "", "client"]),
    st.text(st.characters(codec="cp1252", exclude_categories=("Cc", "Cs")), max_size=12),
)
KIND = st.sampled_from(["students", "teams", "jurors", "rooms"])


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(1, 6))
    titles = draw(st.lists(TITLE, min_size=width, max_size=width))
    rows = draw(st.lists(st.lists(CELL, max_size=width + 1), max_size=8))
    return [titles, *rows]


@st.composite
def files(draw: st.DrawFn) -> bytes:
    rows = draw(tables())
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from([as_xlsx, as_ods]))(("Feuille", rows))
    separator, encoding = draw(st.sampled_from(SEPARATORS)), draw(st.sampled_from(ENCODINGS))
    return as_csv(rows, separator, encoding)


def run(kind: str, content: bytes, *options: str) -> tuple[int, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        return run_import(kind, content, Path(folder), *options)


def check_whole(kind: str, content: bytes) -> None:
    before = state()
    checked = run(kind, content, "--check")
    assert state() == before

    code, result = run(kind, content)

    after = state()
    assert code == (1 if result["errors"] else 0) == checked[0]
    assert result["applied"] is not bool(result["errors"])
    assert {**checked[1], "applied": None} == {**result, "applied": None}
    if result["errors"]:
        assert after == before
        assert (result["created"], result["updated"]) == (0, 0)
        return
    states = ("created", "updated", "unchanged", "skipped")
    assert result["rows"] == sum(result[state] for state in states)
    assert (after == before) == (result["created"] == result["updated"] == 0)

    again = run(kind, content)

    assert (again[0], again[1]["created"], again[1]["updated"]) == (0, 0, 0)
    assert state() == after


@examples(100, 1500)
@pytest.mark.usefixtures("edition", "info", "infocom")
def test_a_table_is_imported_whole_or_not_at_all(count, eve):
    @settings(max_examples=count)
    @given(kind=KIND, content=files())
    def check_and_undo(kind: str, content: bytes) -> None:
        with transaction.atomic():
            start = state()
            check_whole(kind, content)
            for done in Import.objects.all():
                services.undo_import(done, by=eve, at=NOON)
            assert state() == start
            transaction.set_rollback(True)

    check_and_undo()


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe"])
)
def test_any_bytes_are_read_or_refused(content, start):
    with contextlib.suppress(Unreadable):
        table = read(start + content)
        assert all(isinstance(cell, str) for row in table.rows for cell in row)
