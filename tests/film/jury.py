"""A juror's evening, and the president's night."""

from collections.abc import Set
from io import BytesIO

import pypdfium2
from playwright.sync_api import Browser, Page

from tests.film.camera import TABLET, Camera, keep, stage

BADGE = """
from hackathon.base.core import clock
from judging.models import Juror
from judging.setup.services import badges
juror = Juror.objects.get(user__email=%r)
by = juror.department.edition.organizers.first()
print(badges.issue(juror=juror, by=by, at=clock.now()).token)
"""
# The jury has marked everything and has decided nothing.
UNDECIDED = """
from hackathon.event.editions.models import Edition
from judging.models import Deliberation
Deliberation.objects.filter(department__code="INFOCOM").delete()
Edition.objects.update(deliberated_at=None)
"""
DELIBERATION = "/jury/INFOCOM/deliberation/"


def evening(browser: Browser, pictures: Set[str]) -> None:
    with stage("judging", "2026-11-26T23:50:00") as found:
        camera = Camera(browser, found, TABLET, pictures)
        arrive(camera)
        mark(camera)
        order(camera)
        president = Camera(browser, found, TABLET, pictures)
        president.sign_in_as("president")
        president.take("jure-08-suivi", "/jury/INFOCOM/suivi/")


def night(browser: Browser, pictures: Set[str]) -> None:
    with stage("ceremony", "2026-11-27T12:25:00") as found:
        found.shell(UNDECIDED)
        found.set_clock("2026-11-27T02:06:00")
        decide(browser, Camera(browser, found, TABLET, pictures))


def arrive(camera: Camera) -> None:
    page = camera.page
    token = camera.stage.shell(BADGE % camera.stage.account("juror")["email"])
    page.goto(f"/jury/badge/#{token}")
    page.get_by_role("button", name="Oui, c’est moi").wait_for()
    camera.take("jure-01-badge")
    page.get_by_role("button", name="Oui, c’est moi").click()
    page.locator(".team-row").first.wait_for()
    camera.take("jure-02-equipes")


def mark(camera: Camera) -> None:
    page = camera.page
    page.goto("/jury/?show=todo")
    page.locator(".team-row:visible").first.click()
    page.locator("[data-sheet][data-ready]").wait_for()
    page.locator(".viewer-page canvas").first.wait_for()
    camera.take("jure-03-fiche")
    for index, value in enumerate(("14", "16", "12")):
        give(page, index, value)
    page.locator(".scale").nth(1).locator("[data-half]").click()
    camera.take("jure-04-notes")
    page.locator(".sheet-bar .menu summary").click()
    camera.take("jure-05-passer")
    page.keyboard.press("Escape")
    camera.context.set_offline(True)
    give(page, 3, "15")
    page.locator("[data-trouble]").wait_for()
    camera.take("jure-06-sans-reseau")
    camera.context.set_offline(False)


def order(camera: Camera) -> None:
    page = camera.page
    page.goto("/jury/")
    own = page.locator("[data-own-order]")
    own.locator("summary").click()
    own.locator("[data-by='1']").first.click()
    own.scroll_into_view_if_needed()
    page.mouse.wheel(0, 300)
    camera.take("jure-07-ordre")


def decide(browser: Browser, camera: Camera) -> None:
    page = camera.page
    camera.sign_in_as("president")
    page.goto(DELIBERATION)
    for place, team in enumerate(page.locator(".ranking tr:has(input[type=checkbox])").all()[:4]):
        team.get_by_role("checkbox").check()
        if place < 2:
            team.locator("select").select_option("1")
    camera.take("jure-09-deliberation")
    page.locator("main [name=reason]").fill("Deux travaux que tout le jury met en tête.")
    confirm = page.locator("main [name=order_confirmed]")
    if confirm.count():
        confirm.check(force=True)
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.get_by_role("button", name="Ouvrir à la signature").click()
    juror = Camera(browser, camera.stage, TABLET, camera.pictures)
    juror.sign_in_as("juror")
    juror.take("jure-10-signer", "/jury/INFOCOM/signer/")
    juror.page.get_by_role("button", name="Signer la décision").click()
    juror.page.get_by_text("Vous avez signé à").wait_for()
    page.goto(f"{DELIBERATION}verrouiller/")
    page.locator("main [name=confirmed]").check()
    camera.take("jure-11-verrouiller")
    page.get_by_role("button", name="Verrouiller la délibération").click()
    page.get_by_text("Verrouillée par").wait_for()
    camera.take("jure-12-verrouillee")
    minutes = page.request.get(f"{DELIBERATION}proces-verbal.pdf").body()
    sheet = pypdfium2.PdfDocument(BytesIO(minutes))[0]
    if "jure-13-proces-verbal" in camera.pictures:
        keep("jure-13-proces-verbal", sheet.render(scale=800 / sheet.get_width()).to_pil())


def give(page: Page, criterion: int, value: str) -> None:
    scale = page.locator(".scale .scale-line").nth(criterion)
    scale.get_by_role("button", name=value, exact=True).click()
