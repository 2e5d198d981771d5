import json
import re
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.edition_setup import SET_UP, Organizer
from tests.browser.site import (
    ADMIN,
    Person,
    Site,
    running_site,
    until,
    until_equal,
    until_live,
)

CAST = """
from hackathon.event.editions.models import Milestone
Milestone.objects.create(edition=edition, kind="meal", label="Pizzas", at=now + timedelta(hours=1))
Department.objects.create(edition=edition, code="INFO", name="Informatique", position=2)
"""
AN_HOUR_BEFORE = """
from datetime import timedelta
from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from hackathon.day.stage.models import ScreenChoice
now = clock.now()
ScreenChoice.objects.all().delete()
Edition.objects.update(
    starts_at=now + timedelta(hours=1),
    deadline_at=now + timedelta(hours=9),
    judging_opens_at=now + timedelta(hours=12),
    grace_seconds=600,
)
"""

# The texts of the line that appears for some seconds once a team has handed everything in.
LIT = """() => {
    const line = document.querySelector("[data-lit]");
    window.lit = [];
    const record = () => line.classList.contains("is-on") && lit.push(line.textContent);
    const all = { attributes: true, childList: true, subtree: true };
    new MutationObserver(record).observe(line, all);
}"""

# The countdown shows what is left, in hours, minutes and seconds.
RIGHT = """(() => {
    const shown = document.querySelector("[data-countdown]");
    const [hours, minutes, seconds] = shown.textContent.split(":").map(Number);
    const left = (Date.parse(shown.dateTime) - Date.now()) / 1000;
    return Math.abs(hours * 3600 + minutes * 60 + seconds - left) < 3;
})()"""

# Pairs of texts on the foot of the screen of which one covers the other.
OVERLAPS = """() => {
    const places = [...document.querySelectorAll(
        ".day-time, .day-label, [data-day-next], .banner-head, .banner .prose, [data-full]")]
      .filter((element) => element.checkVisibility())
      .map((element) => {
          const range = document.createRange();
          range.selectNodeContents(element);
          return [element.textContent.trim(), range.getBoundingClientRect()];
      });
    return places.flatMap(([a, one], n) => places.slice(n + 1)
      .filter(([, other]) => one.left < other.right && other.left < one.right
        && one.top < other.bottom && other.top < one.bottom)
      .map(([b]) => `${a} / ${b}`));
}"""

# How many messages the page has received, and how many when it fetched the scene that it shows.
COUNT_MESSAGES = """() => {
    window.received = window.shown = 0;
    const request = window.fetch;
    let fetched = 0;
    window.fetch = (...given) => {
        fetched = received;
        return request(...given);
    };
    document.body.addEventListener("live:window.changed", () => (received += 1));
    document.body.addEventListener("live:refetched", () => (shown = fetched));
}"""


@pytest.fixture(scope="module")
def screen_site() -> Iterator[Site]:
    with running_site() as site:
        site.manage("shell", "-v0", "-c", SET_UP + CAST)
        yield site


@pytest.fixture
def day(screen_site) -> Site:
    if screen_site.servers[-1].poll() is not None:
        screen_site.start()
    screen_site.manage("shell", "-v0", "-c", AN_HOUR_BEFORE)
    return screen_site


def stage(page: Page) -> Any:
    return page.locator("#stage")


def expect_scene(page: Page, scene: str) -> None:
    expect(stage(page)).to_have_attribute("data-scene", scene)


def switch(control: Page, scene: str, where: str = "Tous les écrans") -> None:
    control.get_by_role("link", name="Changer de scène").click()
    dialog = control.locator("dialog[open]")
    dialog.locator("select").select_option(label=where)
    with control.expect_response("**/pilotage/ecran/"):
        dialog.get_by_role("button", name=scene).click()


def show_button(page: Page) -> None:
    """The button for the full screen is hidden some seconds after the pointer has moved."""

    def is_shown() -> bool:
        for x in (200, 210):
            page.mouse.move(x, 200)
        return page.locator("[data-full]").is_visible()

    until_equal(page, is_shown, True)


def errors_of(person: Person) -> list[str]:
    return [e for e in person.errors if not re.search(r"net::ERR|WebSocket|status of", e)]


def test_open_projectors_follow_a_team_the_clock_and_an_organizer(chromium, day):
    """What each scene contains: tests/stage/test_pages.py."""
    projector = Person(chromium, day, width=1920, height=1080)
    other = Person(chromium, day, width=1280, height=720)
    organizer = Person(chromium, day, width=1366, height=900)
    program = Organizer(day)
    page = projector.page

    def move(**instants: timedelta) -> None:
        now = datetime.now(UTC)
        moved = {name: (now + by).isoformat() for name, by in instants.items()}
        program.ask("PATCH", "/api/v1/edition/", **moved)

    # The day begins. A team hands in everything: its window lights up and its name is shown.
    projector.open("/ecran/")
    other.open("/ecran/?room=info")
    until_live(page)
    move(starts_at=timedelta(seconds=-1), deadline_at=timedelta(hours=3))
    expect(stage(page)).to_contain_text("1 pas encore")
    ada = Organizer(day)
    ada.token = day.manage("token", "ada@example.org").strip().splitlines()[-1]
    (asked,) = ada.ask("GET", "/api/v1/deliverables/")
    page.evaluate(LIT)
    ada.ask("POST", "/api/v1/submissions/", deliverable=asked["id"], text="Notre idée")
    until(page, r"lit.some((text) => /Com’unik\s+a tout rendu/.test(text))")
    expect(stage(page)).to_contain_text("1 équipe a tout rendu")
    projector.shot("ecran-nuit")

    # By time alone, the last ten minutes and the pending seal, which appears.
    program.ask("PATCH", "/api/v1/edition/", grace_seconds=0)
    move(deadline_at=timedelta(minutes=9, seconds=58))
    expect_scene(page, "countdown")
    expect(stage(page).locator("[data-countdown]")).to_have_text(re.compile(r"9:[0-5]\d"))
    move(deadline_at=timedelta(seconds=2), judging_opens_at=timedelta(seconds=3))
    expect_scene(page, "seal")
    expect(stage(page)).to_contain_text("Scellé à")

    # An organizer selects a scene for all, then one for a room, until all show the same again.
    organizer.sign_in(*ADMIN)
    organizer.open("/pilotage/")
    control = organizer.page
    switch(control, "Arrivées")
    for screen in (page, other.page):
        expect_scene(screen, "arrivals")
    expect(control.locator("#block-screens")).to_contain_text("Arrivées")
    switch(control, "Grand compte à rebours", where="Informatique")
    expect_scene(other.page, "countdown")
    expect_scene(page, "arrivals")
    switch(control, "Automatique")
    for screen in (page, other.page):
        expect_scene(screen, "seal")
    projector.shot("ecran-seal")

    assert [errors_of(someone) for someone in (projector, other, organizer)] == [[], [], []]
    for someone in (projector, other, organizer):
        someone.context.close()


def test_the_projector_survives_a_restart_of_the_server(chromium, day):
    projector = Person(chromium, day, width=1280, height=720)
    program = Organizer(day)
    program.ask("PATCH", "/api/v1/edition/", starts_at=datetime.now(UTC).isoformat())
    projector.open("/ecran/")
    page = projector.page
    until_live(page)
    until(page, "navigator.serviceWorker?.controller !== null")
    until(page, "caches.match(location.href).then((kept) => Boolean(kept))")
    path = urlsplit(page.url).path
    picture = stage(page).inner_text()

    day.stop(signal.SIGKILL)
    until_live(page, "lost")
    first = page.locator("[data-countdown]").inner_text()
    expect(page.locator("[data-countdown]")).not_to_have_text(first)
    expect(page.locator("[data-live-state]")).to_have_css("font-size", "0px")
    expect(page.locator(".toast")).to_have_count(0)

    # A reload meanwhile shows the last scene with the right countdown.
    page.reload()
    assert urlsplit(page.url).path == path
    expect_scene(page, "night")
    without = [line for line in picture.splitlines() if not re.search(r"\d:\d", line)]
    for line in without:
        expect(stage(page)).to_contain_text(line)
    until(page, RIGHT)
    before = page.locator("[data-countdown]").inner_text()
    expect(page.locator("[data-countdown]")).not_to_have_text(before)

    page.evaluate("window.kept = true")
    day.start()
    until(page, "['live', 'polling'].includes(document.documentElement.dataset.live)")
    program.announce("De retour")
    expect(page.locator(".banner")).to_contain_text("De retour")
    assert page.evaluate("window.kept")
    assert errors_of(projector) == []
    projector.context.close()


def test_memory_is_constant_over_thousands_of_messages(chromium, day):
    projector = Person(chromium, day, width=1280, height=720)
    page = projector.page
    lines: list[WebSocketRoute] = []

    def on_socket(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    page.route_web_socket("**/ws/live/", on_socket)
    projector.open("/ecran/")
    until_live(page)
    page.evaluate(COUNT_MESSAGES)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable")

    def size() -> dict[str, float]:
        devtools.send("HeapProfiler.collectGarbage")
        found = devtools.send("Performance.getMetrics")["metrics"]
        names = ("Nodes", "JSEventListeners", "JSHeapUsedSize")
        return {m["name"]: m["value"] for m in found if m["name"] in names}

    def send(ids: range) -> None:
        for number in ids:
            if number % 200 == 0:  # at once they would delay the answer to a ping for too long
                until(page, f"received >= {number}")
            message = {
                "id": 1_000_000 + number,
                "type": "window.changed",
                "at": datetime.now(UTC).isoformat(),
                "data": {"team": 1, "department": "INFOCOM", "state": "something"},
            }
            lines[-1].send(json.dumps(message))
        until(page, f"shown >= {ids.stop}")  # the last scene of the burst

    send(range(2000))  # allocated once: the page remembers a limited number of ids
    before = size()
    send(range(2000, 4000))
    after = size()

    print("before", before, "after", after)
    assert page.evaluate("received") == 4000
    assert after["Nodes"] <= before["Nodes"] * 1.1 + 50
    assert after["JSEventListeners"] <= before["JSEventListeners"] + 5
    assert after["JSHeapUsedSize"] <= before["JSHeapUsedSize"] + 500_000
    assert errors_of(projector) == []
    projector.context.close()


def test_on_a_phone_no_elements_overlap(chromium, day):
    now, program = datetime.now(UTC), Organizer(day)
    deadline = now + timedelta(minutes=115)
    program.ask(
        "PATCH", "/api/v1/edition/", starts_at=now.isoformat(), deadline_at=deadline.isoformat()
    )
    program.announce("Il reste des **pizzas**.")
    phone = Person(chromium, day, width=375, height=667)
    phone.open("/ecran/")
    page = phone.page
    expect(page.locator("[data-day-next]")).to_contain_text("Pizzas")
    expect(page.locator(".banner-line")).to_be_visible()
    show_button(page)

    assert page.evaluate(OVERLAPS) == []
    phone.context.close()


def test_the_pointer_hides_and_a_key_enters_full_screen(chromium, day):
    projector = Person(chromium, day, width=1280, height=720)
    projector.open("/ecran/")
    page = projector.page

    show_button(page)
    expect(page.locator("body")).to_have_class(re.compile("is-idle"))
    expect(page.locator("[data-full]")).to_be_hidden()

    page.keyboard.press("f")
    until(page, "document.fullscreenElement !== null")
    page.keyboard.press("f")
    until(page, "document.fullscreenElement === null")
    projector.context.close()
