import re

import pytest
from playwright.sync_api import FloatRect, Route, expect

from tests.browser.page_scripts import without_timer
from tests.browser.sheets import PICTURED, VIEW, box_of, overlap, ready
from tests.browser.site import (
    OFFLINE,
    Person,
    until,
    until_equal,
    until_fonts,
)
from tests.browser.tablets import prepare_offline

TABLET = [(1024, 768), (768, 1024)]
PHONE = (375, 812)


def test_the_work_is_read_beside_three_criteria(tablet):
    page = tablet.page
    page.locator(".viewer-page canvas").first.wait_for()
    until_fonts(page)

    assert page.locator(".sheet-chips a").count() >= 2
    for width, height in TABLET:
        page.set_viewport_size({"width": width, "height": height})
        found = page.evaluate(VIEW)
        # Upright, « Terminer » and the count are on the screen too.
        assert found["viewer"] >= (0.6 if width > height else 0.5) * height
        assert found["criteria"] >= 3
        assert found["chips"] <= 50  # one line
        assert (found["small"], found["wide"]) == (0, width)
    tablet.expected = OFFLINE
    tablet.context.set_offline(True)
    expect(page.locator("[data-trouble]")).to_contain_text("Notez comme d’habitude")
    below = page.locator(".scale").nth(1).locator(".scale-line")
    place = box_of(below)
    page.locator(".scale").first.get_by_role("button", name="14", exact=True).click()
    expect(page.locator(".scale [data-note]").first).to_have_text("Gardé ici, à envoyer")
    assert box_of(below) == place  # no button moves under the finger
    for width, height in TABLET:
        page.set_viewport_size({"width": width, "height": height})
        found = page.evaluate(VIEW)
        # Upright, « Terminer » and the count are on the screen too.
        assert found["viewer"] >= (0.6 if width > height else 0.5) * height
        assert found["criteria"] >= 3


# From its upper to its lower edge, with nothing over it, such as the bar at the foot of a phone.
IN_VIEW = """(element) => {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return [top + 2, bottom - 2]
    .every((y) => element.contains(document.elementFromPoint((left + right) / 2, y)));
}"""


def test_the_list_begins_with_the_first_team_and_the_next_one(tablet):
    page = tablet.page
    tablet.open("/jury/")
    page.locator("[data-tools]:visible").wait_for()
    until_fonts(page)

    for width, height in (*TABLET, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        for element in (page.locator(".team-row").first, page.locator("[data-next] a")):
            assert element.evaluate(IN_VIEW)


def test_no_row_of_the_list_moves_once_it_is_shown(chromium, judged):
    site, juror = judged
    person = Person(chromium, site, width=1024, height=768)
    person.sign_in(juror["email"], juror["password"])
    held: list[Route] = []
    person.page.route("**/bundle/jury.*", lambda route: held.append(route))
    person.page.goto("/jury/?show=todo", wait_until="commit")
    row = person.page.locator(".team-row:visible").first

    def places() -> list[FloatRect]:
        found = []
        for width, height in (*TABLET, PHONE):
            person.page.set_viewport_size({"width": width, "height": height})
            found.append(box_of(row))
        return found

    row.wait_for()
    until_equal(person.page, lambda: len(held), 1)
    until(person.page, "document.readyState === 'interactive'")  # all of it but the held script
    until_fonts(person.page)
    before = places()
    held[0].continue_()
    prepare = person.page.get_by_role("button", name="Préparer hors connexion")
    expect(prepare).to_be_enabled()
    assert places() == before

    prepare.click()
    expect(person.page.locator("[data-slot=ready]")).to_contain_text("fiches et")
    assert places() == before
    person.context.close()
    assert person.errors == []


def test_guidance_magnified_work_and_the_timer_take_one_tap_each(tablet):
    page = tablet.page
    guidance, timer = page.locator(".scale-guidance:visible"), page.locator("[data-timer]")
    first = page.locator(".viewer-page").first
    first.locator("canvas").wait_for()
    narrow = box_of(first)
    criteria_count = page.locator(".scale-guidance").count()
    assert criteria_count > 1

    page.locator("[data-guidance]").first.click()
    expect(guidance).to_have_count(criteria_count)
    page.get_by_role("button", name="Plus grand").click()
    until_equal(
        page, lambda: box_of(first)["width"], pytest.approx(1.5 * narrow["width"], rel=0.01)
    )
    page.get_by_role("button", name="Sur tout l’écran").click()
    viewer = page.locator(".viewer")
    until_equal(page, lambda: box_of(viewer)["width"] > 1000, True)
    until_equal(page, lambda: box_of(viewer)["height"] > 700, True)
    page.keyboard.press("Escape")
    expect(timer).to_have_text(re.compile(r"^\d+:\d\d$"))
    timer.click()
    expect(timer).to_have_text(re.compile("/ 5 min$"))
    expect(timer).not_to_have_class(re.compile("is-over"))
    page.evaluate("(key) => sessionStorage.setItem(key, '300')", timer_key(tablet))
    expect(timer).to_have_class(re.compile("is-over"))  # after the next second
    page.locator(".sheet-turn a").last.click()
    ready(tablet)

    expect(guidance).to_have_count(criteria_count)  # remembered
    expect(timer).to_have_text(re.compile("/ 5 min$"))
    expect(timer).not_to_have_class(re.compile("is-over"))  # another team


def test_an_image_is_magnified_by_its_buttons_and_by_a_double_tap(tablet, judged):
    page = tablet.page
    team = int(page.url.split("/equipes/")[1].split("/")[0])
    name = judged[0].manage("shell", "-v0", "-c", PICTURED % team).strip().splitlines()[-1]
    page.reload()
    page.locator(".sheet-chips a", has_text=name).click()
    image, viewer = page.locator(".viewer-image"), page.locator(".viewer")
    until_equal(page, lambda: image.evaluate("(image) => image.naturalWidth"), 1600)

    def width() -> float:
        """0 while the image is replaced by a newer version of the part."""
        box = image.bounding_box()
        return box["width"] if box else 0

    widths = []

    def is_shown() -> bool:
        widths.append(width())
        return widths[-1] > 0

    until_equal(page, is_shown, True)
    fitting = widths[-1]
    assert viewer.evaluate("(viewer) => viewer.scrollWidth <= viewer.clientWidth")

    def is_magnified(times: float) -> None:
        wanted = pytest.approx(times * fitting, rel=0.01)
        until_equal(page, width, wanted)

    page.get_by_role("button", name="Plus grand").click()
    is_magnified(1.5)
    # A newer version of the part, as after one from the cache.
    image.evaluate("(image) => { image.dataset.former = ''; }")
    page.locator(".sheet-chips [aria-current]").click()
    expect(page.locator(".viewer-image:not([data-former])")).to_be_visible()
    is_magnified(1.5)
    # Every part can be scrolled into view.
    scrolled = "(viewer) => { viewer.scrollTo(9999, 9999); return viewer.scrollLeft; }"
    until_equal(page, lambda: viewer.evaluate(scrolled) > 0.4 * fitting, True)
    page.get_by_role("button", name="Plus petit").click()
    is_magnified(1)
    image.dblclick()
    is_magnified(2)
    image.dblclick()
    is_magnified(1)


def timer_key(tablet: Person) -> str:
    team = tablet.page.locator("[data-timer]").get_attribute("data-timer")
    return f"jury-timer-{team}"


def test_the_message_after_a_finished_sheet_hides_no_control_and_no_mark(tablet):
    page = tablet.page
    page.add_init_script(without_timer(5000))  # after which the message disappears
    for scale in tablet.page.locator(".scale[data-top]").all():
        scale.get_by_role("button", name="12", exact=True).click()
    address = page.url

    page.get_by_role("button", name="Terminer").click()
    page.wait_for_url(lambda url: url != address)
    ready(tablet)
    toast = page.locator(".toast")
    expect(toast).to_contain_text("terminée")

    pressed = ".sheet-bar :is(a, button, summary, [data-sheet-net]), .sheet-actions *, .scale"
    for width, height in (*TABLET, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        box = box_of(toast)
        seen = [box_of(one) for one in page.locator(pressed).filter(visible=True).all()]
        assert len(seen) > 4
        assert [one for one in seen if overlap(one, box)] == []


def test_two_own_sheets_are_beside_each_other_without_a_network(tablet):
    page = tablet.page
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    tablet.open("/jury/")
    prepare_offline(page)
    expect(page.locator("[data-slot=ready]")).to_contain_text("sur cet appareil")
    page.locator(".team-row:not([data-work=final])").first.click()
    ready(tablet)
    name = page.locator("h1").inner_text()
    tablet.expected = OFFLINE
    tablet.context.set_offline(True)
    page.locator(".scale[data-top]").first.get_by_role("button", name="7", exact=True).click()
    page.locator(".sheet-bar summary").click()

    page.get_by_role("link", name="Comparer avec une autre équipe").click()

    expect(page.locator("thead th:visible")).to_have_count(2)
    expect(page.locator("thead th:visible").first).to_contain_text(name)
    expect(page.locator("tbody tr").first.locator("td:visible").first).to_have_text("7")
    for width, height in (PHONE, TABLET[0]):
        page.set_viewport_size({"width": width, "height": height})
        boxes = [box_of(cell) for cell in page.locator("thead th:visible").all()]
        assert abs(boxes[0]["y"] - boxes[1]["y"]) < 10  # on one line
        assert boxes[0]["x"] < boxes[1]["x"]
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    tablet.context.set_offline(False)
    expect(page.locator("[data-sheet-net]")).to_have_text("Tout est enregistré")
