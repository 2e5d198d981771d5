"""While and after the site is updated, each page runs the modules of one version only."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from tests.browser.site import Person, Site, module, site_by_command, until_equal
from tests.static_files import SOURCE, collect, static_files

CHANGED = "ticker.js"  # many modules import it, some of them through others
MARK = "\nglobalThis.updated = true;\n"


@pytest.fixture
def site() -> Iterator[Site]:
    # Started by command: the fork server keeps the manifest of the first version in memory.
    with site_by_command() as site:
        yield site


@pytest.fixture(scope="module")
def updated(tmp_path_factory) -> Path:
    """The static files of both versions, after an update that collected a changed module."""
    directory = tmp_path_factory.mktemp("updated")
    shutil.copytree(static_files(), directory / "static")
    shutil.copytree(SOURCE, directory / "source")
    with (directory / "source" / "js" / CHANGED).open("a") as file:
        file.write(MARK)
    collect(directory / "static", directory / "source")
    return directory / "static"


@pytest.fixture
def update(site, updated) -> Callable[[], None]:
    """`update()` brings the new static files and restarts the site, as an update does."""

    def deploy() -> None:
        site.stop()
        site.env["CCD_STATIC_ROOT"] = str(updated)
        site.start()

    return deploy


@pytest.fixture
def pages(chromium, site) -> Iterator[list[Page]]:
    """Two that may complain: their connection is lost while the site restarts."""
    people = [Person(chromium, site, width=1280, height=800) for _ in range(2)]
    yield [person.page for person in people]
    for person in people:
        person.context.close()


def names(site: Site) -> set[str]:
    """The hashed names of the current version."""
    manifest = Path(site.env["CCD_STATIC_ROOT"]) / "staticfiles.json"
    return set(json.loads(manifest.read_text())["paths"].values())


def loaded(page: Page) -> set[str]:
    """The scripts that a page has loaded."""
    found = page.evaluate(
        """performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname)
        .filter((path) => path.startsWith("/static/bundle/")).map((path) => path.slice(8))"""
    )
    return set(found)


def part(name: str) -> str:
    """`shared` of `bundle/shared-ABCDEFGH.0123456789ab.js`."""
    return re.split(r"[.]|-[A-Z0-9]{8}\b", name.removeprefix("bundle/"))[0]


def is_updated(page: Page) -> bool:
    return page.evaluate("globalThis.updated === true")


def test_open_and_loading_pages_keep_their_version_and_the_next_one_is_all_new(pages, site, update):
    page, loading = pages
    old_names = names(site)
    page.goto("/accueil/")
    first = loaded(page)
    held: list[Route] = []
    updated = False

    def answer(route: Route) -> None:
        if updated:
            route.continue_()
        else:
            held.append(route)

    loading.route("**/static/bundle/*.js", answer)
    loading.goto("/accueil/", wait_until="commit")
    until_equal(loading, lambda: any("/main." in route.request.url for route in held), True)

    update()
    updated = True
    for route in held:
        route.continue_()
    loading.wait_for_load_state("load")
    # A module that this page imports only now, with what that one imports.
    page.evaluate(f"{module('juryKeeper')}.then((keeper) => keeper.leave())")
    later = loaded(page)
    were_updated = [is_updated(each) for each in pages]
    page.reload()
    new = loaded(page)

    new_names = names(site)
    assert old_names != new_names
    for of_page in (first, loaded(loading)):
        assert {part(name) for name in of_page} >= {"main", "shared"}
        assert of_page <= old_names
    assert later - first
    assert later <= old_names
    assert were_updated == [False, False]
    assert new <= new_names
    assert {part(name) for name in new - old_names} >= {"main", "shared"}
    assert is_updated(page)
