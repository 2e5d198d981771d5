from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.edition_setup import Organizer
from tests.browser.page_scripts import LISTEN
from tests.browser.site import skip_to, until, until_equal, until_live


def played(page: Page) -> list[int]:
    return page.evaluate("notes")


def second_tab(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/")
    until_live(page)
    page.locator("h1").first.click()
    return page


def test_a_sound_plays_once_in_one_tab_if_it_is_switched_on(
    visit: Callable[..., Page], organizer: Organizer
) -> None:
    deadline = organizer.end_in(hours=2)
    first, silent = visit(LISTEN), visit(LISTEN)
    until_live(first)
    until_live(silent)
    switch = first.locator("[data-sound]")
    expect(switch).to_have_attribute("aria-pressed", "false")

    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "true")
    until(first, "notes.length === 1")  # the sample
    second = second_tab(first.context)
    expect(second.locator("[data-sound]")).to_have_attribute("aria-pressed", "true")
    silent.locator("h1").first.click()
    tabs = (first, second, silent)
    for page in tabs:
        skip_to(page, deadline, seconds=601.5)
    for page in tabs:
        expect(page.locator("[data-countdown]").first).to_have_attribute("data-state", "soon")
    until_equal(first, lambda: played(first)[1:] + played(second), [587, 784])
    for page in tabs:  # a second time the sound would come before the next one
        skip_to(page, deadline, seconds=61.5)
    # Any of the two tabs of one browser plays.
    every = sorted([587, 784, 587, 784, 988])
    until_equal(first, lambda: sorted(played(first)[1:] + played(second)), every)

    assert played(silent) == []
