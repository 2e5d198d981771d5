import itertools
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.edition_setup import Organizer
from tests.browser.site import module, until, until_equal, until_live

OLD = """
<div id="part"><p>Ancien</p>
  <form action="/a/"><input name="code" value=""><textarea name="text">x</textarea>
    <select name="kind"><option>a<option>b</select><input type="checkbox" name="yes">
  </form>
  <details id="more"><summary>Plus</summary><p>Dedans</p></details>
  <dialog id="ask"><p>Sûr ?</p><input name="why"></dialog>
  <ul><li><a href="/1/">Un</a></li><li><a href="/2/">Deux</a></li></ul>
  <video muted loop></video>
  <div id="long"><p>haut</p></div>
</div>"""
FRESH = """
<div id="part" class="is-new"><p>Nouveau</p><p>De plus</p>
  <form action="/a/"><input name="code" value="défaut"><textarea name="text">y</textarea>
    <select name="kind"><option>a<option selected>b<option>c</select>
    <input type="checkbox" name="yes">
  </form>
  <details id="more"><summary>Plus (2)</summary><p>Dedans</p></details>
  <dialog id="ask"><p>Vraiment ?</p><input name="why"></dialog>
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
    $("details").open = true;
    $("[type=checkbox]").checked = true;
    $("#long").scrollTop = 321;
    const canvas = document.createElement("canvas");
    canvas.getContext("2d").fillRect(0, 0, 5, 5);
    $("video").srcObject = canvas.captureStream(10);
    await $("video").play();
    const kept = ["form", "details", "dialog", "video", "[href='/1/']", "[href='/2/']", "#long"];
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
        count: document.querySelectorAll("#part > p").length,
        isNew: $("#part").className,
        details: [$("details").open, $("summary").textContent],
        checked: $("[type=checkbox]").checked,
        options: $("select").options.length,
        scroll: $("#long").scrollTop,
        plays: !$("video").paused,
        rows: [...document.querySelectorAll("main li")].map((row) => row.textContent),
    };
}"""
)


@pytest.fixture
def part(visit: Callable[..., Page]) -> Page:
    page = visit()
    page.evaluate(PREPARE, OLD)
    return page


def state_of_focus(page: Page) -> Any:
    return page.evaluate(
        """() => { const { name, value, selectionStart, selectionEnd } = document.activeElement;
            return [name, value, selectionStart, selectionEnd]; }"""
    )


def test_a_part_is_updated_and_keeps_the_state_of_the_person(part: Page) -> None:
    part.locator("[name=code]").fill("KX4P9T")
    part.locator("[name=text]").fill("un brouillon")
    part.locator("[name=kind]").select_option("a")
    part.locator("[name=code]").focus()
    part.evaluate("document.activeElement.setSelectionRange(2, 4)")

    found = part.evaluate(MORPH, FRESH)

    assert found == {
        "same": True,
        "text": "Nouveau",
        "count": 2,
        "isNew": "is-new",
        "details": [True, "Plus (2)"],
        "checked": True,
        "options": 3,
        "scroll": 321,
        "plays": True,
        "rows": ["Zéro", "Deux, plus loin", "Un"],
    }
    assert state_of_focus(part) == ["code", "KX4P9T", 2, 4]
    assert part.locator("[name=text]").input_value() == "un brouillon"


def test_the_focus_stays_with_its_row_when_rows_come_and_go(part: Page) -> None:
    part.locator("[href='/2/']").focus()

    part.evaluate(MORPH, FRESH)

    assert part.evaluate("document.activeElement.getAttribute('href')") == "/2/"


def test_typing_while_messages_arrive_loses_nothing(
    visit: Callable[..., Page], organizer: Organizer
) -> None:
    organizer.end_in(hours=2)
    page = visit(path="/equipe/", email="max@example.org", stopped=True)
    until_live(page)
    page.evaluate("window.team = document.getElementById('team')")
    code = page.locator("#join-code")
    code.focus()

    for letter, minutes in zip("KX4P9T", (80, 81, 82, 83, 84, 85), strict=True):
        page.keyboard.type(letter)
        deadline = organizer.end_in(minutes=minutes)
    shown = "Date.parse(document.querySelector('[data-countdown]').dateTime)"
    until(page, f"Math.abs({shown} - {deadline.timestamp() * 1000}) < 2")
    page.clock.run_for(10_000)  # after which nothing waits any more
    page.wait_for_load_state("networkidle")

    assert state_of_focus(page)[:2] == ["code", "KX4P9T"]
    assert page.evaluate("window.team === document.getElementById('team')")


DISPATCH = """(type) => document.body.dispatchEvent(
    new CustomEvent("live", { detail: { type, data: {} } }))"""
# A part, and the instants in ms at which it is fetched.
PART = """(attributes) => {
    const html = `<p id="part" data-src="/essai/" data-shows="team" ${attributes}>x</p>`;
    document.querySelector("main").innerHTML = html;
    window.asked = [];
    const { fetch } = window;
    window.fetch = async (address, options) => {
        if (address !== "/essai/?parts=part") return fetch(address, options);
        window.asked.push(performance.now());
        return new Response(html);
    };
}"""
PASS = """() => {
    const part = document.getElementById("part");
    const past = new Date(Date.now() - 1000).toISOString();
    part.insertAdjacentHTML("beforeend", `<template data-at="${past}"></template>`);
    document.body.dispatchEvent(new CustomEvent("live:refetched", { detail: {} }));
}"""


def pauses(page: Page, messages: int) -> list[float]:
    """In ms between two requests, while the part gets a message every 50 ms."""
    for _ in range(messages):
        page.evaluate(DISPATCH, "team.updated")
        page.clock.run_for(50)
    asked = page.evaluate("window.asked")
    return [after - before for before, after in itertools.pairwise(asked)]


def test_a_part_does_not_wait_for_its_pause_when_an_instant_has_passed(
    visit: Callable[..., Page],
) -> None:
    page = visit(stopped=True)
    page.evaluate(PART, 'data-pace="slow"')

    assert pauses(page, 100) == []
    page.evaluate(PASS)
    page.clock.run_for(2000)

    assert len(page.evaluate("window.asked")) == 2


def version(text: str) -> str:
    part = '<p id="part" data-src="/essai/" data-shows="team" data-pace="stage">'
    return f"{part}{text}</p>"


def hold(page: Page, count: int) -> list[Route]:
    """That many requests of a part, one after the other. Their answers are up to the test."""
    held: list[Route] = []
    page.route("**/essai/?parts=part", lambda route: held.append(route))
    page.evaluate(f"document.querySelector('main').innerHTML = '{version('premier')}'")
    for number in range(count):
        page.evaluate(DISPATCH, "team.updated")
        until_equal(page, lambda: len(held), number + 1)
    return held


def answer(page: Page, route: Route, text: str) -> None:
    """Returns once the page has taken in the answer."""
    page.evaluate(
        """() => {
        window.isDone = false;
        document.body.addEventListener("live:refetched", () => (isDone = true), { once: true });
    }"""
    )
    route.fulfill(body=version(text), content_type="text/html")
    until(page, "isDone")


def test_an_answer_that_was_overtaken_by_a_newer_one_is_not_shown(
    visit: Callable[..., Page],
) -> None:
    page = visit()
    first, second = hold(page, 2)

    answer(page, second, "nouveau")
    answer(page, first, "ancien")

    assert page.locator("#part").inner_text() == "nouveau"


def test_an_answer_does_not_change_a_part_that_was_replaced_meanwhile(
    visit: Callable[..., Page],
) -> None:
    page = visit()
    held = hold(page, 1)

    page.evaluate(f"document.querySelector('main').innerHTML = '{version('remplacé')}'")
    answer(page, held[0], "ancien")

    assert page.locator("#part").inner_text() == "remplacé"
    until_equal(page, lambda: len(held), 2)  # it may be older than the answer
    answer(page, held[1], "nouveau")
    assert page.locator("#part").inner_text() == "nouveau"


def test_a_part_of_few_people_is_fetched_often_during_a_burst(visit: Callable[..., Page]) -> None:
    page = visit(stopped=True)
    page.evaluate(PART, 'data-pace="now"')

    found = pauses(page, 60)

    assert len(found) == 3
    assert all(700 <= pause < 800 for pause in found)


def test_a_part_of_many_people_is_fetched_less_and_less_often(visit: Callable[..., Page]) -> None:
    page = visit(stopped=True)
    page.evaluate(PART, "")

    found = pauses(page, 250)

    assert 250 <= found[0] < 2000
    assert 2000 <= found[1] < 3000
    assert all(pause >= 3000 for pause in found[2:])


@pytest.fixture
def control_room(visit: Callable[..., Page], organizer: Organizer) -> Page:
    """Before the deadline. The phase changes then, without a grace period."""
    organizer.ask("PATCH", "/api/v1/edition/", grace_seconds=0)
    organizer.end_in(hours=2)
    page = visit(path="/pilotage/", email="eve@example.org")
    until_live(page)
    return page


def test_the_control_room_takes_the_order_of_a_new_phase_without_a_reload(
    control_room: Page, organizer: Organizer
) -> None:
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


def test_a_dialog_that_is_fetched_while_the_blocks_are_ordered_anew_opens(
    control_room: Page, organizer: Organizer
) -> None:
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
