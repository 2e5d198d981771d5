"""What the documents say about the site exists in the site."""

import re
from pathlib import Path

import pytest

from hackathon.core.typography import spaced
from tests.repository.test_translations import ROOT, entries, forms, read

DOCUMENTS = sorted((ROOT / "docs" / "operations").glob("*.md"))


def quoted(document: Path) -> list[str]:
    return [" ".join(name.split()) for name in re.findall(r"«(.+?)»", document.read_text(), re.S)]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """All French texts of the site."""
    return [
        spaced(french) for message in entries(read(ROOT)) for french, _english in forms(message)
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_names_in_guillemets_are_on_the_pages(document: Path, texts: list[str]) -> None:
    """A text of the site, or its beginning. What a program prints is in backticks."""
    unknown = [
        name
        for name in quoted(document)
        if not any(re.match(re.escape(spaced(name)) + r"(?!\w)", text) for text in texts)
    ]
    assert unknown == []


def test_commands_in_containers_need_neither_redis_nor_the_preparation() -> None:
    """Without --no-deps `docker compose run` starts `prepare` again, and waits for Redis."""
    for document in [*DOCUMENTS, ROOT / "docs" / "operations.md", ROOT / "deploy" / "upgrade"]:
        runs = re.findall(r"docker compose run [^`\n]* worker ", document.read_text())
        assert [run for run in runs if "--no-deps" not in run] == [], document


def test_the_day_in_pictures_has_all_its_pictures_and_they_are_small() -> None:
    shown = re.findall(r"img/(film-[\w-]+\.webp)", (ROOT / "docs" / "film.md").read_text())
    stored = {path.name: path.stat().st_size for path in (ROOT / "docs" / "img").glob("film-*")}

    assert sorted(shown) == sorted(stored)
    assert [name for name, size in stored.items() if size > 60_000] == []
