import os
import re
import signal
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, Route, WebSocket, expect

from tests.browser.page_scripts import STILL
from tests.browser.sheets import box_of, overlap
from tests.browser.site import (
    ADMIN,
    Person,
    Site,
    running_site,
    until,
    until_equal,
    until_live,
)

SHOW_TOAST = """() => {
    const toast = document.createElement("div");
    toast.className = "toast";
    toast.textContent = "Salle 214 : la remise des prix commence dans cinq minutes, venez tous.";
    document.querySelector("[data-toasts]").append(toast);
}"""
# As in 2020: two ex aequo winners of four nominees, and a special prize.
SET_UP = """
import io
from datetime import timedelta
from PIL import Image
from django.core.files.base import ContentFile
from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.event.editions.models import Department, Edition
from judging.models import Award, Deliberation, Nomination
from judging.deliberation.selectors.envelopes import results_to_seal
from judging.deliberation import envelope
from submissions.models import Deliverable, Inspection, Submission
from submissions.inspection.thumbnails import webp
from teams.models import Membership, Team
now = clock.now()
admin = User.objects.get()
edition = Edition.objects.create(
    slug="ccd", name="Crazy Charly Day 2020", is_current=True,
    registration_opens_at=now - timedelta(days=3), registration_closes_at=now - timedelta(days=2),
    starts_at=now - timedelta(hours=28), deadline_at=now - timedelta(hours=13),
    judging_opens_at=now - timedelta(hours=12), deliberated_at=now - timedelta(hours=9),
)
infocom = Department.objects.create(
    edition=edition, code="INFOCOM", name="Information et Communication"
)
poster = Deliverable.objects.create(department=infocom, name="Affiche", kind="file")
deliberation = Deliberation.objects.create(
    department=infocom, locked_at=now - timedelta(hours=9), locked_by=admin
)
teams = {}
for n, (name, project) in enumerate([
    ("Com’unik", "GRAAL, une auberge espagnole pour producteurs locaux"),
    ("Les Five", "La Récré Locale"), ("Bocal à idées", ""), ("Papier Mâché", ""),
]):
    team = teams[name] = Team.objects.create(
        edition=edition, department=infocom, name=name, project=project,
        registered_at=now - timedelta(days=2),
    )
    Nomination.objects.create(deliberation=deliberation, team=team)
    for k in range(3):
        member = User.objects.create(email=f"m{n}{k}@example.org", name=f"Membre {n}{k}")
        Membership.objects.create(edition=edition, team=team, user=member, joined_at=now)
    made = Submission.objects.create(
        deliverable=poster, team=team, version=1, begun_at=now - timedelta(hours=14),
        received_at=now - timedelta(hours=14), submitted_by=member, size=1, sha256="0" * 64,
        file=f"x/{n}", filename="affiche.png", content_type="image/png",
    )
    inspection = Inspection(submission=made, health="good")
    picture = Image.new("RGB", (480, 640), ["#e8552d", "#2f7d5b", "#4b3bff", "#f5efe0"][n])
    inspection.thumbnail.save(f"p{n}.webp", ContentFile(webp(picture)))
Award.objects.create(deliberation=deliberation, team=teams["Com’unik"], rank=1)
Award.objects.create(deliberation=deliberation, team=teams["Les Five"], rank=1)
Award.objects.create(deliberation=deliberation, team=teams["Papier Mâché"], title="Coup de cœur")
results = results_to_seal(deliberation)
deliberation.salt, deliberation.digest = envelope.close(results)
deliberation.record = {"results": results}
deliberation.save()
"""
WINNERS = re.compile(r"Com.unik|Les Five|Papier|palmares/images|laureate")


@pytest.fixture
def ceremony_site() -> Iterator[Site]:
    with running_site() as site:
        site.manage("shell", "-v0", "-c", SET_UP)
        yield site


class TrafficRecorder:
    """Everything that a page receives: URLs, HTML and socket messages."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.received: list[str] = []
        self.unread = 0  # HTML that Playwright has not handed over yet
        page.on("response", self._response)
        page.on("websocket", self._socket)

    def _response(self, response: Response) -> None:
        if "/static/" in response.url:
            return
        self.received.append(response.url)
        if "text/html" in response.headers.get("content-type", ""):
            self.unread += 1
            self.received.append(response.text())
            self.unread -= 1

    def _socket(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.received.append(str(frame)))

    def take(self) -> str:
        """What was received since the last call."""
        until_equal(self.page, lambda: self.unread, 0)
        received, self.received = "\n".join(self.received), []
        return received


def expect_scene(page: Page, kind: str, *texts: str) -> None:
    expect(page.locator("#stage")).to_have_attribute("data-scene", kind)
    for text in texts:
        expect(page.locator("#stage")).to_contain_text(text)


def drive(remote: Page, act: Callable[[], None]) -> None:
    """A button that still shows the step before does nothing: it may be a second press."""
    seen = remote.locator("#remote [name=seen]").first
    before = seen.input_value()
    act()
    expect(seen).not_to_have_value(before)


def press_twice(remote: Page, name: str) -> None:
    """Both clicks come before an answer, also on a busy machine."""
    held: list[Route] = []
    clicked = False

    def answer(route: Route) -> None:
        if clicked:
            route.continue_()
        else:
            held.append(route)

    remote.route("**/telecommande/", answer)
    remote.get_by_role("button", name=name).dblclick()
    clicked = True
    for route in held:
        route.continue_()


def send_form(page: Page, name: str) -> None:
    """Presses a button of the open dialog, which loads the page again."""
    with page.expect_navigation():
        page.locator("dialog[open]").get_by_role("button", name=name).click()
    until_live(page)


def hidden_buttons(remote: Page) -> list[str]:
    bottom = (remote.viewport_size or {})["height"]
    buttons = remote.locator("#remote").get_by_role("button").all()
    boxes = {button.inner_text(): button.bounding_box() or {} for button in buttons}
    assert "Publier le palmarès" in boxes
    return [name for name, box in boxes.items() if box["y"] + box["height"] > bottom]


def covered_by_a_toast(remote: Page) -> list[str]:
    remote.evaluate(SHOW_TOAST)
    toast = remote.locator(".toast")
    buttons = remote.locator("#remote").get_by_role("button").all()
    covered = [b.inner_text() for b in buttons if overlap(box_of(b), box_of(toast))]
    toast.evaluate("(toast) => toast.remove()")
    return covered


def test_two_projectors_and_a_remote(chromium, ceremony_site):
    first = Person(chromium, ceremony_site, width=1920, height=1080)
    second = Person(chromium, ceremony_site, width=1280, height=720)
    driver = Person(chromium, ceremony_site, width=375, height=740)
    traffic = TrafficRecorder(first.page)
    screens = (first.page, second.page)
    for person in (first, second):
        person.open("/ceremonie/")
        until_live(person.page)
    driver.sign_in(*ADMIN)
    driver.open("/ceremonie/telecommande/")
    until_live(driver.page)
    remote = driver.page

    def expect_on_both(kind: str, *texts: str) -> None:
        for screen in screens:
            expect_scene(screen, kind, *texts)
        if "CCD_SHOTS" in os.environ:
            first.page.evaluate(STILL)
        first.shot(f"ceremonie-{kind}")
        driver.shot(f"telecommande-{kind}")

    def press(name: str) -> None:
        drive(remote, remote.get_by_role("button", name=name).click)

    expect_on_both("waiting", "va commencer")
    remote.get_by_role("button", name="Commencer la cérémonie").click()
    send_form(remote, "Commencer")
    expect_on_both("opening", "Le palmarès")
    first.page.locator("#stage").click()  # a click on the projector must not raise an error
    drive(remote, lambda: remote.keyboard.press("PageDown"))  # a presenter's clicker
    expect_on_both("title", "Information et Communication")
    assert not WINNERS.search(traffic.take())
    press("Suivant")
    expect_on_both("nominees", "Bocal à idées", "Papier Mâché")
    traffic.take()
    press("Suivant")
    expect_on_both("drum", "Et maintenant")
    expect(remote.locator("#remote")).to_contain_text("Ensuite : des lauréats")

    # Reload during the drum roll; a double click counts once.
    second.page.reload()
    expect_scene(second.page, "drum")
    until_live(second.page)
    assert not WINNERS.search(traffic.take())
    assert not WINNERS.search(remote.content())
    drive(remote, lambda: press_twice(remote, "Suivant"))
    expect_on_both("place", "1er prix", "ex æquo", "Membre 00", "GRAAL")
    cards = first.page.locator(".laureate")
    expect(cards).to_have_count(2)
    lit = "!document.querySelector('.laureates').getAnimations({subtree: true}).length"
    until(first.page, lit)
    for card in (cards.nth(0), cards.nth(1)):
        expect(card.locator("img")).to_have_js_property("naturalWidth", 480)
    one, other = (cards.nth(n).bounding_box() or {} for n in range(2))
    for side in ("y", "width", "height"):
        assert one[side] == pytest.approx(other[side], abs=0.1), side
    assert "Papier" not in traffic.take()

    # Black screen, then back at the same step. Each step is one request of a page that watches.
    asked: list[str] = []
    second.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    assert covered_by_a_toast(remote) == []
    remote.get_by_role("button", name="Noir").click()
    expect_on_both("blank")
    remote.get_by_role("button", name="Rallumer").click()
    expect(remote.get_by_role("button", name="Noir")).to_be_visible()
    expect_on_both("place")
    press("Retour")
    expect_on_both("drum")
    fresh = second.context.new_page()
    fresh.goto("/ceremonie/")
    shown = second.page.locator("#stage").inner_text()
    until_equal(fresh, fresh.locator("#stage").inner_text, shown)
    fresh.close()
    until_equal(second.page, lambda: len(asked), 3)
    assert {path for path in asked if not path.startswith("/ceremonie/")} == set()
    press("Suivant")
    expect_on_both("place", "Les Five")
    press("Suivant")
    expect_on_both("special", "Coup de cœur", "Papier Mâché")
    press("Suivant")
    expect_on_both("finale", "Bravo", "Com’unik", "Les Five", "Papier Mâché")
    expect(first.page.locator(".wall-window", has_text="1er prix ex æquo")).to_have_count(2)
    expect(first.page.locator(".wall-window", has_text="ex æquo")).to_have_count(2)
    publish = remote.get_by_role("button", name="Publier le palmarès")
    expect(publish).to_be_visible()
    for width, height in ((1366, 850), (375, 812)):
        remote.set_viewport_size({"width": width, "height": height})
        expect(remote.locator(".nav")).to_be_visible(visible=width > 375)
        assert hidden_buttons(remote) == [], width
    publish.click()
    send_form(remote, "Publier")
    expect(remote.locator("#remote")).to_contain_text("le palmarès est en ligne")

    # At the end the results stay, and no button offers to begin again.
    expect_on_both("finale", "Le palmarès est en ligne", "/palmares/")
    remote.get_by_role("button", name="Terminer la cérémonie").click()
    send_form(remote, "Terminer")
    expect(remote.locator("#remote")).to_contain_text("La cérémonie est finie")
    expect(remote.locator("#remote .is-primary").first).to_have_text("Voir le palmarès")
    second.page.reload()
    expect_on_both("finale", "Com’unik", "Papier Mâché")

    # The browser of a reader computes the digest of the envelope.
    second.open("/enveloppes/")
    expect(second.page.locator("[data-when=same]")).to_be_visible()
    second.shot("enveloppes")
    second.page.locator("[data-content]").evaluate("pre => { pre.textContent += 'x'; }")
    second.page.evaluate(
        "document.body.dispatchEvent(new CustomEvent('live:refetched', {detail: {}}))"
    )
    expect(second.page.locator("[data-when=other]")).to_be_visible()
    for person in (first, second, driver):
        assert person.errors == []
        person.context.close()


BEGIN = f"""
from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from judging.ceremony.services import screens as ceremony
by = User.objects.get(email="{ADMIN[0]}")
act = dict(edition=Edition.objects.get(), rehearsal=False, by=by, at=clock.now())
ceremony.start(**act)
for seen in range(3):
    ceremony.move(steps=1, seen=seen, **act)
"""


REHEARSE = BEGIN.replace("rehearsal=False", "rehearsal=True").replace("range(3)", "range(5)")
STOP = BEGIN.partition("ceremony.start")[0].replace("rehearsal=False", "rehearsal=True")
STOP += "ceremony.end(**act)"


def test_no_invented_winner_is_kept(chromium, ceremony_site):
    follow = (
        "from hackathon.day.stage import services as screens\n" + STOP.partition("ceremony.end")[0]
    )
    follow += "\ndel act['rehearsal']\nscreens.choose(scene='ceremony', **act)"
    ceremony_site.manage("shell", "-v0", "-c", follow)
    ceremony_site.manage("shell", "-v0", "-c", REHEARSE)
    screen = Person(chromium, ceremony_site, width=1280, height=720)
    page = screen.page
    screen.open("/ceremonie/")
    expect(page.locator("#stage")).to_contain_text("Les Veilleuses")
    until(page, "navigator.serviceWorker?.controller !== null")
    until(page, "caches.match(location.href).then((kept) => Boolean(kept))")
    ceremony_site.stop(signal.SIGKILL)

    page.reload()

    expect(page.locator("#stage")).to_have_text("")
    expect(page.locator(".ceremony-rehearsal")).to_have_count(0)
    ceremony_site.start()
    expect(page.locator("#stage")).to_contain_text("Les Veilleuses")

    # The scene before or after it stays.
    ceremony_site.manage("shell", "-v0", "-c", STOP)
    expect(page.locator("#stage")).to_contain_text("va commencer")
    kept = "caches.match(location.href).then((page) => page.text()).then((text) => text"
    until(page, f"{kept}.includes('va commencer'))")
    ceremony_site.manage("shell", "-v0", "-c", REHEARSE)
    expect(page.locator("#stage")).to_contain_text("Les Veilleuses")
    page.reload()
    page.wait_for_load_state("networkidle")
    ceremony_site.stop(signal.SIGKILL)
    page.reload()
    expect(page.locator("#stage")).to_contain_text("va commencer")
    screen.context.close()


def test_reduced_motion_shows_the_same(chromium, ceremony_site):
    ceremony_site.manage("shell", "-v0", "-c", BEGIN)
    calm = Person(chromium, ceremony_site, width=1280, height=720)
    calm.page.emulate_media(reduced_motion="reduce")

    calm.open("/ceremonie/")

    expect_scene(calm.page, "drum", "Et maintenant")
    running = "document.getAnimations().filter((one) => one.playState === 'running').length"
    moving = "document.querySelector('.ceremony').getAnimations({subtree: true}).length"
    assert calm.page.evaluate(moving) == 0, calm.page.evaluate(running)
    calm.shot("ceremonie-calme")
    assert calm.errors == []
    calm.context.close()
