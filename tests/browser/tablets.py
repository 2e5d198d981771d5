"""Tablets of jurors: a browser with a profile that outlives it, and what every test of one does."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests import services
from tests.browser.site import CHROMIUM_FLAGS, PATIENCE, Site, until
from tests.waiting import wait_until

# This page is stored, and the list and the handover with all static files to which they refer.
KEPT = """async () => {
    if (!navigator.serviceWorker.controller) return false;
    const [pages, files] = [await caches.open("jury-pages"), await caches.open("jury-static")];
    const wanted = new Set();
    if (!await pages.match(location.pathname, { ignoreVary: true })) return false;
    for (const path of ["/jury/", "/jury/changer/"]) {
        const page = await pages.match(path, { ignoreVary: true });
        if (!page) return false;
        const found = new DOMParser().parseFromString(await page.text(), "text/html");
        for (const element of found.querySelectorAll("link[href], script[src], img[src]")) {
            const url = element.getAttribute("href") ?? element.getAttribute("src");
            if (url.startsWith("/static/")) wanted.add(new URL(url, location.href).href);
        }
    }
    for (const url of wanted) { // a set grows while one goes through it
        const file = await files.match(url, { ignoreVary: true });
        if (!file) return false;
        if (!url.endsWith(".js")) continue;
        const imports = /(?:from|import)\\s*\\(?\\s*["'](\\.[\\w./-]+\\.js)["']/g;
        for (const [, path] of (await file.text()).matchAll(imports)) {
            wanted.add(new URL(path, url).href);
        }
    }
    return true;
}"""


class Tablet:
    def __init__(self, browser: Browser, site: Site) -> None:
        self.site = site
        self.profile = Path(tempfile.mkdtemp(prefix="ccd-tablet-"))
        self._type = browser.browser_type
        self.switch_on()

    def switch_on(self) -> None:
        for last in (False, False, True):
            address = self._start()
            try:
                self.browser = self._type.connect_over_cdp(address, timeout=30_000)
                break
            except PlaywrightTimeout:
                if last:
                    raise
                self.kill()
        self.page = self.browser.contexts[0].new_page()
        self.page.set_default_timeout(PATIENCE * 1000)

    # A killed Chromium sometimes starts without answering its debugger; then it is killed again.
    def _start(self) -> str:
        path = services.headless_chromium_bin()
        assert path is not None
        port = services.free_port()
        self._process = subprocess.Popen(
            [
                *(path, *CHROMIUM_FLAGS, "--headless=new", "--no-first-run"),
                *(f"--remote-debugging-port={port}", f"--user-data-dir={self.profile}"),
                *("--window-size=1024,768", "--hide-crash-restore-bubble"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that `kill` ends all processes of the browser
        )
        address = f"http://127.0.0.1:{port}"
        with contextlib.suppress(AssertionError):
            wait_until(lambda: _answers(address))
        return address

    def kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE)

    def close(self) -> None:
        if self._process.poll() is None:
            self.kill()
        shutil.rmtree(self.profile, ignore_errors=True)

    def open(self, path: str) -> None:
        self.page.goto(self.site.url + path)


def _answers(address: str) -> bool:
    with contextlib.suppress(OSError), urlopen(f"{address}/json/version", timeout=30):
        return True
    return False


def sign_in(page: Page, site: Site, juror: dict[str, str]) -> None:
    page.goto(f"{site.url}/compte/connexion/")
    page.get_by_text("J’ai un mot de passe").click()
    page.locator("#password_login").fill(juror["email"])
    page.locator("#password_password").fill(juror["password"])
    page.get_by_role("button", name="Entrer avec le mot de passe").click()
    page.wait_for_url(re.compile("/jury/$"))


def open_tools(page: Page) -> None:
    """Of the list: search, filters and « Préparer hors connexion »."""
    page.locator("[data-tools] > summary").click()


def prepare_offline(page: Page) -> None:
    open_tools(page)
    page.get_by_role("button", name="Préparer hors connexion").click()


def until_kept(page: Page) -> None:
    until(page, f"({KEPT})()")


def pending(page: Page) -> Locator:
    return page.locator("[data-sheet-net]")


def ready(page: Page) -> None:
    page.locator("[data-sheet][data-ready]").wait_for()


def give(page: Page, index: int, value: str) -> None:
    scale = page.locator(".scale[data-top]").nth(index)
    scale.get_by_role("button", name=value, exact=True).click()


def drag(page: Page, handle: Locator, onto: Locator) -> None:
    """Beyond the middle of the other row, and away from the handle to the right."""
    handle.hover()  # waits until it no longer moves
    page.mouse.down()
    expect(page.locator(".is-dragged")).to_have_count(1)
    start, end = handle.bounding_box(), onto.bounding_box()
    assert start is not None
    assert end is not None
    beyond = 10 if end["y"] > start["y"] else -10
    page.mouse.move(start["x"] + 200, end["y"] + end["height"] / 2 + beyond, steps=6)
    page.mouse.up()
