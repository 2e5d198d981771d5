"""Each relative link, anchor and picture of the documents is there; no build is needed."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from hackathon.base.core import markdown
from tests.sources import ROOT

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
GUIDE = ROOT / "docs" / "fr"
parser = MarkdownIt("commonmark").enable("table")


def targets(document: Path) -> Iterator[str]:
    yield from _of(parser.parse(document.read_text()))


def _of(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        target = unquote(str(token.attrGet("href") or token.attrGet("src") or ""))
        if target and not re.match(r"\w+:", target):
            yield target
        yield from _of(token.children or [])


def anchors(document: Path) -> set[str]:
    return set(re.findall(r' id="([^"]+)"', markdown.document(document.read_text())))


def missing(document: Path) -> list[str]:
    found = []
    for target in targets(document):
        path, _mark, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if not file.exists() or (anchor and anchor not in anchors(file)):
            found.append(target)
    return found


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_leads_to_is_there(document):
    assert missing(document) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path):
    document = tmp_path / "page.md"
    document.write_text(
        "# Un titre, là\n\n[a](#un-titre-là) [b](#x) [c](c.md) ![d](d.png) <http://e>"
    )

    assert missing(document) == ["#x", "c.md", "d.png"]


def test_the_first_page_of_the_guide_leads_to_all_of_its_pages():
    pages = {path.name for path in GUIDE.glob("*.md")} - {"index.md"}

    assert pages - set(targets(GUIDE / "index.md")) == set()


def test_each_picture_of_the_documents_is_shown():
    shown = {Path(target).name for document in DOCUMENTS for target in targets(document)}

    assert {path.name for path in (ROOT / "docs" / "img").iterdir()} - shown == set()
