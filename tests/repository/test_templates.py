"""Templates can be read without scrolling sideways."""

from pathlib import Path

from django.conf import settings

LIMIT = 160
TEMPLATES = Path(settings.BASE_DIR, "templates")


def test_no_line_of_a_template_is_too_long() -> None:
    files = [path for path in TEMPLATES.rglob("*") if path.is_file()]
    found = [
        f"{path.relative_to(TEMPLATES)}:{number}: {len(line)} characters"
        for path in sorted(files)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > LIMIT
    ]

    assert files
    assert found == []
