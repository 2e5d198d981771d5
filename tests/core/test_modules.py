"""Collected static files: hashed imports, stylesheets of parts, and the tag that loads a module."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template import Context, Template
from django.test import override_settings

from hackathon.base.core.static import modules_of

pytestmark = pytest.mark.system

HASHED = re.compile(r"^[\w/.-]+\.[0-9a-f]{12}\.\w+$")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)  # JSDoc imports types
REFERENCE = re.compile(r"""(?:from|import|new URL)\s*\(?\s*["'](?P<path>\.[\w./-]+)["']""")


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Iterator[Path]:
    """The output of collectstatic with the settings of a running site."""
    root = tmp_path_factory.mktemp("static")
    storages = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "hackathon.base.core.static.StaticStorage"},
    }
    with override_settings(STATIC_ROOT=root, STORAGES=storages):
        call_command("collectstatic", interactive=False, verbosity=0)
        yield root


def hashed(root: Path, folder: str, ending: str) -> list[Path]:
    return [path for path in (root / folder).rglob(f"*{ending}") if HASHED.match(path.name)]


def test_modules_and_workers_are_named_by_their_hashes(collected):
    modules = hashed(collected, "bundle", ".js")
    found = [
        (module.parent / match["path"]).resolve()
        for module in modules
        for match in REFERENCE.finditer(COMMENT.sub("", module.read_text()))
    ]

    assert len(modules) > 15
    assert len(found) > 15
    assert [path.name for path in found if not HASHED.match(path.name) or not path.exists()] == []
    assert [path.name for path in found if path.name.startswith("ticker-worker.")] != []


def test_htmx_comes_from_its_package_and_only_the_file_that_pages_load(collected):
    tag = Template('{% include "components/htmx.html" %}').render(Context())
    name = re.findall(r' src="/static/(vendor/htmx/htmx[.]min[.][0-9a-f]{12}[.]js)"', tag)

    assert [(collected / path).exists() for path in name] == [True]
    scripts = {path.name for path in (collected / "vendor" / "htmx").rglob("*.js")}
    assert scripts == {"htmx.min.js", Path(name[0]).name}


@pytest.mark.parametrize("name", ["site", "projection"])
def test_a_stylesheet_of_parts_is_one_file(collected, name):
    (sheet,) = [path for path in hashed(collected, "css", ".css") if path.stem.startswith(name)]
    text = sheet.read_text()

    assert "@import" not in text
    assert text.startswith("@layer tokens,base,components,pages,utilities;")
    assert text.count("{") > 300
    assert re.search(r'url\("../fonts/inter/inter-[\w-]+\.[0-9a-f]{12}\.woff2"\)', text)


def test_what_every_page_runs_is_in_two_files_and_a_pages_own_module_in_one(collected):
    def tag(name: str) -> list[str]:
        text = Template(f'{{% module_script "js/{name}.js" %}}').render(Context())
        found = re.findall(r'/static/bundle/([a-z-]+)[\w-]*\.[0-9a-f]{12}\.js"', text)
        return [name.rstrip("-") for name in found]

    # What offline pages and workers use too is in files of its own, so are the database of this
    # device, which a page of the jury's tablet imports later, and esbuild's 156 bytes.
    assert set(tag("main")) == {"shared", "main"}
    assert len(tag("main")) <= 8
    # What an extra on the same page imports too is in files of its own.
    assert set(tag("screen")) <= {"shared", "screen"}
    assert len(tag("screen")) <= 3
    assert tag("jury")[-1] == "jury"


def test_imports_of_imports_are_found_once_in_the_source_tree():
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        found = modules_of("js/main.js")

    assert len(found) == len(set(found))
    assert {"js/live.js", "js/clock.js", "js/live-poll.js"} <= set(found)
    assert "js/jury-store.js" not in found  # imported later, where a jury uses it
