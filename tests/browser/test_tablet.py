import contextlib
import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Error, Page, expect

from tests.browser.site import Person, Site, demo_site, running_site, until, until_equal
from tests.browser.tablet_scripts import (
    BESIDE_MARKING,
    CHANGES,
    FILMED,
    HOLD_A_READING,
    HOLD_THE_OWNER,
    ISSUE,
    LEFT,
    NOTHING_MARKED,
    REMOVED,
)
from tests.browser.tablets import (
    Tablet,
    drag,
    give,
    open_tools,
    pending,
    prepare_offline,
    ready,
    sign_in,
    until_kept,
)
from tests.submissions.inspection import samples

FILM = "document.querySelector('.viewer video')"


@pytest.fixture(scope="module")
def judged() -> Iterator[tuple[Site, list[dict[str, str]]]]:
    data, accounts = demo_site("judging")
    with running_site(data) as site:
        jurors = [a for a in accounts if a["role"] in ("juror", "president")]
        department = next(a["department"] for a in jurors if a["role"] == "juror")
        site.manage("shell", "-v0", "-c", NOTHING_MARKED % department)
        yield site, [a for a in jurors if a["department"] == department]


@pytest.fixture
def away(judged) -> Iterator[Callable[[], None]]:
    site, _jurors = judged
    yield site.stop
    if site.servers[-1].poll() is not None:
        site.start()


@pytest.fixture
def tablet(chromium, judged) -> Iterator[Tablet]:
    tablet = Tablet(chromium, judged[0])
    yield tablet
    tablet.close()


def written(site: Site, juror: dict[str, str]) -> list[str]:
    return site.manage("shell", "-v0", "-c", CHANGES % juror["email"]).splitlines()


def content_of(page: Page) -> str:
    """Playwright refuses to read a page that goes on to another one: then that one counts."""
    while True:
        page.wait_for_load_state()
        with contextlib.suppress(Error):
            return page.content()


def expect_list_shows_local_state(page: Page, finished: str, begun: str) -> None:
    teams = page.locator(".team-row").count()
    line = page.locator(".team-row", has_text=finished)
    expect(line).to_contain_text("terminée")
    mean = line.locator("[data-figure]").inner_text()
    card = page.locator("[data-jury]")
    expect(card.locator("[data-left]")).to_have_text(f"restent {teams - 1} équipes à noter")
    expect(card.locator("[data-done]")).to_have_text(f"1 fiche terminée sur {teams}")
    assert card.locator("progress").evaluate("(bar) => bar.value") == 1
    expect(card.locator("[data-next]")).to_contain_text(f"Noter {begun}")
    assert card.locator(".strip circle title").text_content() == f"{finished}\u00a0: {mean}"
    expect(page.locator("[data-live-state]")).to_be_hidden()
    open_tools(page)
    page.get_by_role("link", name="Terminées").click()
    expect(page.locator(".team-row:visible")).to_have_count(1)


def test_offline_marking_survives_a_killed_browser(tablet, judged, away):
    site, (juror, *_others) = judged
    page = tablet.page
    sign_in(page, site, juror)
    until_kept(page)
    size = re.compile(r"Préparer hors connexion \(\d+(,\d)?\s[kM]o\)")
    open_tools(page)
    page.get_by_role("button", name=size).click()
    expect(page.locator("[data-slot=ready]")).to_contain_text("fiches et")
    before = len(written(site, juror))
    away()

    tablet.open("/jury/")
    page.locator(".team-row[data-work=untouched]").first.click()
    ready(page)
    first = page.locator("h1").inner_text()
    page.locator(".viewer-page canvas").first.wait_for()  # drawn by pdf.js, without a network
    for index, value in enumerate(["12", "14", "8", "16"]):
        give(page, index, value)
    expect(pending(page)).to_have_text("4 changements à envoyer")
    note = page.locator(".scale.is-late [data-note]").first
    amber = pending(page).evaluate("(element) => getComputedStyle(element).color")
    expect(note).to_have_css("color", amber)  # stored, not an error
    page.get_by_role("button", name="Terminer").click()
    expect(page.locator("h1")).not_to_have_text(first)
    ready(page)
    second = page.locator("h1").inner_text()
    give(page, 0, "10")
    page.locator(".scale[data-top]").first.locator("[data-half]").click()
    give(page, 1, "0")
    expect(pending(page)).to_have_text("8 changements à envoyer")
    address = page.url
    tablet.open("/jury/")
    expect_list_shows_local_state(page, first, second)
    tablet.kill()

    tablet.switch_on()
    page = tablet.page
    page.goto(address)
    ready(page)
    assert page.locator("h1").inner_text() == second
    assert page.locator(".mark-input").nth(0).input_value() == "10,5"
    assert page.locator(".mark-input").nth(1).input_value() == "0"
    assert page.locator(".mark-input").nth(2).input_value() == ""
    expect(pending(page)).to_have_text("8 changements à envoyer")
    site.start()
    tablet.browser.contexts[0].clear_cookies()  # the session has expired
    sign_in(page, site, juror)
    expect(pending(page)).to_have_text("Tout est enregistré")
    page.goto(address)
    ready(page)

    names = [n.inner_text() for n in page.locator(".scale[data-top] h3").all()]
    marks = zip(names, ["12", "14", "8", "16"], strict=True)
    assert written(site, juror)[before:] == [
        *(f"{first}|mark|{name}|{value}" for name, value in marks),
        f"{first}|finish||",
        f"{second}|mark|{names[0]}|10",
        f"{second}|mark|{names[0]}|10.5",
        f"{second}|mark|{names[1]}|0",
    ]


def test_what_a_juror_does_beside_marking_works_without_the_site(chromium, judged, away, tmp_path):
    site, (_juror, other, *_others) = judged
    copy = samples.timed_video(tmp_path / "copie.mp4", [n / 10 for n in range(30)])
    filmed = site.manage("shell", "-v0", "-c", FILMED % (str(copy), other["department"])).strip()
    person = Person(chromium, site, width=1024, height=768)
    page = person.page
    sign_in(page, site, other)
    until_kept(page)
    prepare_offline(page)
    expect(page.locator("[data-slot=ready]")).to_contain_text("fiches et")
    away()
    person.open("/jury/")
    page.locator(".team-row[data-work=untouched]").first.click()
    ready(page)
    page.locator(".sheet-chips a", has_text=filmed).click()
    film = page.locator(".viewer video")
    expect(film).to_have_attribute("src", re.compile("/copie/$"))
    film.evaluate("(film) => { film.muted = true; film.currentTime = 1; }")
    until(page, f"{FILM}.currentTime >= 1 && !{FILM}.seeking && {FILM}.readyState >= 2")
    film.evaluate("(film) => film.play()")
    until(page, f"{FILM}.currentTime > 1")
    for mark in ("16", "12"):  # the own order is one of teams whose marks are complete
        ready(page)
        address = page.url
        page.set_viewport_size({"width": 768, "height": 1024})  # held upright
        for always in (page.get_by_role("button", name="Terminer"), page.locator("b[data-count]")):
            expect(always).to_be_in_viewport(ratio=1)
        page.set_viewport_size({"width": 1024, "height": 768})
        for index in range(4):
            give(page, index, mark)
        page.get_by_role("button", name="Terminer").click()
        page.wait_for_url(lambda url, last=address: url != last)
    ready(page)
    menu, address = page.locator(".sheet-bar .menu"), page.url

    menu.locator("summary").click()
    menu.get_by_text("Signaler quelque chose").click()
    page.locator("#flag textarea").fill("Pas de courant en 214")
    page.locator("#flag").get_by_role("button", name="Signaler").click()
    menu.locator("summary").click()
    menu.get_by_text("Équipe occupée").click()
    page.wait_for_url(lambda url: url != address)
    person.open("/jury/")
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name="Commencer la pause").click()
    expect(page.locator("[data-paused]")).to_contain_text("En pause jusqu’à")
    order = page.locator("[data-own-order]")
    order.locator("summary").click()
    best = order.locator("[data-slot=name]").first.inner_text()
    order.locator("[data-by='1']").first.click()
    expect(order.locator("li").nth(1)).to_contain_text(best)
    handles = order.locator("[data-handle]")
    page.evaluate(HOLD_A_READING)  # of what was stored before the juror moves the team
    drag(page, handles.nth(1), handles.first)
    expect(order.locator("li").first).to_contain_text(best)
    expect(order.locator("li").first).not_to_contain_text("vos notes mettent")
    assert page.evaluate("release()") == best
    drag(page, handles.first, handles.nth(1))
    # The hint is drawn once the move is stored.
    expect(order.locator("li").first).to_contain_text(f"vos notes mettent {best} devant")

    page.reload()
    expect(page.locator("[data-chip=skip]")).to_have_text("occupée")
    expect(page.locator("[data-paused]")).to_contain_text("En pause jusqu’à")
    order.locator("summary").click()
    expect(order.locator("li").nth(1)).to_contain_text(best)
    expect(order.locator("li").first).to_contain_text(f"vos notes mettent {best} devant")
    site.start()
    expect(pending(page)).to_have_text("Tout est enregistré")
    found = site.manage("shell", "-v0", "-c", BESIDE_MARKING % other["email"]).strip()
    assert found == "['Pas de courant en 214']|['busy']|True|2"
    page.goto(address)
    ready(page)
    page.get_by_role("button", name="Reprendre cette équipe").click()
    expect(page.locator("[data-skipped]")).to_be_hidden()
    expect(pending(page)).to_have_text("Tout est enregistré")
    person.context.close()


def before_the_next_juror(
    chromium: Browser, judged: tuple[Site, list[dict[str, str]]]
) -> tuple[Person, str, str]:
    """The signed-in first juror; the code and the name of the second one."""
    site, (juror, other, *_others) = judged
    _token, pin, name = site.manage("shell", "-v0", "-c", ISSUE % other["email"]).strip().split("|")
    person = Person(chromium, site, width=1024, height=768)
    sign_in(person.page, site, juror)
    return person, pin, name


def test_the_next_juror_sees_no_marks_and_unsent_ones_arrive(chromium, judged, away):
    site, (juror, *_others) = judged
    person, pin, name = before_the_next_juror(chromium, judged)
    page = person.page
    until_kept(page)
    page.locator(".team-row[data-work=untouched]").last.click()
    ready(page)
    team = page.locator("h1").inner_text()
    until_kept(page)
    away()
    page.locator("#id_notes").fill("Marqueur de notes")
    page.locator("#id_comment").fill("Marqueur de commentaire")
    page.locator("#id_comment").blur()
    expect(pending(page)).to_have_text("2 changements à envoyer")
    sheet = page.url

    person.open("/jury/changer/")
    page.get_by_role("button", name="Passer la tablette").click()
    person.expect_text("La tablette est vidée")
    expect(page.get_by_role("button", name="Passer la tablette")).to_be_hidden()
    left = page.evaluate(LEFT)
    assert "Marqueur" not in left
    assert team not in left
    assert juror["email"] not in left
    assert len(json.loads(left)["db sealed"]) == 1
    site.start()
    page.wait_for_url(re.compile("/jury/changer/$"))
    page.get_by_text(name).click()
    page.locator("#id_pin").fill(pin)  # submitted after six digits
    page.wait_for_url(re.compile("/jury/$"))
    expect(pending(page)).to_have_text("Tout est enregistré")
    until_equal(page, lambda: json.loads(page.evaluate(LEFT))["db sealed"], [])

    assert f"{team}|notes||Marqueur de notes" in written(site, juror)
    assert f"{team}|comment||Marqueur de commentaire" in written(site, juror)
    seen = [content_of(page), page.evaluate(LEFT)]
    for _ in range(4):
        page.go_back(wait_until="commit")  # the page may go on to another one by itself
        seen.append(content_of(page))
    person.open("/jury/")
    page.goto(sheet)
    seen.append(content_of(page))
    assert not any("Marqueur" in text for text in seen)
    person.context.close()


def test_a_code_that_is_typed_before_the_page_is_ready_is_accepted(chromium, judged):
    person, pin, name = before_the_next_juror(chromium, judged)
    page = person.page
    person.open("/jury/changer/")
    page.get_by_role("button", name="Passer la tablette").click()
    page.locator("#id_pin").wait_for()
    another = person.context.new_page()
    another.goto("/accueil/")
    another.evaluate(HOLD_THE_OWNER)

    page.reload()
    page.get_by_text(name).click()
    page.locator("#id_pin").fill(pin)
    another.evaluate("release()")

    page.wait_for_url(re.compile("/jury/$"))
    person.context.close()
    assert person.errors == []


def test_a_tablet_with_cleared_storage_recovers_by_itself(chromium, judged, away):
    site, (juror, other, *_others) = judged
    _token, _pin, name = site.manage("shell", "-v0", "-c", ISSUE % other["email"]).split("|")
    person = Person(chromium, site, width=1024, height=768)
    page = person.page
    sign_in(page, site, juror)
    until_kept(page)
    page.locator(".team-row[data-work=untouched]").last.click()
    ready(page)
    team = page.locator("h1").inner_text()
    away()
    page.locator("#id_notes").fill("Scellée puis rechargée")
    page.locator("#id_notes").blur()
    expect(pending(page)).to_have_text("1 changement à envoyer")
    person.open("/jury/changer/")
    page.get_by_role("button", name="Passer la tablette").click()
    person.expect_text("La tablette est vidée")
    page.add_init_script(REMOVED)

    for path in ("/jury/changer/", "/jury/", "/jury/INFOCOM/deliberation/"):
        person.open(path)
        person.expect_text("La tablette est vidée")
        assert "Vos notes" not in page.content()
        assert page.evaluate("window.removed") == []  # the tablet stays handed over
    site.start()

    page.get_by_text(name.strip()).wait_for()
    until_equal(page, lambda: json.loads(page.evaluate(LEFT))["db sealed"], [])
    assert f"{team}|notes||Scellée puis rechargée" in written(site, juror)
    person.context.close()
