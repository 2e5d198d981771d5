"""The archive of the demo, opened as files in a browser without a network."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.axe import Walk, nothing
from tests.browser.site import ROOT, demo_site, running_site, until_fonts

# Few works: their pages differ in little else than the texts.
PUBLISH = """
from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from judging.ceremony.services import publication
from teams.enums import Circle
from teams.models import Membership
edition = Edition.objects.current()
hidden = Membership.objects.filter(team__in=edition.teams.order_by("-pk")[5:])
hidden.update(shows_works_to=Circle.NOBODY)
publication.publish(edition=edition, by=edition.organizers.first(), at=clock.now())
"""
FONTS = "[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family).sort()"


@pytest.fixture(scope="module")
def archives(tmp_path_factory) -> tuple[Path, Path]:
    """Of the same edition, written by two processes that have other orders of sets."""
    data, _accounts = demo_site("ceremony")
    folders = tmp_path_factory.mktemp("archives")
    both = folders / "first", folders / "again"
    with running_site(data) as site:
        site.manage("shell", "-v0", "-c", PUBLISH)
        site.manage("publish-archive", "demo-ceremony", str(both[0]))
        # The fork server of the site has a random seed.
        subprocess.run(
            [sys.executable, "manage.py", "publish-archive", "demo-ceremony", str(both[1])],
            cwd=ROOT,
            env={**site.env, "PYTHONHASHSEED": "1"},
            check=True,
            capture_output=True,
        )
    return both


def test_two_processes_write_the_same_bytes(archives):
    first, again = (
        {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        for folder in archives
    )

    assert len(first) > 20
    assert first == again


def test_the_archive_opens_from_a_disk_without_a_network_or_a_script(archives, chromium):
    folder = archives[0]
    context = chromium.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    requests: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("requestfailed", lambda request: errors.append(request.url))
    page.on("console", lambda message: errors.append(message.text))
    start = (folder / "index.html").as_uri()
    waiting, seen = [start], set[str]()

    while waiting:
        url = waiting.pop(0)
        seen.add(url)
        page.goto(url)
        links = [link.get_attribute("href") or "" for link in page.locator("a[href]").all()]
        for link in links:
            target = (Path(url.removeprefix("file://")).parent / link.partition("#")[0]).resolve()
            if not link.startswith(("http", "#")):
                assert target.is_file(), (url, link)
                if target.suffix == ".html" and target.as_uri() not in {*seen, *waiting}:
                    waiting.append(target.as_uri())
        assert page.evaluate("document.styleSheets.length") == 1

    context.close()
    assert len(seen) == len(list(folder.rglob("*.html"))) >= 8
    assert [url for url in requests if not url.startswith(folder.as_uri())] == []
    assert errors == []


def test_axe_finds_nothing_serious_and_no_page_is_wider_than_the_window(archives, chromium):
    folder = archives[0]
    context = chromium.new_context(offline=True)
    page = context.new_page()
    walk = Walk()
    walk.prepare(page)

    for file in sorted(folder.rglob("index.html")):
        walk.open(page, file.as_uri(), str(file.relative_to(folder)))
        until_fonts(page)
        assert page.evaluate(FONTS) == ["Bricolage Grotesque", "Inter"]

    context.close()
    assert walk.found == nothing()
