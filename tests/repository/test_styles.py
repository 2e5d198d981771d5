"""Colours, sizes of text and break points come from one place each, and every rule has a layer.

PDFs (typst), mails, QR codes, the manifests and the report of a rehearsal are not looked at: they
are read without the style sheets of the site, and cannot use its tokens.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from tests.sources import styles_of_extras

FOLDER = Path(settings.BASE_DIR, "hackathon/static/css")
SHEETS = ("site.css", "projection.css")  # they have no rules, only imports
LAYERS = "@layer tokens, base, components, pages, utilities;"
IMPORT = re.compile(
    r'@import "\./([\w-]+\.css)" layer\((tokens|base|components|pages|utilities)\);'
)
POINT = "(?:480|720|900|1024|1240|1600)px"
# The height is that of a tablet that lies on a table, and of no phone.
AT_A_BREAK_POINT = re.compile(
    rf"\(width (?:<|>=) {POINT}\)|\({POINT} <= width < {POINT}\)|\(height >= 560px\)"
)

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
DECLARATION = re.compile(r"(?P<name>[\w-]+)\s*:\s*(?P<value>[^;{}]*);")
CONDITION = re.compile(r"@(?:media|container)[^{]*")
COLOR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\("
    r"|\b(?:white|black|gr[ae]y|silver|red|green|blue|yellow|orange|purple|pink|brown|gold|navy)\b",
    re.IGNORECASE,
)
SIZE = r"var\(--[te]-[\w-]+\)"
ON_THE_SCALE = re.compile(
    rf"inherit|0|{SIZE}|calc\({SIZE} \* .+\)|(?:min|max)\({SIZE}, .+\)|clamp\({SIZE}, .+, {SIZE}\)"
)
FONT = re.compile(rf"inherit|(?:\d+ )?{SIZE}(?: / [\d.]+)? .+")
# Names of tokens that scripts write, and classes that others write: htmx.
WRITTEN_BY_SCRIPTS = {"--at", "--zoom"}
CLASSES_OF_OTHERS = {"htmx-request"}


def test_colors_are_tokens():
    raw = [
        place(path, text, match)
        for path, text in parts()
        if path.name != "tokens.css"
        for match in DECLARATION.finditer(text)
        if COLOR.search(re.sub(r"--[\w-]+", "", match["value"]))
    ]

    assert raw == []


def test_tokens_have_no_looks_of_their_own():
    allowed = re.compile(r"--[\w-]+|color-scheme|syntax|inherits|initial-value")
    path = FOLDER / "tokens.css"
    text = without_comments(path.read_text())
    other = [
        place(path, text, match)
        for match in DECLARATION.finditer(text)
        if not allowed.fullmatch(match["name"])
    ]

    assert other == []


def test_sizes_of_text_are_on_the_scale():
    allowed = {"font-size": ON_THE_SCALE, "font": FONT}
    sizes = [
        (path, text, match)
        for path, text in parts()
        for match in DECLARATION.finditer(text)
        if match["name"] in allowed
    ]
    off = [
        place(path, text, match)
        for path, text, match in sizes
        if not allowed[match["name"]].fullmatch(match["value"])
    ]

    assert len(sizes) > 200
    assert off == []


def test_there_are_six_break_points_written_one_way():
    conditions = [
        (path, text, match) for path, text in parts() for match in CONDITION.finditer(text)
    ]
    wrong = [
        place(path, text, match)
        for path, text, match in conditions
        if re.search(r"width|height|\d", AT_A_BREAK_POINT.sub("", match[0]))
    ]

    assert len(conditions) > 60
    assert wrong == []


def test_every_rule_is_in_a_layer():
    outside = []
    imported: set[str] = set()
    for name in SHEETS:
        text = without_comments((FOLDER / name).read_text())
        assert text.split("\n")[1] == LAYERS, name
        for number, line in enumerate(text.splitlines(), 1):
            if match := IMPORT.fullmatch(line):
                imported.add(match[1])
            elif line and line != LAYERS:
                outside.append(f"{name}:{number}: {line}")
    not_imported = {path.name for path, _ in parts() if path.parent == FOLDER} - imported
    for path in styles_of_extras():
        own = re.sub(r'^@import "\./.*\n', "", without_comments(path.read_text()))
        lines = own.split("\n")
        indented = [line for line in lines[2:-2] if line and not line.startswith("  ")]
        if (lines[1], lines[-2:], indented) != ("@layer pages {", ["}", ""], []):
            outside.append(path.name)

    assert outside == []
    assert not_imported == set()


def test_every_token_is_used_and_every_used_one_is_defined():
    text = "\n".join(text for _, text in parts())
    defined = set(re.findall(r"(?<![\w-])(--[\w-]+)\s*:", text))
    defined |= set(re.findall(r"@property (--[\w-]+)", text))
    used = set(re.findall(r"var\((--[\w-]+)", text))

    assert defined - used == set()
    assert used - defined - WRITTEN_BY_SCRIPTS == set()


def test_every_class_is_on_an_element():
    """A name may be put together: `is-{{ state }}`."""
    names = {
        name
        for _, text in parts()
        for selector in re.findall(r"[^{};]*(?=\{)", text)
        for name in re.findall(r"\.([a-z][\w-]*)", selector)
    }
    written = words_of_pages()
    dead = {
        name
        for name in names - written
        if not (name.startswith(("is-", "has-")) and name.split("-", 1)[1] in written)
    }

    assert len(names) > 500
    assert dead == CLASSES_OF_OTHERS


def words_of_pages() -> set[str]:
    base = Path(settings.BASE_DIR)
    files = [
        path
        for folder in ("templates", "hackathon", "teams", "submissions", "judging")
        for path in (base / folder).rglob("*")
        if path.suffix in {".html", ".py", ".js", ".txt", ".svg"}
    ]
    return {word for path in files for word in re.findall(r"[a-zA-Z_][\w-]*", path.read_text())}


def parts() -> Iterator[tuple[Path, str]]:
    """Every file with rules, and its text without comments."""
    for path in [*sorted(FOLDER.glob("*.css")), *styles_of_extras()]:
        if path.name not in SHEETS:
            yield path, without_comments(path.read_text())


def without_comments(text: str) -> str:
    """Its lines keep their numbers."""
    return COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)


def place(path: Path, text: str, match: re.Match[str]) -> str:
    start = match.start() + len(match[0]) - len(match[0].lstrip())
    return f"{path.name}:{text.count(chr(10), 0, start) + 1}: {' '.join(match[0].split())}"
