"""Templates can be read without scrolling sideways, and make valid HTML."""

import re
from pathlib import Path

from django.conf import settings

from tests.sources import template_folders

LIMIT = 160


def test_no_line_of_a_template_is_too_long():
    folders = template_folders()
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    found = [
        f"{path.relative_to(Path(settings.BASE_DIR))}:{number}: {len(line)} characters"
        for path in sorted(files)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LIMIT
    ]

    assert files
    assert found == []


def test_no_form_is_inside_a_span():
    tags = re.compile(r"<(/?)(span|form|details)\b")
    found = []
    for path in (path for folder in template_folders() for path in folder.rglob("*.html")):
        depth = 0
        for closes, name in tags.findall(re.sub(r"\{#.*?#\}", "", path.read_text())):
            if name == "span":
                depth += -1 if closes else 1
            elif depth > 0 and not closes:
                found.append(f"{path}: <{name}> in <span>")

    assert found == []


def test_no_title_names_the_edition_which_stands_at_its_end_already():
    title = re.compile(r"{% block title %}.*?{% endblock %}", re.S)
    found = [
        f"{path}: {text}"
        for path in (path for folder in template_folders() for path in folder.rglob("*.html"))
        for text in title.findall(path.read_text())
        if "managed.name" in text or "edition.name" in text
    ]

    assert found == []
