"""Patterns and programs: nothing that somebody has typed becomes a part of their language."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from tests.extras import gathered
from tests.sources import is_installed

FOLDERS = ("hackathon", "teams", "submissions", "judging")
PATTERNS = {
    "compile",
    "match",
    "search",
    "fullmatch",
    "sub",
    "subn",
    "split",
    "findall",
    "finditer",
}
# In patterns that are made at run time, beside `re.escape(…)`: where the value comes from.
CONSTANT = {
    "hackathon/base/accounts/body_limits.py": {"settings.LANGUAGE_COOKIE_NAME"},
    "hackathon/base/accounts/middleware.py": {"OPEN_TO_BADGES"},
    # Each of them escaped, in the line before.
    "hackathon/run/privacy/services/facts.py": {"alternatives"},
    # The name of a tag, as a pattern of that module found it.
    "hackathon/run/page_client/markup.py": {"element.tag"},
}
STARTERS = {
    "hackathon/base/core/sandbox.py": "run",  # the children that open files of strangers
    "hackathon/base/core/static.py": "run",  # esbuild, for `collectstatic`
    "hackathon/run/operations/backup/database.py": "run",  # pg_dump, pg_restore
}


def calls(module: str) -> Iterator[tuple[str, str, ast.Call]]:
    """Path, function and call, of all that goes to `module`."""
    for folder in FOLDERS:
        for path in filter(is_installed, (settings.BASE_DIR / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id == module
                ):
                    yield str(path.relative_to(settings.BASE_DIR)), node.func.attr, node


def is_escaped(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func) == "re.escape"


def test_a_pattern_is_made_from_escaped_text_only():
    made: dict[str, set[str]] = {}
    for path, function, call in calls("re"):
        if function not in PATTERNS or not isinstance(call.args[0], ast.JoinedStr):
            continue
        for part in call.args[0].values:
            if isinstance(part, ast.FormattedValue) and not is_escaped(part.value):
                made.setdefault(path, set()).add(ast.unparse(part.value))

    assert made == CONSTANT
    text = (settings.BASE_DIR / "hackathon/run/privacy/services/facts.py").read_text()
    assert 'alternatives = "|".join(sorted(map(re.escape, words)' in text


def test_no_pattern_is_put_together_otherwise():
    others = {
        (path, ast.unparse(call.args[0]))
        for path, function, call in calls("re")
        if function in PATTERNS and not isinstance(call.args[0], ast.JoinedStr | ast.Constant)
    }

    assert others == {("hackathon/base/accounts/devices.py", "pattern")}  # of its own tables


def test_programs_are_started_with_lists_of_arguments_and_without_a_shell():
    started = {path: (function, call) for path, function, call in calls("subprocess")}
    starters = STARTERS | gathered("starts")

    assert {path: function for path, (function, _call) in started.items()} == starters
    for path, (_function, call) in started.items():
        assert "shell" not in {keyword.arg for keyword in call.keywords}, path
        assert not isinstance(call.args[0], ast.Constant | ast.JoinedStr), path
    assert not [one for one in calls("os") if one[1] in ("system", "popen")]
    assert not [one for one in calls("asyncio") if one[1].startswith("create_subprocess")]


def test_sources_are_where_this_test_looks():
    assert all((Path(settings.BASE_DIR) / path).exists() for path in (*CONSTANT, *STARTERS))
