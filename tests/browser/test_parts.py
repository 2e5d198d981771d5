from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.site import module, until_equal, until_live

OLD = """
<div id="part"><p>Ancien</p>
  <form action="/a/"><input name="code" value=""></form>
  <ul><li><a href="/1/">Un</a></li><li><a href="/2/">Deux</a></li></ul>
  <video muted loop></video>
  <div id="long"><p>haut</p></div>
</div>"""
FRESH = """
<div id="part" class="is-new"><p>Nouveau</p><p>De plus</p>
  <form action="/a/"><input name="code" value="défaut"></form>
  <ul><li><a href="/0/">Zéro</a></li><li><a href="/2/">Deux, plus loin</a></li>
    <li><a href="/1/">Un</a></li></ul>
  <video muted loop></video>
  <div id="long"><p>haut</p></div>
</div>"""
# An element like a part of a page, in a state that a person has changed.
PREPARE = """async (old) => {
    const main = document.querySelector("main");
    main.innerHTML = old;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("#long { height: 60px; overflow: auto } #long p { height: 900px }");
    document.adoptedStyleSheets.push(sheet);
    const $ = (selector) => main.querySelector(selector);
    $("#long").scrollTop = 321;
    const canvas = document.createElement("canvas");
    canvas.getContext("2d").fillRect(0, 0, 5, 5);
    $("video").srcObject = canvas.captureStream(10);
    await $("video").play();
    const kept = ["form", "video", "[href='/1/']", "[href='/2/']", "#long"];
    window.before = new Map(kept.map((selector) => [selector, $(selector)]));
}"""
MORPH = (
    """async (fresh) => {
    const { morph } = await """
    + module("morph")
    + """;
    const made = new DOMParser().parseFromString(fresh, "text/html");
    morph(document.getElementById("part"), made.getElementById("part"));
    const $ = (selector) => document.querySelector("main").querySelector(selector);
    return {
        same: [...before].every(([selector, element]) => element === $(selector)),
        text: $("p").textContent,
        scroll: $("#long").scrollTop,
        plays: !$("video").paused,
        rows: [...document.querySelectorAll("main li")].map((row) => row.textContent),
    };
}"""
)


@pytest.fixture
def part(visit) -> Page:
    page = visit()
    page.evaluate(PREPARE, OLD)
    return page


def state_of_focus(page: Page) -> Any:
    return page.evaluate(
        """() => { const { name, value, selectionStart, selectionEnd } = document.activeElement;
            return [name, value, selectionStart, selectionEnd]; }"""
    )


def test_an_updated_part_keeps_selection_scroll_and_film(part):
    part.locator("[name=code]").fill("KX4P9T")
    part.locator("[name=code]").focus()
    part.evaluate("document.activeElement.setSelectionRange(2, 4)")

    found = part.evaluate(MORPH, FRESH)

    assert found == {
        "same": True,
        "text": "Nouveau",
        "scroll": 321,
        "plays": True,
        "rows": ["Zéro", "Deux, plus loin", "Un"],
    }
    assert state_of_focus(part) == ["code", "KX4P9T", 2, 4]


def test_the_focus_stays_with_its_row_when_rows_come_and_go(part):
    part.locator("[href='/2/']").focus()

    part.evaluate(MORPH, FRESH)

    assert part.evaluate("document.activeElement.getAttribute('href')") == "/2/"


@pytest.fixture
def control_room(visit, organizer) -> Page:
    """Before the deadline. The phase changes then, without a grace period."""
    organizer.ask("PATCH", "/api/v1/edition/", grace_seconds=0)
    organizer.end_in(hours=2)
    page = visit(path="/pilotage/", email="eve@example.org")
    until_live(page)
    return page


def test_the_control_room_takes_the_order_of_a_new_phase_without_a_reload(control_room, organizer):
    page = control_room
    service = page.locator("#health-facts dl")
    expect(service).to_be_visible()
    expect(page.locator(".room-side #block-juries")).to_be_visible()
    page.evaluate("window.kept = true")
    page.locator(".room-acts").get_by_text("Annoncer").click()
    page.locator("dialog textarea").first.fill("Un brouillon")

    organizer.end_in(seconds=-1)
    expect(page.locator(".room-main #block-juries")).to_be_attached()

    assert page.locator("dialog textarea").first.input_value() == "Un brouillon"
    expect(page.locator("#block-juries")).to_have_count(1)
    expect(service).to_be_attached()
    assert page.evaluate("window.kept")


def test_a_dialog_that_is_fetched_while_the_blocks_are_ordered_anew_opens(control_room, organizer):
    page = control_room
    held: list[Route] = []
    page.route("**/pilotage/ecran/", lambda route: held.append(route))
    expect(page.locator(".room-side #block-juries")).to_be_attached()
    page.get_by_role("link", name="Changer de scène").click()
    until_equal(page, lambda: len(held), 1)

    organizer.end_in(seconds=-1)
    expect(page.locator(".room-main #block-juries")).to_be_attached()
    held[0].continue_()

    expect(page.locator("dialog[open] select")).to_be_visible()
