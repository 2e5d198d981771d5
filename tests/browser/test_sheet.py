import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Route, expect

from tests.browser.page_scripts import without_timer
from tests.browser.sheets import PICTURED, READ_BY_OTHERS, VIEW, box_of, overlap
from tests.browser.site import (
    OFFLINE,
    Person,
    Site,
    demo_site,
    running_site,
    until,
    until_equal,
    until_fonts,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def judged() -> Iterator[tuple[Site, dict[str, str]]]:
    data, accounts = demo_site("judging")
    with running_site(data) as site:
        yield site, next(account for account in accounts if account["role"] == "juror")


@pytest.fixture
def tablet(chromium: Browser, judged: tuple[Site, dict[str, str]]) -> Iterator[Person]:
    site, juror = judged
    tablet = Person(chromium, site, width=1024, height=768)
    tablet.sign_in(juror["email"], juror["password"])
    tablet.open("/jury/?show=todo")
    tablet.page.locator(".team-row:visible").first.click()
    tablet.page.wait_for_url(re.compile("/equipes/"))
    ready(tablet)
    yield tablet
    tablet.context.close()
    assert tablet.errors == []


def ready(tablet: Person) -> None:
    tablet.page.locator("[data-sheet][data-ready]").wait_for()


def mark_of(scale: Locator) -> str:
    return scale.locator("input.mark-input").input_value()


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


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (768, 1024)])
def test_the_work_is_read_beside_three_criteria(tablet: Person, width: int, height: int) -> None:
    tablet.page.set_viewport_size({"width": width, "height": height})
    tablet.page.locator(".viewer-page canvas").first.wait_for()
    until_fonts(tablet.page)

    found = tablet.page.evaluate(VIEW)

    assert tablet.page.locator(".sheet-chips a").count() >= 2
    assert found["viewer"] >= 0.6 * height
    assert found["criteria"] >= 3
    assert found["chips"] <= 50  # one line
    assert (found["small"], found["wide"]) == (0, width)
    tablet.expected = OFFLINE
    tablet.context.set_offline(True)
    tablet.page.locator("[data-trouble]:visible").wait_for()
    found = tablet.page.evaluate(VIEW)
    assert found["viewer"] >= 0.6 * height
    assert found["criteria"] >= 3


@pytest.mark.parametrize(("width", "height"), [(1024, 768), (768, 1024)])
def test_the_list_begins_with_the_first_team_and_the_next_one(
    tablet: Person, width: int, height: int
) -> None:
    tablet.page.set_viewport_size({"width": width, "height": height})
    tablet.open("/jury/")
    tablet.page.locator("[data-offline]:visible").wait_for()
    until_fonts(tablet.page)

    for element in (tablet.page.locator(".team-row").first, tablet.page.locator("[data-next] a")):
        box = box_of(element)
        assert box["y"] + box["height"] <= height


def test_no_row_of_the_list_moves_once_it_is_shown(
    chromium: Browser, judged: tuple[Site, dict[str, str]]
) -> None:
    site, juror = judged
    sizes = [(1024, 768), (768, 1024), (375, 812)]
    person = Person(chromium, site, width=1024, height=768)
    person.sign_in(juror["email"], juror["password"])
    held: list[Route] = []
    person.page.route("**/bundle/jury.*", lambda route: held.append(route))
    person.page.goto("/jury/?show=todo", wait_until="commit")
    row = person.page.locator(".team-row:visible").first

    def places() -> list[FloatRect]:
        found = []
        for width, height in sizes:
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


def test_guidance_magnified_work_and_the_timer_take_one_tap_each(tablet: Person) -> None:
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


def test_an_image_is_magnified_by_its_buttons_and_by_a_double_tap(
    tablet: Person, judged: tuple[Site, dict[str, str]]
) -> None:
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


def test_who_finds_no_team_is_sent_where_most_readings_are_missing(tablet: Person) -> None:
    page = tablet.page
    here = int(page.url.split("/equipes/")[1].split("/")[0])
    wanted = page.evaluate(READ_BY_OTHERS, here)

    page.locator(".sheet-bar .menu summary").click()
    page.get_by_role("button", name="Pas d’équipe ici").click()

    page.wait_for_url(lambda url: url.endswith(wanted))
    ready(tablet)
    expect(page.locator("[data-sheet-net]")).to_have_text("Tout est enregistré")


def test_the_message_after_a_finished_sheet_hides_no_control(tablet: Person) -> None:
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

    box = box_of(toast)
    pressed = ".sheet-bar :is(a, button, summary, [data-sheet-net]), .sheet-actions *"
    seen = [box_of(one) for one in page.locator(pressed).filter(visible=True).all()]
    assert len(seen) > 4
    assert [one for one in seen if overlap(one, box)] == []


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


def test_an_invalid_mark_stays_in_the_field(tablet: Person) -> None:
    scales = tablet.page.locator(".scale[data-top]")
    net = tablet.page.locator("[data-sheet-net]")
    wrong = scales.nth(1)
    for scale in scales.all():
        scale.get_by_role("button", name="8", exact=True).click()
    expect(net).to_have_text("Tout est enregistré")
    wrong.locator("input.mark-input").fill("15,75")
    wrong.locator("input.mark-input").press("Tab")
    expect(net).to_have_text("1 note à corriger")

    # Other marks change; finishing does not use the former mark.
    scales.first.get_by_role("button", name="10", exact=True).click()
    expect(scales.first.locator("[data-note]")).to_have_text(re.compile("Enregistré à"))
    tablet.press("Terminer")
    expect(tablet.page.locator("[data-refusal]")).to_have_text(re.compile("Note à corriger"))
    expect(wrong.locator("[data-note]")).to_have_text(re.compile("par demi-points"))
    assert mark_of(wrong) == "15,75"

    wrong.locator("input.mark-input").fill("15,5")
    wrong.locator("input.mark-input").press("Tab")
    expect(wrong.locator("[data-note]")).to_have_text(re.compile("Enregistré à"))
    expect(net).to_have_text("Tout est enregistré")
    tablet.page.reload()
    ready(tablet)
    assert mark_of(wrong) == "15,5"


def test_why_a_sheet_cannot_be_finished_is_shown_until_something_changes(tablet: Person) -> None:
    scales = tablet.page.locator(".scale[data-top]")
    refusal = tablet.page.locator("[data-refusal]")
    scales.first.get_by_role("button", name="5", exact=True).click()
    for scale in reversed(scales.all()):
        if mark_of(scale):
            scale.locator(".scale-clear").click()
    expect(scales.first.locator("[data-note]")).to_have_text(re.compile("Note effacée à"))
    held: list[Route] = []
    tablet.page.route("**/jury/synchroniser/", lambda route: held.append(route))
    scales.first.get_by_role("button", name="6", exact=True).click()

    tablet.press("Terminer")
    expect(refusal).to_have_text(re.compile("Il manque 3 notes"))
    until_equal(tablet.page, lambda: len(held), 1)
    held[0].continue_()
    tablet.page.unroute("**/jury/synchroniser/")
    expect(scales.first.locator("[data-note]")).to_have_text(re.compile("Enregistré à"))

    expect(refusal).to_have_text(re.compile("Il manque 3 notes"))
    scales.nth(1).get_by_role("button", name="6", exact=True).click()
    expect(refusal).to_have_text("")


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


def test_a_mark_that_is_being_typed_stays_while_another_is_saved(tablet: Person) -> None:
    second = tablet.page.locator(".scale[data-top]").nth(1)
    typed = second.locator("input.mark-input")
    give_another_and_save_it(tablet, lambda: typed.fill("17,5"))

    assert typed.input_value() == "17,5"
    typed.press("Tab")
    expect(second.locator("[data-note]")).to_have_text(re.compile("Enregistré à"))
    tablet.page.reload()
    ready(tablet)
    assert mark_of(second) == "17,5"


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


def test_an_ended_session_loses_no_mark(tablet: Person) -> None:
    scale = tablet.page.locator(".scale").first
    tablet.expected = "status of 40[13]|htmx:"
    cookies = tablet.context.cookies()
    tablet.context.clear_cookies()
    scale.get_by_role("button", name="12", exact=True).click()
    expect(scale.locator("[data-note]")).to_have_text("Gardé ici, à envoyer")
    expect(tablet.page.locator("[data-trouble]")).to_contain_text("votre session est terminée")

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
