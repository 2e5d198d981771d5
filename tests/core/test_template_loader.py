import re
from pathlib import Path

from django.conf import settings
from django.template.loader import get_template

TEMPLATES = Path(settings.BASE_DIR, "templates")
# The contents of these elements and tags depend on white space.
VERBATIM = re.compile(
    r"<(pre|textarea|script)\b[^>]*>(.*?)</\1>"
    r"|\{% blocktranslate\b(?![^%]*trimmed)[^%]*%\}(.*?)\{%",
    re.DOTALL,
)


def test_pages_are_made_without_the_indentation_of_their_templates() -> None:
    made = get_template("components/foot.html").template.source  # type: ignore[attr-defined]
    written = (TEMPLATES / "components/foot.html").read_text()

    assert "\n  " in written
    assert "\n  " not in made
    assert "\n <" not in made
    assert made.count("\n") == written.count("\n")


def test_texts_of_mails_are_as_written() -> None:
    path = next(path for path in TEMPLATES.rglob("*.txt") if "\n" in path.read_text())
    made = get_template(str(path.relative_to(TEMPLATES))).template.source  # type: ignore[attr-defined]

    assert made == path.read_text()


def test_no_indentation_is_part_of_a_text() -> None:
    found = {
        path.name: match[0]
        for path in TEMPLATES.rglob("*.html")
        for match in VERBATIM.finditer(path.read_text())
        if re.search(r"\n[ \t]", match[2] or match[3] or "")
    }

    assert found == {}
