import re
import uuid
from collections.abc import Callable

from playwright.sync_api import Locator, Route, expect

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


def test_taps_are_saved_and_the_last_one_counts(tablet: Person) -> None:
    scale = tablet.page.locator(".scale").first
    scale.get_by_role("button", name="10", exact=True).click()
    scale.get_by_role("button", name="11", exact=True).click()
    scale.locator("[data-half]").click()
    expect(scale.locator("[data-note]")).to_have_text(re.compile("Enregistré à"))
    expect(tablet.page.locator("[data-sheet-net]")).to_have_text("Tout est enregistré")

    tablet.page.reload()
    ready(tablet)

    assert mark_of(scale) == "11,5"


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


def test_a_criterion_is_two_tab_stops_and_the_arrows_choose_the_mark(tablet: Person) -> None:
    page = tablet.page
    scales = page.locator(".scale[data-top]")
    first = scales.first
    first.locator("input.mark-input").fill("")
    page.keyboard.press("Enter")

    page.keyboard.press("Tab")
    expect(first.get_by_role("button", name="0", exact=True)).to_be_focused()
    for _ in range(13):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(first.locator("[data-note]")).to_have_text(re.compile("Enregistré"))
    assert mark_of(first) == "13"
    page.keyboard.press("End")
    expect(first.get_by_role("button", name="20", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")  # half a point
    expect(first.locator("input.mark-input")).to_have_value("13,5")
    page.keyboard.press("Delete")
    expect(first.locator("input.mark-input")).to_have_value("")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(first.locator("input.mark-input")).to_have_value("19")

    page.keyboard.press("Tab")
    between = page.locator(".criterion").first.locator("details > summary").count()  # of extras
    for _ in range(between):
        page.keyboard.press("Tab")
    expect(scales.nth(1).locator("input.mark-input")).to_be_focused()
    for _ in range(between + 1):
        page.keyboard.press("Shift+Tab")
    expect(first.get_by_role("button", name="19", exact=True)).to_be_focused()


def test_a_removed_mark_is_not_a_zero(tablet: Person) -> None:
    scale = tablet.page.locator(".scale").first
    scale.get_by_role("button", name="0", exact=True).click()
    expect(scale.get_by_text("pas encore noté")).to_be_hidden()
    tablet.page.locator("[data-sheet-net]", has_text="Tout est enregistré").wait_for()
    scale.get_by_role("button", name="Effacer la note").click()
    expect(scale.get_by_text("pas encore noté")).to_be_visible()
    expect(scale.locator("[data-note]")).to_have_text(re.compile("Note effacée à"))

    tablet.page.reload()
    ready(tablet)

    assert mark_of(scale) == ""
    expect(scale.get_by_text("pas encore noté")).to_be_visible()


def give_another_and_save_it(tablet: Person, enter: Callable[[], None]) -> None:
    """`enter` runs between the first mark and its save."""
    first = tablet.page.locator(".scale[data-top]").first
    first.get_by_role("button", name="4", exact=True).click()
    expect(first.locator("[data-note]")).to_have_text(re.compile("Enregistré à"))
    held: list[Route] = []
    tablet.page.route("**/jury/synchroniser/", lambda route: held.append(route))
    first.get_by_role("button", name="16", exact=True).click()
    expect(first.locator("[data-note]")).to_have_text("Gardé ici, envoi…")
    enter()
    until_equal(tablet.page, lambda: len(held), 1)
    held[0].continue_()
    tablet.page.unroute("**/jury/synchroniser/")
    expect(first.locator("[data-note]")).to_have_text(re.compile("Enregistré à"))


def test_a_mark_under_the_finger_stays_while_another_is_saved(tablet: Person) -> None:
    second = tablet.page.locator(".scale[data-top]").nth(1)
    second.get_by_role("button", name="13", exact=True).click()
    expect(second.locator("[data-note]")).to_have_text(re.compile("Enregistré à"))
    give_another_and_save_it(tablet, lambda: slide(tablet, second, "3", "9"))

    assert mark_of(second) == "9"
    pressed = second.get_by_role("button", name="9", exact=True)
    expect(pressed).to_have_attribute("aria-pressed", "true")
    tablet.page.mouse.up()
    expect(second.locator("[data-note]")).to_have_text(re.compile("Enregistré à"))
    tablet.page.reload()
    ready(tablet)
    assert mark_of(second) == "9"


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


def test_complete_sheets_are_finished_together_without_a_network(tablet: Person) -> None:
    page = tablet.page
    name = page.locator("h1").inner_text()
    for scale in page.locator(".scale[data-top]").all():
        scale.get_by_role("button", name="11", exact=True).click()
    expect(page.locator(".sheet-foot [data-count]")).to_contain_text("4 sur 4")
    expect(page.locator("[data-sheet-net]")).to_have_text("Tout est enregistré")
    tablet.open("/jury/")
    row = page.locator(".team-row", has_text=name)
    button = page.get_by_role("button", name="Terminer la fiche complète (1)")
    expect(button).to_be_visible()
    tablet.expected = OFFLINE
    tablet.context.set_offline(True)

    button.click()
    expect(row).to_contain_text("terminée")
    expect(button).to_be_hidden()
    expect(page.locator("[data-sheet-net]")).to_have_text("1 changement à envoyer")
    tablet.context.set_offline(False)
    expect(page.locator("[data-sheet-net]")).to_have_text("Tout est enregistré")
    page.reload()

    expect(row.locator("[data-server=final]")).to_contain_text("11,00")
    row.click()  # the next test marks it again
    ready(tablet)
    page.get_by_role("button", name="Rouvrir").click()
    expect(page.locator("[data-sheet-net]")).to_have_text("Tout est enregistré")


def test_an_ended_session_loses_no_mark(tablet: Person) -> None:
    scale = tablet.page.locator(".scale").first
    tablet.expected = "status of 40[13]|htmx:"
    cookies = tablet.context.cookies()
    tablet.context.clear_cookies()
    scale.get_by_role("button", name="12", exact=True).click()
    expect(scale.locator("[data-note]")).to_have_text("Gardé ici, à envoyer")
    expect(tablet.page.locator("[data-trouble]")).to_contain_text("votre session est terminée")
    tablet.page.evaluate(
        "document.querySelector('[data-session]').hidden = false"
    )  # as live.js does
    expect(tablet.page.get_by_role("link", name="Se reconnecter")).to_have_count(1)

    tablet.context.add_cookies(cookies)
    expect(scale.locator("[data-note]")).to_have_text(re.compile("Enregistré à"))
    tablet.page.reload()
    ready(tablet)

    assert mark_of(scale) == "12"


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
