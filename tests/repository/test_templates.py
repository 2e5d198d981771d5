"""Templates can be read without scrolling sideways."""

from pathlib import Path

from django.conf import settings

from tests.sources import template_folders

LIMIT = 160


def test_no_line_of_a_template_is_too_long() -> None:
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
