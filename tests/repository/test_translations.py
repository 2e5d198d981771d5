"""The English catalogue says all of what the sources say in French, with the same placeholders."""

import gettext
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from django.conf import settings

from hackathon.base.core.management.commands import catalogues
from hackathon.base.core.typography import spaced

ROOT = Path(settings.BASE_DIR)
CATALOGUE = Path("locale", "en", "LC_MESSAGES", "django.po")
CATALOGUES = [path.relative_to(ROOT) for path in catalogues.sources()]
# Everything but this is source. What is ignored by git has no texts, and some of it is large.
NOT_SOURCES = shutil.ignore_patterns(
    ".*", "__pycache__", "node_modules", "staticfiles", "var", "static", "*.mo"
)
PLACEHOLDER = re.compile(r"\{\w*\}|%\(\w+\)[a-z]|%%|</?\w[^>]*>")


def read(root: Path, path: Path) -> Catalog:
    return catalogues.english(root / path)


def entries(catalogue: Catalog) -> list[Message]:
    """The entries without the header; an entry that is commented out is none."""
    return [message for message in catalogue if message.id]


def forms(message: Message) -> list[tuple[str, str]]:
    """What stands opposite to what: one pair, or two for an entry with a plural."""
    french, english = message.id, message.string
    if isinstance(french, str):
        assert isinstance(english, str), french
        return [(french, english)]
    assert isinstance(english, tuple), french
    return list(zip(french, english, strict=True))


def words(messages: list[Message]) -> set[str]:
    return {" / ".join(id_ for id_, _english in forms(message)) for message in messages}


@pytest.fixture(scope="module", params=CATALOGUES, ids=str)
def catalogue(request) -> Catalog:
    return read(ROOT, request.param)


def test_every_entry_is_translated(catalogue):
    messages = entries(catalogue)
    assert messages
    empty = [m for m in messages if not all(english.strip() for _id, english in forms(m))]
    assert words(empty) == set()


def test_no_entry_is_a_guess(catalogue):
    assert not catalogue.fuzzy
    assert words([m for m in entries(catalogue) if m.fuzzy]) == set()


def test_placeholders_are_the_same(catalogue):
    """`{name}`, `%(name)s`, HTML, in each plural form: without one a text breaks or says less."""
    different = [
        (french, english)
        for message in entries(catalogue)
        for french, english in forms(message)
        if Counter(PLACEHOLDER.findall(french)) != Counter(PLACEHOLDER.findall(english))
    ]
    assert different == []


def test_whom_the_teams_work_for_has_one_name(catalogue):
    """A student who reads of two would look for two people."""
    rules = (ROOT / "docs" / "rules-of-the-day.md").read_text()
    french_texts = [french for message in entries(catalogue) for french, _english in forms(message)]
    assert [text for text in (rules, *french_texts) if "commanditaire" in text.lower()] == []


@pytest.mark.system
def test_every_text_of_the_sources_is_in_the_catalogue(tmp_path):
    """The texts are collected anew in a copy of the sources, so that nothing here is changed."""
    if not (shutil.which("xgettext") and shutil.which("msgmerge")):
        pytest.skip("collecting texts needs GNU gettext (xgettext, msgmerge), not installed here")
    copy = tmp_path / "copy"
    shutil.copytree(ROOT, copy, ignore=NOT_SOURCES)
    subprocess.run(
        [
            *(sys.executable, "manage.py", "makemessages"),
            *("--locale", "en", "--no-location", "--no-obsolete"),
        ],
        cwd=copy,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=True,
        capture_output=True,
        text=True,
    )
    for path in CATALOGUES:
        collected = words(entries(read(copy, path)))
        kept = words(entries(read(ROOT, path)))
        assert collected - kept == set(), f"not in {path}: run `make messages` and translate"
        assert kept - collected == set(), f"no longer in the sources of {path}"


def test_texts_are_marked_by_names_that_collecting_knows():
    """xgettext finds `_`, `gettext…` and `ngettext…` with the text itself: another name, or a text
    that comes in a variable, is never collected, so that nobody misses its translation.
    """
    another_name = re.compile(r"^from django\.utils\.translation import \w+ as (?!_$)\w+", re.M)
    in_a_variable = re.compile(r"(?<![\w.])(?:n?gettext(?:_lazy)?|_)\(\s*[a-z]")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for top in ("hackathon", "teams", "submissions", "judging")
        for path in sorted((ROOT / top).rglob("*.py"))
        for pattern in (another_name, in_a_variable)
        for match in pattern.finditer(path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("Reçu : 3 sur 5", "Reçu\u00a0: 3 sur 5"),
        ("« Oui » ; vraiment ?", "«\u00a0Oui\u00a0»\u202f; vraiment\u202f?"),
        ("déjà\u00a0: bien", "déjà\u00a0: bien"),
        ("http://localhost:8000/?a=1", "http://localhost:8000/?a=1"),
    ],
)
def test_no_line_ends_before_a_high_sign(typed, set_):
    assert spaced(typed) == set_


@pytest.mark.system
def test_a_changed_catalogue_is_compiled_by_make_run():
    plan = subprocess.run(
        ["make", "--dry-run", "--what-if", str(CATALOGUE), "setup"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "manage.py catalogues" in plan.stdout


def test_the_french_catalogue_has_the_spaces_and_the_plurals_of_french():
    made = catalogues.french(read(ROOT, CATALOGUE))
    texts = gettext.GNUTranslations(BytesIO(catalogues.compiled(made)))

    assert texts.gettext("%(field)s :") == "%(field)s\u00a0:"
    one, many = "%(done)s fiche sur %(total)s", "%(done)s fiches sur %(total)s"
    assert [texts.ngettext(one, many, n) for n in (0, 1, 2)] == [one, one, many]
