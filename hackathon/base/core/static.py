"""Static files: what is collected, the hashed names of modules, and stylesheets made of parts."""

import posixpath
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.templatetags.static import static
from whitenoise.storage import CompressedManifestStaticFilesStorage

STATIC_IMPORT = re.compile(
    r"""^(?:import|export)\b(?:[^;'"]*?\bfrom)?\s*["'](?P<path>(?:\.|#site/)[^"']+)["'];$""",
    re.MULTILINE,
)
# With the styles of extras, and how these end there.
STYLES = {"css/site.css": "", "css/projection.css": "-projection"}
BUNDLES = "bundle"  # the folder of the bundled modules
# They import each other at their beginning, on one line.
BUNDLE_IMPORT = re.compile(r"""\bimport(?:\{[^}]*\}from)?"(?P<path>\./shared-\w+\.js)";""")


class Static(StaticFilesConfig):
    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.d.ts",
        "browser-test-bundle.js",
        "htmx.js",
        "htmx.amd.js",
        "htmx.cjs.js",
        "htmx.esm.js",
        "ext",  # of htmx
        "tus.js",
        "tus.js.map",
        "pdf.mjs",
        "pdf.worker.mjs",
        "pdf.sandbox*",
        "*.mjs.map",
        "*.d.mts",
        "LICENSE_*",
    ]


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Each page's module is bundled with what it imports; what several pages share is a module of
    its own. They import each other by hashed names. A stylesheet of parts becomes one file.
    """

    support_js_module_import_aggregation = True
    max_post_process_passes = 10  # each follows one import of a chain of modules
    # Workers: `new URL("./worker.js", import.meta.url)`.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "*.js",
            (
                (
                    r"""(?P<matched>new URL\("(?P<url>\./[^"]+)", ?import\.meta\.url\))""",
                    """new URL("%(url)s",import.meta.url)""",
                ),
            ),
        ),
    )

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, Any]]:
        files = {
            name: (JoinedStylesheets(storage), path) if name.endswith(".css") else (storage, path)
            for name, (storage, path) in paths.items()
            if not is_module(name)
        }
        if not dry_run:
            # From their sources: beside the collected ones are modules of other versions.
            modules = [
                Path(storage.path(path))
                for name, (storage, path) in paths.items()
                if is_module(name)
            ]
            made = bundle(modules, Path(self.path(BUNDLES)))
            files |= {f"{BUNDLES}/{name}": (self, f"{BUNDLES}/{name}") for name in made}
        yield from super().post_process(files, dry_run, **options)


class JoinedStylesheets:
    """A storage that opens a stylesheet with what it imports written into it, each in its layer,
    and with those of extras. Where files are served from the source tree, browsers load the parts
    one by one.
    """

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def open(self, path: str) -> ContentFile:
        file = Path(self.storage.path(path))
        others = map(finders.find, styles_of_extras(path))
        imports = "".join(f'@import "{other}";' for other in (file, *others))
        # What `url()` names stays a file of its own: Django gives it its hashed name.
        options = ["--bundle", "--external:../fonts/*", "--external:../img/*", "--loader=css"]
        return ContentFile(_esbuild([*options, "--minify-whitespace"], imports))


def is_module(name: str) -> bool:
    return name.startswith("js/") and name.endswith(".js")


def bundle(modules: Iterable[Path], output: Path) -> list[str]:
    """Returns the names of the files that it made. Those of former versions stay: open pages import
    them. Entry points are the modules that no other imports.
    """
    texts = {module.resolve(): module.read_text() for module in modules}
    imported = {
        _imported(module, match["path"])
        for module, text in texts.items()
        for match in STATIC_IMPORT.finditer(text)
    }
    with tempfile.TemporaryDirectory() as made:
        options = [
            f"--outdir={made}",
            "--bundle",
            "--splitting",
            "--format=esm",
            "--entry-names=[name]",
            "--chunk-names=shared-[hash]",
            "--minify-whitespace",
            "--minify-syntax",
            # The oldest browsers for which the site is made: README.md.
            "--target=chrome111,firefox121,safari16.4",
        ]
        _esbuild([*map(str, sorted(texts.keys() - imported)), *options])
        shutil.copytree(made, output, dirs_exist_ok=True)
        output.chmod(0o755)  # a temporary directory is closed to the server of static files
        return sorted(path.name for path in Path(made).iterdir())


def _imported(module: Path, path: str) -> Path:
    """`#site/` is the folder of the site's own modules, for those of extras (package.json)."""
    own = path.replace("#site", "hackathon/static/js") if path.startswith("#") else ""
    return (settings.BASE_DIR / own if own else module.parent / path).resolve()


def _esbuild(arguments: list[str], source: str | None = None) -> bytes:
    """Returns its standard output. `source`: instead of a file."""
    (program,) = settings.NODE_MODULES.glob("@esbuild/*/bin/esbuild")
    command = [str(program), *arguments, "--charset=utf8", "--log-level=warning"]
    text = source and source.encode()
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, input=text).stdout  # noqa: S603


def stylesheet_urls(path: str) -> list[str]:
    is_joined = isinstance(staticfiles_storage, StaticStorage)
    return [static(name) for name in (path, *(() if is_joined else styles_of_extras(path)))]


def styles_of_extras(path: str) -> list[str]:
    """`css/NAME.css` of each that has one, and `css/NAME-projection.css` for projectors."""
    if path not in STYLES:
        return []
    names = [f"css/{name}{STYLES[path]}.css" for name in settings.EXTRAS]
    return [name for name in names if finders.find(name)]


def module_url(path: str) -> str:
    """Of a page's module: `js/main.js`."""
    return static(_served(path))


def modules_of(path: str) -> tuple[str, ...]:
    """The files that a page's module imports when it starts, those of its imports included."""
    names: dict[str, None] = {}

    def visit(name: str) -> None:
        for imported in _imports_of(name):
            if imported not in names:
                names[imported] = None
                visit(imported)

    visit(_served(path))
    return tuple(names)


def _served(path: str) -> str:
    """Where static files are served from the source tree, nothing is bundled."""
    is_collected = isinstance(staticfiles_storage, StaticStorage)
    return path.replace("js/", f"{BUNDLES}/", 1) if is_collected else path


@cache
def _imports_of(path: str) -> list[str]:
    is_bundle = path.startswith(BUNDLES)
    file = staticfiles_storage.path(path) if is_bundle else finders.find(path)
    if file is None:
        raise ValueError(f"There is no module {path}")
    text = Path(file).read_text()
    directory = posixpath.dirname(path)
    return [
        posixpath.normpath(posixpath.join(directory, match["path"].replace("#site", ".")))
        for match in (BUNDLE_IMPORT if is_bundle else STATIC_IMPORT).finditer(text)
    ]
