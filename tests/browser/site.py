"""A real process of the site with its own data, and people in real browsers."""

import atexit
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, expect

from tests import services
from tests.fork_server import ForkServer
from tests.run_directory import once_per_run
from tests.static_files import static_files
from tests.waiting import PATIENCE, wait_until

ROOT = Path(__file__).parent.parent.parent
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Seconds. With uvicorn's default of 5 the site may close a connection at the moment in which a test
# sends its next request on it; Playwright does not repeat that request.
KEEP_ALIVE = 600
expect.set_options(timeout=PATIENCE * 1000)
# What Chromium logs of requests without a network.
OFFLINE = r"net::ERR_|WebSocket connection|htmx:"
ADMIN = ("eve@example.org", "une-longue-phrase-de-passe")
# With results for all links, as without a network: else a worker of each site soon opens them, each
# in a process of its own.
MAKE_DEMO = """
import gc
from django.core.management import call_command
from django.db import connection
from hackathon.base.core import clock
from submissions.inspection import services
from submissions.inspection.result import FindingCode, Result
from submissions.models import Submission
NOT_CHECKED = Result({{"type": "link"}}).with_finding(FindingCode.NOT_CHECKED)
gc.disable()  # it takes a tenth of the time
call_command("demo", phase="{}", json=True)
for link in Submission.objects.filter(inspection__health="pending"):
    services.record(link, NOT_CHECKED, at=clock.now())
connection.close()
"""
MAKE_EMPTY_SITE = f"""
import shutil
from django.core.management import call_command
from django.db import connection
from tests.database import template_file
if (template := template_file()).exists():
    shutil.copyfile(template, connection.settings_dict["NAME"])
call_command("migrate", interactive=False, verbosity=0)
call_command("createsuperuser", interactive=False, email="{ADMIN[0]}")
"""


@dataclass
class Site:
    """A running site. `forks` starts its processes; None: the command line of uvicorn."""

    url: str
    log: Path
    env: dict[str, str]
    forks: ForkServer | None = None
    servers: list[Any] = field(default_factory=list)  # only the last one may still run

    def start(self) -> None:
        """Returns once the site answers."""
        port = urlsplit(self.url).port
        if self.forks is not None:
            server: Any = self.forks.serve(
                self.log,
                port=port,
                ws="websockets-sansio",
                ws_per_message_deflate=False,
                timeout_graceful_shutdown=3,
                timeout_keep_alive=KEEP_ALIVE,
            )
        else:
            server = self._start_by_command(port)
        self.servers.append(server)
        _wait_for(self, server)

    def _start_by_command(self, port: int | None) -> subprocess.Popen:
        command = [
            *(sys.executable, "-m", "uvicorn", "hackathon.asgi:application"),
            *("--port", str(port), "--ws", "websockets-sansio"),
            *("--ws-per-message-deflate", "false", "--timeout-graceful-shutdown", "3"),
            *("--timeout-keep-alive", str(KEEP_ALIVE)),
        ]
        with self.log.open("a") as log:
            return subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=log, stderr=subprocess.STDOUT
            )

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Returns once the process has ended."""
        self.servers[-1].send_signal(how)
        self.servers[-1].wait(PATIENCE)

    def manage(self, *arguments: str) -> str:
        """Runs a management command in another process; returns its output."""
        if self.forks is not None:
            return self.forks.manage(*arguments)
        return _manage(self.env, *arguments)

    def mailed_code(self, email: str) -> str:
        """The last code mailed to `email`. Without SMTP the process prints mails into its log."""

        def last_code() -> str:
            mails = self.log.read_text().split("Content-Type: ")
            for mail in reversed(mails):
                if f"To: {email}" in mail and (
                    code := re.search(r"^\s*(\d{4}[ -]?\d{4})\s*$", mail, re.M)
                ):
                    return code[1]
            return ""

        return wait_until(last_code, lambda: f"No code was mailed to {email}")


@contextlib.contextmanager
def running_site(data: Path | None = None) -> Iterator[Site]:
    """The site with uvicorn and SQLite, and with a copy of `data` (None: only an admin).

    Its process is a fork without any cached state. It is killed at the end.
    """
    slot = (_idle.pop() if _idle else _Slot()).filled_with(data or empty_site())
    site = Site(f"http://localhost:{services.free_port()}", slot.data / "log", slot.env, slot.forks)
    has_started = False
    try:
        site.start()
        has_started = True
        yield site
    finally:
        for server in site.servers:
            server.kill_group()
        # A fork server that was not waited for would answer the next site with this one's process.
        if has_started:
            _idle.append(slot)


@contextlib.contextmanager
def site_by_command(**extra: str) -> Iterator[Site]:
    """Like `running_site`, but started by the command line of uvicorn and ended by SIGTERM.

    `extra` are further environment variables.
    """
    data = Path(tempfile.mkdtemp(prefix="ccd-day-"))
    shutil.copytree(empty_site(), data, dirs_exist_ok=True)
    env = {**_environment(data), **extra}
    site = Site(f"http://localhost:{services.free_port()}", data / "log", env)
    try:
        site.start()
        yield site
    finally:
        site.stop()
        shutil.rmtree(data, ignore_errors=True)


class _Slot:
    """A data directory and the fork server that works on it. Sites use it one after the other."""

    def __init__(self) -> None:
        self.data = Path(tempfile.mkdtemp(prefix="ccd-day-"))
        self.env = _environment(self.data)
        self.forks: ForkServer | None = None
        atexit.register(self._close)

    def filled_with(self, source: Path) -> Self:
        """Its data are a copy of `source`. The secret key, which a fork server reads once,
        is the same in every source.
        """
        for entry in self.data.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        shutil.copytree(source, self.data, dirs_exist_ok=True)
        self.forks = self.forks or ForkServer(self.env)
        return self

    def _close(self) -> None:
        if self.forks is not None:
            self.forks.close()
        shutil.rmtree(self.data, ignore_errors=True)


_idle: list[_Slot] = []


def empty_site() -> Path:
    """The data of a site with an admin only."""
    return once_per_run("empty-site", _make_empty_site)


def _make_empty_site(data: Path) -> None:
    env = {**_environment(data), "DJANGO_SUPERUSER_PASSWORD": ADMIN[1]}
    _manage(env, "shell", "-v0", "-c", MAKE_EMPTY_SITE)


def demo_site(phase: str) -> tuple[Path, list[dict[str, Any]]]:
    """The data of a site with the demo edition in this phase, and its accounts."""

    def make(data: Path) -> None:
        slot = (_idle.pop() if _idle else _Slot()).filled_with(empty_site())
        assert slot.forks is not None
        printed = slot.forks.manage("shell", "-v0", "-c", MAKE_DEMO.format(phase))
        shutil.copytree(slot.data, data, dirs_exist_ok=True)
        _idle.append(slot)
        (data / "demo.json").write_text(printed.splitlines()[-1])

    data = once_per_run(f"demo-{phase}", make)
    return data, json.loads((data / "demo.json").read_text())["accounts"]


def _manage(env: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=env, check=True, capture_output=True, text=True
    ).stdout


def _environment(data: Path) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith(("CCD_", "DJANGO_"))},
        "CCD_DATA_DIR": str(data),
        "CCD_STATIC_ROOT": str(static_files()),
        "DJANGO_SETTINGS_MODULE": "tests.site_settings",
        "PYTHONUNBUFFERED": "1",
    }


def _wait_for(site: Site, server: Any) -> None:
    def answers() -> bool:
        assert server.poll() is None, site.log.read_text()
        with contextlib.suppress(OSError), urlopen(f"{site.url}/accueil/"):
            return True
        return False

    wait_until(answers, site.log.read_text)


# An address that no page asks for by itself.
BARRIER = "/api/v1/edition/?barrier"


def module(name: str) -> str:
    """JavaScript that returns a promise of a module which js/main.js of the page exports."""
    main = """import(document.querySelector("script[type=module][src*='/bundle/main.']").src)"""
    return f"{main}.then((main) => main.{name})"


def until(page: Page, expression: str) -> None:
    """Waits until `expression` is true. Playwright's own way uses eval, which our CSP forbids."""
    until_equal(page, lambda: bool(page.evaluate(expression)), True, expression)


def until_equal(page: Page, read: Callable[[], Any], wanted: Any, what: str = "") -> None:
    """Waits until `read()` gives `wanted`; the events of pages are received meanwhile."""
    values: list[Any] = []

    def is_equal() -> bool:
        page.context.cookies()  # a round trip to the browser, with which events come
        values[:] = [read()]
        return values == [wanted]

    wait_until(is_equal, lambda: f"{what} is {values[0]}, not {wanted}")


def until_fonts(page: Page) -> None:
    """Before something is measured: the event `load` does not wait for fonts that the first drawing
    of the page requests.
    """
    page.evaluate("document.fonts.ready.then(() => null)")


def until_reported(page: Page, requests: list[str]) -> None:
    """Until `requests`, which gets the address of each, has all that the page has made so far."""
    page.evaluate(f"fetch('{BARRIER}')")
    until_equal(page, lambda: any(BARRIER in each for each in requests), True)
    requests[:] = [each for each in requests if BARRIER not in each]


def until_live(page: Page, state: str = "live") -> None:
    expect(page.locator("html")).to_have_attribute("data-live", state)


def settle(page: Page) -> None:
    """Waits until the uncertainty of the page's clock is at most 40 ms; it is measured again."""
    until(
        page,
        f"""{module("clock")}.then(({{ uncertainty }}) => {{
            if (uncertainty() > 40) dispatchEvent(new Event("online"));
            return uncertainty() <= 40;
        }})""",
    )


class Person:
    """A person with their own browser context.

    `errors` collects exceptions and console errors, except those that match `expected`: Playwright
    may report an error that a test causes as late as when the context is closed.
    """

    expected: str = r"(?!)"  # a regular expression; this one matches nothing

    def __init__(
        self, browser: Browser, site: Site, *, width: int, height: int, **options: Any
    ) -> None:
        """`options`: of the browser context."""
        self.site = site
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            locale="fr-FR",
            base_url=site.url,
            **options,
        )
        self.context.set_default_timeout(PATIENCE * 1000)
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self._collect(str(error)))
        self.page.on(
            "console",
            lambda message: self._collect(message.text) if message.type == "error" else None,
        )

    def _collect(self, error: str) -> None:
        if not re.search(self.expected, error):
            self.errors.append(error)

    def stop_time(self) -> None:
        """For the pages that are opened from now on: `page.clock.run_for` moves it on."""
        began = datetime.now(UTC)
        self.context.clock.install(time=began)
        self.context.clock.pause_at(began + timedelta(hours=1))  # it runs until then

    def open(self, path: str) -> None:
        self.page.goto(path)

    def press(self, name: str) -> None:
        """Clicks the button or link with this text."""
        button = self.page.get_by_role("button", name=name, exact=False)
        link = self.page.get_by_role("link", name=name)
        # A new page may still be loading: the links of its head come before its buttons.
        self.page.wait_for_load_state("domcontentloaded")
        button.or_(link).first.wait_for(state="attached")
        (button if button.count() else link).first.click()

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"main [name={name}]").first.fill(value)

    def expect_text(self, text: str | re.Pattern[str]) -> None:
        found = self.page.get_by_text(text).filter(visible=True).first
        expect(found).to_be_visible()

    def shot(self, name: str) -> None:
        """A screenshot, if the environment variable CCD_SHOTS names a directory."""
        if directory := os.environ.get("CCD_SHOTS"):
            self.page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)

    def sign_in(self, email: str, password: str) -> None:
        """Opens no page."""
        path, request = "/compte/connexion/", self.context.request
        request.get(path)
        (token,) = (c["value"] for c in self.context.cookies() if c["name"] == "csrftoken")
        form = {"login": email, "password": password, "csrfmiddlewaretoken": token}
        answer = request.post(path, form=form, max_redirects=0)
        assert answer.status == 302, answer.text()

    def sign_in_on_the_page(self, email: str, password: str) -> None:
        self.open("/compte/connexion/")
        self.page.get_by_text("J’ai un mot de passe").click()
        self.page.locator("#password_login").fill(email)
        self.page.locator("#password_password").fill(password)
        self.press("Entrer avec le mot de passe")
        self.page.wait_for_url(re.compile(r"(?<!connexion/)$"))
