import re
import uuid

from playwright.sync_api import Locator, expect

from tests.browser.former_databases import store_before, stored
from tests.browser.sheets import box_of, mark_of, ready
from tests.browser.site import (
    Person,
    until_equal,
)

# What a change of the first criterion names.
OWN = """() => {
    const { user } = JSON.parse(document.querySelector("#jury").textContent);
    const criterion = Number(document.querySelector(".scale").dataset.field.replace("mark-", ""));
    const form = document.querySelector("[data-sheet]");
    const base = Number(form.elements.version.value);
    const given_at = new Date().toISOString();
    return { user, team: Number(form.dataset.team), criterion, base, given_at };
}"""


def slide(tablet: Person, scale: Locator, first: str, last: str) -> None:
    """Press the mouse on one button, move it to another and keep it pressed."""
    scale.scroll_into_view_if_needed()
    start, end = (
        box_of(scale.get_by_role("button", name=name, exact=True)) for name in (first, last)
    )
    tablet.page.mouse.move(start["x"] + 5, start["y"] + 5)
    tablet.page.mouse.down()
    tablet.page.mouse.move(end["x"] + 5, end["y"] + 5, steps=4)


def test_a_mark_is_one_drag(tablet):
    scale = tablet.page.locator(".scale[data-top]").first

    slide(tablet, scale, "3", "9")
    expect(scale.locator("input.mark-input")).to_have_value("9")
    tablet.page.mouse.up()

    expect(scale.locator("[data-note]")).to_have_text(re.compile("Enregistré à"))
    tablet.page.reload()
    ready(tablet)
    assert mark_of(scale) == "9"


def test_a_mark_that_an_older_version_of_the_page_stored_is_sent(tablet):
    address, scale = tablet.page.url, tablet.page.locator(".scale[data-top]").first
    own = tablet.page.evaluate(OWN)
    change = {"key": str(uuid.uuid4()), "device": "tablet", "kind": "mark", "value": "3.5"}
    change |= {"label": "Idée", **own}
    owner = {"key": "owner", "sealKey": "", "ticket": "", "user": own["user"]}
    store_before(tablet.page, "jury", ("changes", None, change), ("meta", None, owner))
    assert stored(tablet.page, "jury", "changes") == 1

    tablet.open("/jury/")
    until_equal(tablet.page, lambda: stored(tablet.page, "jury", "changes"), 0)
    tablet.open(address)
    ready(tablet)

    assert mark_of(scale) == "3,5"
