import re

from playwright.sync_api import expect

from tests.browser.edition_setup import SET_UP
from tests.browser.site import ADMIN, until_equal, until_fonts

BAR = """() => {
    const bar = document.querySelector(".nav");
    const links = [...bar.querySelectorAll("a")].map((link) => link.getBoundingClientRect());
    return {
        links: links.length,
        more: bar.scrollWidth - bar.clientWidth,
        least: Math.min(...links.map(({ height }) => height)),
        cut: [...bar.querySelectorAll("a > span:not(.nav-count)")]
            .filter((label) => label.scrollWidth > label.getBoundingClientRect().width + 1).length,
        current: bar.querySelector("[aria-current]").getBoundingClientRect().right,
    };
}"""

# Of the title of the control room and its countdown: how far the middle of one is below the other.
APART = """() => {
    const [title, countdown] = ["h1", ".sky .countdown"].map((selector) => {
        const { top, bottom } = document.querySelector(selector).getBoundingClientRect();
        return (top + bottom) / 2;
    });
    return Math.abs(title - countdown);
}"""


def test_the_navigation_bar_of_an_organizer_fits_a_phone(site, person):
    site.manage("shell", "-v0", "-c", SET_UP)
    organizer, small = person(375, 700), person(320, 600)
    found = []

    organizer.sign_in(*ADMIN)
    for language in ("fr", "en"):
        cookie = {"name": "django_language", "value": language, "url": site.url}
        organizer.context.add_cookies([cookie])
        organizer.open("/pilotage/")
        until_fonts(organizer.page)
        organizer.shot(f"barre-{language}")
        found.append(organizer.page.evaluate(BAR))
        assert organizer.page.evaluate(APART) < 10  # the header is one line
    small.sign_in(*ADMIN)
    small.open("/annonces/")
    until_equal(small.page, lambda: small.page.evaluate(BAR)["current"] < 321, True)
    last = small.page.evaluate(BAR)

    for bar in found:
        assert (bar["links"], bar["more"], bar["cut"]) == (7, 0, 0)
        assert bar["least"] >= 48
    # If the bar is longer than the screen, it is scrolled to the current page.
    assert last["more"] > 0


def test_an_organizer_finds_a_page_with_the_keyboard_alone(site, person):
    site.manage("shell", "-v0", "-c", SET_UP)
    organizer = person(1280, 800)
    organizer.sign_in(*ADMIN)
    organizer.open("/annonces/")
    found = organizer.page.locator("dialog .found a")
    keyboard = organizer.page.keyboard

    keyboard.press("Control+k")
    expect(organizer.page.locator("dialog input[type=search]")).to_be_focused()
    organizer.shot("chercher")
    keyboard.type("neige")
    expect(found).to_have_text([re.compile("Horaires")])
    keyboard.press("Tab")
    keyboard.press("Enter")

    organizer.page.wait_for_url(re.compile("/etapes/$"))
