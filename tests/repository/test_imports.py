"""Imports that the contracts of import-linter can't forbid: it knows `django` only as a whole."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
WEB = ("django.http", "django.urls", "django.shortcuts", "django.template")
TEMPLATE_TAGS = "hackathon.base.core.templatetags"


def modules(name: str) -> list[Path]:
    """The modules `name` of all apps, with the modules inside if it is a package."""
    found = []
    for app in ("hackathon", "teams", "submissions", "judging"):
        found += (ROOT / app).rglob(f"{name}.py")
        found += (ROOT / app).rglob(f"{name}/**/*.py")
    return sorted(found)


def imported(path: Path) -> Iterator[str]:
    """The dotted names that a module imports, each with the modules that contain it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_inside(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize(
    ("name", "forbidden"),
    [("rules", (*WEB, TEMPLATE_TAGS)), ("selectors", (*WEB, TEMPLATE_TAGS))],
)
def test_rules_and_selectors_know_nothing_of_requests_and_pages(name, forbidden):
    checked = modules(name)
    found = {
        (str(path.relative_to(ROOT)), used)
        for path in checked
        for used in imported(path)
        if any(is_inside(used, package) for package in forbidden) or "views" in used.split(".")
    }

    assert checked
    assert found == set()
