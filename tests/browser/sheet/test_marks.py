import re
import uuid

from playwright.sync_api import Locator, expect

from tests.browser.former_databases import store_before, stored
from tests.browser.sheets import box_of, mark_of, ready
from tests.browser.site import (
    OFFLINE,
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


def test_a_sheet_reopened_offline_is_not_shown_as_finished(tablet: Person) -> None:
    tablet.open("/jury/?show=done")
    tablet.page.locator(".team-row[data-work=final]").first.click()
    ready(tablet)
    state = tablet.page.locator("[data-saved]")
    tablet.expected = OFFLINE
    tablet.context.set_offline(True)

    tablet.press("Rouvrir")
    expect(state).to_have_text("Rouverte ici, pas encore envoyée")
    tablet.page.locator(".scale").first.get_by_role("button", name="6", exact=True).click()
    expect(state).to_have_text("Rouverte ici, pas encore envoyée")

    tablet.context.set_offline(False)
    expect(tablet.page.locator("[data-sheet-net]")).to_have_text("Tout est enregistré")
    expect(state).to_have_text("")


def slide(tablet: Person, scale: Locator, first: str, last: str) -> None:
    """Press the mouse on one button, move it to another and keep it pressed."""
    scale.scroll_into_view_if_needed()
    start, end = (
        box_of(scale.get_by_role("button", name=name, exact=True)) for name in (first, last)
    )
    tablet.page.mouse.move(start["x"] + 5, start["y"] + 5)
    tablet.page.mouse.down()
    tablet.page.mouse.move(end["x"] + 5, end["y"] + 5, steps=4)


def test_any_whole_mark_is_one_tap_or_one_drag(tablet: Person) -> None:
    scales = tablet.page.locator(".scale[data-top]").all()
    for scale, value in zip(scales, ("13", "7", "17", "11"), strict=True):
        scale.get_by_role("button", name=value, exact=True).click()
    for scale, value in zip(scales, ("13", "7", "17", "11"), strict=True):
        expect(scale.locator("input.mark-input")).to_have_value(value)

    slide(tablet, scales[0], "3", "9")
    expect(scales[0].locator("input.mark-input")).to_have_value("9")
    tablet.page.mouse.up()
    scales[1].locator("[data-half]").click()

    for scale in scales:
        expect(scale.locator("[data-note]")).to_have_text(re.compile("Enregistré à"))
    tablet.page.reload()
    ready(tablet)
    assert [mark_of(scale) for scale in scales] == ["9", "7,5", "17", "11"]


def test_marks_given_offline_are_sent_later(tablet: Person) -> None:
    scale = tablet.page.locator(".scale").first
    pending = tablet.page.locator("[data-sheet-net]")
    trouble = tablet.page.locator("[data-trouble]")
    expect(trouble).to_be_hidden()
    tablet.expected = OFFLINE
    tablet.context.set_offline(True)
    expect(trouble).to_contain_text("Notez comme d’habitude")
    below = tablet.page.locator(".scale").nth(1).locator(".scale-line")
    place = box_of(below)
    scale.get_by_role("button", name="14", exact=True).click()
    expect(scale.locator("[data-note]")).to_have_text("Gardé ici, à envoyer")
    assert box_of(below) == place  # no button moves under the finger
    tablet.page.locator("#id_comment").fill("Une idée qui tient debout.")
    expect(pending).to_have_text("2 changements à envoyer")
    expect(trouble).to_contain_text("pas encore envoyé : pas de réseau")

    tablet.context.set_offline(False)
    expect(pending).to_have_text("Tout est enregistré")
    expect(trouble).to_be_hidden()
    tablet.page.reload()
    ready(tablet)

    assert mark_of(scale) == "14"
    assert tablet.page.locator("#id_comment").input_value() == "Une idée qui tient debout."


def test_without_script_the_sheet_is_a_form(tablet: Person) -> None:
    address = tablet.page.url
    storage = tablet.context.storage_state()
    browser = tablet.context.browser
    assert browser is not None
    context = browser.new_context(storage_state=storage, java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    first, second = page.locator(".scale").nth(0), page.locator(".scale").nth(1)
    first.locator("input.mark-input").fill("13,5")
    second.get_by_role("button", name="8", exact=True).click()

    expect(page.get_by_text("Enregistré.")).to_be_visible()
    assert (mark_of(first), mark_of(second)) == ("13,5", "8")
    context.close()


def test_a_mark_that_an_older_version_of_the_page_stored_is_sent(tablet: Person) -> None:
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
