"""A site whose clock is set, and a person in front of it whose screen is photographed."""

import json
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Browser

from tests.browser.page_scripts import STILL
from tests.browser.site import ROOT, Person, Site, running_site

IMAGES = ROOT / "docs" / "img"
PHONE, TABLET, DESKTOP = (375, 740), (1024, 768), (1280, 720)
BYTES_MAX = 60_000  # of a picture
ZONE = ZoneInfo("Europe/Paris")
# The browser's clock: `Date` goes on from another instant.
SHIFT = """{
    const Real = globalThis.RealDate ??= Date;
    globalThis.Date = class extends Real {
        constructor(...given) { given.length ? super(...given) : super(Real.now() + %d); }
        static now() { return Real.now() + %d; }
    };
}"""


@dataclass
class Stage:
    """A site with a demo edition. Its day is Thursday, 26 November 2026."""

    site: Site
    accounts: list[dict[str, Any]] = field(default_factory=list)
    offset: float = 0.0  # in seconds, of its clock

    def set_clock(self, local: str) -> None:
        """Starts the site again at this local time (ISO), from which its clock goes on."""
        assert self.site.forks is not None
        at = datetime.fromisoformat(local).replace(tzinfo=ZONE)
        self.site.stop()
        self.offset = self.site.forks.offset = (at - datetime.now(UTC)).total_seconds()
        self.site.start()

    def shell(self, code: str) -> str:
        return self.site.manage("shell", "-v0", "-c", code).strip()

    def account(self, role: str) -> dict[str, Any]:
        return next(account for account in self.accounts if account["role"] == role)


@contextmanager
def stage(phase: str, local: str) -> Iterator[Stage]:
    """The demo edition made at this local time."""
    with running_site() as site:
        found = Stage(site)
        try:
            found.set_clock(local)
            site.stop()  # SQLite lets one program write at a time
            made = site.manage("demo", "--phase", phase, "--json")
            found.accounts = json.loads(made.splitlines()[-1])["accounts"]
            site.start()
            yield found
        finally:
            assert site.forks is not None
            site.forks.offset = 0.0


class Camera(Person):
    """A person's browser. `pictures`: the names of those to take."""

    def __init__(
        self, browser: Browser, stage: Stage, size: tuple[int, int], pictures: Set[str]
    ) -> None:
        super().__init__(
            browser,
            stage.site,
            width=size[0],
            height=size[1],
            device_scale_factor=1.5 if size == PHONE else 1,
            has_touch=True,
            timezone_id="Europe/Paris",
        )
        self.stage, self.pictures = stage, pictures
        self._shift()
        self._network = self.context.new_cdp_session(self.page)

    def _shift(self) -> None:
        shift = round(1000 * self.stage.offset)
        self.context.add_init_script(SHIFT % (shift, shift))

    def set_clock(self, local: str) -> None:
        """Of the site and of this browser, for the pages that it opens from now on."""
        self.stage.set_clock(local)
        self._shift()

    def sign_in_as(self, role: str) -> None:
        account = self.stage.account(role)
        self.sign_in(account["email"], account["password"])

    def limit_uploads(self, rate: int) -> None:
        """To so many bytes per second; -1 for no limit."""
        rates = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": rate}
        self._network.send("Network.emulateNetworkConditions", {"offline": False, **rates})

    def take(self, name: str, path: str = "") -> None:
        if path:
            self.page.goto(path)
        if name not in self.pictures:
            return
        self.page.evaluate(STILL)
        keep(name, Image.open(BytesIO(self.page.screenshot())))


def keep(name: str, picture: Image.Image) -> None:
    for quality in range(72, 30, -6):
        out = BytesIO()
        picture.convert("RGB").save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= BYTES_MAX:
            break
    file = f"{name}.webp" if name.startswith("page-") else f"film-{name}.webp"
    (IMAGES / file).write_bytes(out.getvalue())
    print(file, flush=True)
