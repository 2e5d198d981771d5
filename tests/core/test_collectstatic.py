"""Static files when an older version follows a newer one."""

import os
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

pytestmark = pytest.mark.system

OLD = {
    "js/page.js": 'import { greet } from "./words.js";\ngreet();\n',
    "js/other.js": 'import { greet } from "./words.js";\ngreet("other");\n',
    "js/words.js": 'export const greet = () => console.log("old");\n',
    "down/down.html": "old " * 300,
    "css/site.css": "@layer base;\nbody { color: red; }\n",
    "same.txt": "the same",
}
NEW = {
    **OLD,
    "js/page.js": 'import { leave } from "./words.js";\nleave();\n',
    "js/other.js": 'import { leave } from "./words.js";\nleave("other");\n',
    "js/words.js": 'export const leave = () => console.log("new");\n',
    "js/only-new.js": 'import { leave } from "./words.js";\nleave("only");\n',
    "down/down.html": "new " * 300,
    "css/site.css": "@layer base;\nbody { color: blue; }\n",
}


def version(directory: Path, files: dict[str, str], *, at: float) -> Path:
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        os.utime(path, (at, at))
    return directory


def collect(source: Path, target: Path) -> None:
    storages = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "hackathon.base.core.static.StaticStorage"},
    }
    settings = {"STATIC_ROOT": target, "STORAGES": storages, "STATICFILES_DIRS": [source]}
    finders = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # without those of extras
    with override_settings(**settings, STATICFILES_FINDERS=finders):
        call_command("collectstatic", interactive=False, verbosity=0)


def contents(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file() and path.suffix != ".gz"  # which contain an instant
    }


def test_another_user_may_enter_all_folders(tmp_path):
    """That of the proxy, or of the image."""
    collect(version(tmp_path / "old", OLD, at=time.time()), tmp_path / "static")

    modes = {path: path.stat().st_mode & 0o005 for path in (tmp_path / "static").rglob("*/")}
    assert set(modes.values()) == {0o005}, modes


def test_going_back_gives_the_files_of_the_older_version(tmp_path):
    """Both were built before the newer one was collected: everything there is newer than them."""
    now = time.time()
    old = version(tmp_path / "old", OLD, at=now - 2000)
    new = version(tmp_path / "new", NEW, at=now - 1000)
    alone, target = tmp_path / "alone", tmp_path / "target"
    collect(old, alone)

    collect(old, target)
    collect(new, target)
    forward = (target / "down" / "down.html").read_text()
    kept = (target / "same.txt").stat().st_mtime_ns
    collect(old, target)

    wanted, found = contents(alone), contents(target)
    assert forward == NEW["down/down.html"]
    assert b'"old"' in b"".join(wanted[name] for name in wanted if name.startswith("bundle/"))
    assert {name: found.get(name) for name in wanted} == wanted
    assert (target / "same.txt").stat().st_mtime_ns == kept
