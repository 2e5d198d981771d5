from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.edition_setup import Organizer
from tests.browser.site import until_live

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

# The frequencies of the notes that were played.
LISTEN = """(() => {
    window.notes = [];
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (...at) {
        window.notes.push(Math.round(this.frequency.value));
        return start.apply(this, at);
    };
})()"""


def second_tab(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/")
    until_live(page)
    page.locator("h1").first.click()
    return page


def test_a_sound_plays_once_in_one_tab_if_it_is_switched_on(
    visit: Callable[..., Page], organizer: Organizer
) -> None:
    organizer.end_in(hours=2)
    first, silent = visit(LISTEN), visit(LISTEN)
    until_live(first)
    until_live(silent)
    switch = first.locator("[data-sound]")
    expect(switch).to_have_attribute("aria-pressed", "false")

    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    tried = first.evaluate("notes.length")
    second = second_tab(first.context)
    expect(second.locator("[data-sound]")).to_have_attribute("aria-pressed", "true")
    silent.locator("h1").first.click()
    organizer.end_in(minutes=10, seconds=4)
    first.wait_for_timeout(5500)
    played = [page.evaluate("notes") for page in (first, second, silent)]

    assert tried == 1  # the sample
    assert sorted(played[0][tried:] + played[1]) == [587, 784]
    assert played[2] == []


def test_a_moved_deadline_plays_no_skipped_sound(
    visit: Callable[..., Page], organizer: Organizer
) -> None:
    organizer.end_in(hours=2)
    page = visit(LISTEN)
    until_live(page)
    page.locator("[data-sound]").click()
    tried = page.evaluate("notes.length")

    organizer.end_in(minutes=9)
    expect(page.locator("[data-countdown]").first).to_have_attribute("data-state", "soon")
    page.wait_for_timeout(1500)

    assert page.evaluate("notes.length") == tried


def test_the_switch_is_kept_on_this_device(
    visit: Callable[..., Page], organizer: Organizer
) -> None:
    organizer.end_in(hours=2)
    page = visit()
    page.locator("[data-sound]").click()
    page.reload()
    expect(page.locator("[data-sound]")).to_have_attribute("aria-pressed", "true")

    # A refreshed part comes from the server, which does not know the choice.
    until_live(page)
    organizer.end_in(minutes=95)
    expect(page.locator("#clock")).to_contain_text("avant")
    page.wait_for_timeout(2000)
    expect(page.locator("[data-sound]")).to_have_attribute("aria-pressed", "true")

    page.locator("[data-sound]").click()
    page.reload()
    expect(page.locator("[data-sound]")).to_have_attribute("aria-pressed", "false")
