"""Nothing outside an extra names it, so that its folders can be deleted."""

import re
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from hackathon.fixed_settings import EXTRAS

ROOT = Path(settings.BASE_DIR)
SOURCES = {".py", ".html", ".js", ".css", ".txt", ".typ"}
# The list of settings, the release that an upgrade begins with, what is measured, and values that
# are stored: the last moment of a seal, and what a jury marks as it hears nominees. Migrations also
# name what they once made.
MAY_NAME = (
    *("hackathon/fixed_settings.py", "tests/operations/upgrades/", "bench/"),
    "submissions/enums.py",
    "judging/enums.py",
)


def sources() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = [Path(name) for name in listed.stdout.splitlines() if (ROOT / name).is_file()]
    return [path for path in paths if path.suffix in SOURCES and not _may_name(path)]


def _may_name(path: Path) -> bool:
    has_landed = "migrations" in path.parts  # and is never changed
    return has_landed or str(path).startswith((*MAY_NAME, "node_modules/"))


@pytest.mark.system
def test_nothing_outside_an_extra_names_it():
    """As a package, a namespace of addresses, a folder of templates or a stylesheet."""
    named = []
    for name in EXTRAS:
        own = (f"hackathon/extras/{name}/", f"tests/extras/{name}/")
        pattern = re.compile(
            rf"""\bextras[./]{name}\b|["']{name}["':/.]|\bimport {name}\b|/{name}\.(?:css|js)\b"""
        )
        named += [
            f"{path}: {match[0]}"
            for path in sources()
            if not str(path).startswith(own)
            for match in pattern.finditer((ROOT / path).read_text())
        ]

    assert named == []


def test_each_extra_is_installed_and_each_folder_is_an_extra():
    folders = {path.parent.name for path in ROOT.glob("hackathon/extras/*/apps.py")}

    assert folders == set(EXTRAS)
