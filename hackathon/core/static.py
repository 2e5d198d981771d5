"""Static files: what is collected, the hashed names of modules, and stylesheets made of parts."""

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# A stylesheet of parts has a line for each: browsers load them one by one where files are served
# from the source tree, and collectstatic writes the parts into the stylesheet.
PART = re.compile(r'^@import "\./(?P<name>[\w-]+\.css)";$', re.MULTILINE)
STATIC_IMPORT = re.compile(
    r"""^(?:import|export)\b(?:[^;'"]*?\bfrom)?\s*["'](?P<path>\.[^"']+)["'];$""", re.MULTILINE
)


class Static(StaticFilesConfig):
    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.d.ts",
        "browser-test-bundle.js",
        "tus.js",
        "tus.js.map",
    ]


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Modules import each other by hashed names; a stylesheet of parts becomes one file."""

    support_js_module_import_aggregation = True
    # Workers: `new URL("./worker.js", import.meta.url)`.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "*.js",
            (
                (
                    r"""(?P<matched>new URL\("(?P<url>\./[^"]+)", import\.meta\.url\))""",
                    """new URL("%(url)s", import.meta.url)""",
                ),
            ),
        ),
    )

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, Any]]:
        joined = {
            name: (JoinedStylesheets(storage), path) if name.endswith(".css") else (storage, path)
            for name, (storage, path) in paths.items()
        }
        yield from super().post_process(joined, dry_run, **options)


class JoinedStylesheets:
    """A storage that opens a stylesheet with its parts written into it."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def open(self, path: str) -> ContentFile:
        directory = posixpath.dirname(path)

        def text_of(name: str) -> str:
            with self.storage.open(name) as file:
                return file.read().decode()

        parts = PART.sub(
            lambda part: text_of(posixpath.join(directory, part["name"])), text_of(path)
        )
        return ContentFile(parts.encode())


def modules_of(path: str) -> tuple[str, ...]:
    """The modules that a module imports when it starts, those of its imports included."""
    found: dict[str, None] = {}

    def visit(name: str) -> None:
        for imported in _imports_of(name):
            if imported not in found:
                found[imported] = None
                visit(imported)

    visit(path)
    return tuple(found)


@cache
def _imports_of(path: str) -> list[str]:
    file = finders.find(path)
    if file is None:
        raise ValueError(f"There is no module {path}")
    text = Path(file).read_text()
    directory = posixpath.dirname(path)
    return [
        posixpath.normpath(posixpath.join(directory, found["path"]))
        for found in STATIC_IMPORT.finditer(text)
    ]
