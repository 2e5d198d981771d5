"""Makes the pictures of `docs/film.md`: a student's day on a phone, a juror's evening on a tablet.

    python -m tests.film [NAME…]

Needs Chromium. NAMEs are those of pictures, to make only these.
"""

import re
import sys
from collections.abc import Callable, Iterable
from io import BytesIO

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests import services
from tests.browser.site import CHROMIUM_FLAGS, ROOT, demo_site, running_site
from tests.run_directory import make_run_directory, remove_run_directory

TARGET = ROOT / "docs" / "img"
PHONE, TABLET = (375, 740), (1024, 768)
QUALITY = 72  # WebP

type Scene = Callable[["Camera"], None]


class Camera:
    """A person's browser, and the pictures that it takes."""

    def __init__(self, browser: Browser, url: str, size: tuple[int, int], only: set[str]) -> None:
        width, height = size
        self.context = browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=1.5 if size == PHONE else 1,
            has_touch=True,
            locale="fr-FR",
            base_url=url,
        )
        self.context.set_default_timeout(30_000)
        self.page: Page = self.context.new_page()
        self.only = only

    def sign_in(self, email: str, password: str) -> None:
        self.page.goto("/compte/connexion/")
        self.page.get_by_text("J’ai un mot de passe").click()
        self.page.locator("#password_login").fill(email)
        self.page.locator("#password_password").fill(password)
        self.page.get_by_role("button", name="Entrer avec le mot de passe").click()
        self.page.wait_for_url(re.compile(r"(?<!connexion/)$"))

    def take(self, name: str, path: str = "") -> None:
        if path:
            self.page.goto(path)
        if self.only and name not in self.only:
            return
        self.page.wait_for_timeout(1200)  # fonts, pictures and transitions
        picture = Image.open(BytesIO(self.page.screenshot()))
        picture.convert("RGB").save(TARGET / f"film-{name}.webp", quality=QUALITY, method=6)
        print(f"film-{name}.webp", flush=True)


# ---------------------------------------------------------------- a student's day


def home(camera: Camera) -> None:
    camera.take("eleve-1-accueil", "/")


def registration(camera: Camera) -> None:
    camera.take("eleve-2-equipe", "/equipe/")


def afternoon(camera: Camera) -> None:
    camera.take("eleve-3-sujet", "/sujets/INFOCOM/")
    camera.take("eleve-4-rendu", "/rendu/")
    camera.page.goto("/equipe/")
    camera.page.locator("[data-help], #help, #calls").first.scroll_into_view_if_needed()
    camera.take("eleve-5-aide")


def last_minutes(camera: Camera) -> None:
    page = camera.page
    camera.take("eleve-6-dernieres-minutes", "/rendu/")
    page.locator(".deliverable").first.scroll_into_view_if_needed()
    page.mouse.wheel(0, 400)
    camera.take("eleve-7-depose")


def results(camera: Camera) -> None:
    camera.take("eleve-8-palmares", "/palmares/")


# ---------------------------------------------------------------- a juror's evening


def judging(camera: Camera) -> None:
    page = camera.page
    camera.take("jure-1-equipes", "/jury/")
    page.goto("/jury/?show=todo")
    page.locator(".team-row:visible").first.click()
    page.locator("[data-sheet][data-ready]").wait_for()
    camera.take("jure-2-fiche")
    for scale, mark in zip(page.locator(".scale .scale-line").all(), (14, 16, 12), strict=False):
        scale.get_by_role("button", name=str(mark), exact=True).click()
    camera.take("jure-3-notes")
    page.locator(".sheet-bar .menu summary").click()
    camera.take("jure-4-passer")
    page.keyboard.press("Escape")
    camera.context.set_offline(True)
    page.locator(".scale .scale-line").nth(3).get_by_role("button", name="15", exact=True).click()
    page.locator("[data-trouble]").wait_for()
    camera.take("jure-5-sans-reseau")
    camera.context.set_offline(False)
    page.goto("/jury/")
    order = page.locator("[data-own-order]")
    order.locator("summary").click()
    order.locator("[data-by='1']").first.click()
    order.scroll_into_view_if_needed()
    page.mouse.wheel(0, 300)
    camera.take("jure-6-ordre")


def president(camera: Camera) -> None:
    camera.take("jure-7-suivi", "/jury/INFOCOM/suivi/")
    camera.take("jure-8-deliberation", "/jury/INFOCOM/deliberation/")


PUBLISH = """
from hackathon.core import clock
from hackathon.editions.models import Edition
from judging.ceremony.services import publication
edition = Edition.objects.current()
publication.publish(edition=edition, by=edition.organizers.first(), at=clock.now())
"""
# The phase of the demo, a role ("": nobody signs in), its device, and what a shell does before.
SCENES: list[tuple[str, str, tuple[int, int], Scene, str]] = [
    ("registration", "", PHONE, home, ""),
    ("registration", "student", PHONE, registration, ""),
    ("running", "student", PHONE, afternoon, ""),
    ("last-minutes", "student", PHONE, last_minutes, ""),
    ("ceremony", "student", PHONE, results, PUBLISH),
    ("judging", "juror", TABLET, judging, ""),
    ("ceremony", "president", TABLET, president, ""),
]


def main(names: Iterable[str]) -> int:
    path = services.chromium_bin()
    if path is None:
        print("Chromium is not installed.")
        return 1
    make_run_directory()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
            for phase, role, size, scene, before in SCENES:
                data, accounts = demo_site(phase)
                with running_site(data) as site:
                    if before:
                        site.manage("shell", "-v0", "-c", before)
                    camera = Camera(browser, site.url, size, set(names))
                    if role:
                        account = next(a for a in accounts if a["role"] == role)
                        camera.sign_in(account["email"], account["password"])
                    scene(camera)
                    camera.context.close()
            browser.close()
    finally:
        remove_run_directory()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
