"""What the documents say about the site exists in the site."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from hackathon.base.core.typography import spaced
from tests.repository.test_translations import CATALOGUES, ROOT, entries, forms, read

README = ROOT / "README.md"
DOCUMENTS = [path for name in ("operations", "fr") for path in (ROOT / "docs" / name).glob("*.md")]
FOLDERS = ("bench", "deploy", "docs", "tests")
MARKDOWN = [*ROOT.glob("*.md"), *(path for name in FOLDERS for path in (ROOT / name).rglob("*.md"))]
OURS = sorted(path for path in MARKDOWN if "node_modules" not in path.parts)


def quoted(document: Path) -> list[str]:
    return [" ".join(name.split()) for name in re.findall(r"«(.+?)»", document.read_text(), re.S)]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """All French texts of the site."""
    return [
        spaced(french)
        for path in CATALOGUES
        for message in entries(read(ROOT, path))
        for french, _english in forms(message)
    ]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_names_in_guillemets_are_on_the_pages(document, texts):
    """A text of the site, or its beginning. What a program prints is in backticks."""
    unknown = [
        name
        for name in quoted(document)
        if not any(re.match(re.escape(spaced(name)) + r"(?!\w)", text) for text in texts)
    ]
    assert unknown == []


def test_lines_have_at_most_140_characters():
    lines = [(path, line) for path in OURS for line in path.read_text().splitlines()]
    assert [(path.name, line) for path, line in lines if len(line) > 140] == []


def test_commands_that_are_named_exist():
    text = "\n".join(path.read_text() for path in OURS if "decisions" not in path.parts)
    modules = set(re.findall(r"python -m ((?:bench|tests)[.\w]*\w)", text))
    commands = set(re.findall(r"manage(?:\.py)? ([a-z][a-z-]+)\b", text))
    targets = set(re.findall(r"(?:`|^)make ([a-z][a-z-]+)", text, re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text().partition(".PHONY:")[2].partition("\n")[0]

    assert len(modules) > 10
    assert {name for name in modules if not _can_run(name)} == set()
    of_extras = {path.stem for path in ROOT.glob("hackathon/extras/*/management/commands/*.py")}
    assert commands - set(get_commands()) - of_extras == set()
    assert targets - set(makefile.split()) == set()


def _can_run(module: str) -> bool:
    specification = find_spec(module)
    is_package = specification is not None and specification.submodule_search_locations is not None
    return find_spec(f"{module}.__main__") is not None if is_package else specification is not None


def test_every_measurement_is_in_the_table():
    text = (ROOT / "bench" / "README.md").read_text()
    programs = [
        path
        for path in (ROOT / "bench").rglob("*.py")
        if 'prog="bench.' in path.read_text() or path.name == "__main__.py"
    ]
    names = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__main__")
        for path in programs
        if "node_modules" not in path.parts
    }

    assert len(names) > 6
    assert {name for name in names if f"`python -m {name}" not in text} == set()


def test_commands_in_containers_need_neither_redis_nor_the_preparation():
    """Without --no-deps `docker compose run` starts `prepare` again, and waits for Redis."""
    for document in [*DOCUMENTS, ROOT / "docs" / "operations.md", ROOT / "deploy" / "upgrade"]:
        runs = re.findall(r"docker compose run [^`\n]* worker ", document.read_text())
        assert [run for run in runs if "--no-deps" not in run] == [], document


def test_the_day_in_pictures_has_all_its_pictures_and_they_are_small():
    shown = re.findall(r"img/(film-[\w-]+\.webp)", (ROOT / "docs" / "fr" / "film.md").read_text())
    stored = {path.name: path.stat().st_size for path in (ROOT / "docs" / "img").glob("film-*")}

    assert sorted(shown) == sorted(stored)
    assert [name for name, size in stored.items() if size > 60_000] == []


def test_scripts_are_made_for_the_oldest_browsers_that_the_guide_names():
    named = re.search(r"Chrome and Edge (\S+), Firefox (\S+), Safari (\S+),", README.read_text())
    bundling = (ROOT / "hackathon" / "base" / "core" / "static.py").read_text()

    assert named
    assert '"--target=chrome{},firefox{},safari{}"'.format(*named.groups()) in bundling


def test_the_public_description_is_that_of_this_version():
    found = yaml.safe_load((ROOT / "publiccode.yml").read_text())

    assert found["softwareVersion"] == settings.VERSION
    assert set(found["localisation"]["availableLanguages"]) == dict(settings.LANGUAGES).keys()
    for text in found["description"].values():  # what the standard permits
        assert len(text["shortDescription"]) <= 150
        assert 150 <= len(text["longDescription"]) <= 10_000
        assert max(map(len, text["features"])) <= 100
