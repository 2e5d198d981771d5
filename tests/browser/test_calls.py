import contextlib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.browser.site import Person, Site, demo_site, running_site, until_equal

# Records what the page asks the phone to do. While `held`, the five seconds in which a call can be
# taken back do not pass.
RECORD = """
  window.held = true;
  const every = window.setInterval.bind(window);
  window.setInterval = (run, ms) => every(() => held || run(), ms);
  window.rung = 0;
  window.awake = 0;
  navigator.vibrate = () => { window.rung += 1; return true; };
  const lock = new EventTarget();
  lock.release = () => { window.awake -= 1; lock.dispatchEvent(new Event("release")); };
  Object.defineProperty(navigator, "wakeLock", {
    value: { request: async () => { window.awake += 1; return lock; } },
  });
"""
SWAPPED = """() => {
  window.swapped = new Promise((done) => {
    const count = () => done(document.querySelectorAll("[id=calls]").length);
    document.body.addEventListener("htmx:afterSwap", count, { once: true });
  });
}"""


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Site, list[dict[str, Any]]]]:
    data, accounts = demo_site("running")
    with running_site(data) as site:
        yield site, accounts


@pytest.fixture
def phone(chromium, running) -> Iterator[Callable[..., Person]]:
    site, accounts = running
    people: list[Person] = []

    def pick_up(number: int = 0, **which: str) -> Person:
        found = [a for a in accounts if all(a[key] == value for key, value in which.items())]
        someone = Person(chromium, site, width=375, height=760)
        someone.context.add_init_script(RECORD)
        people.append(someone)
        someone.sign_in(found[number]["email"], found[number]["password"])
        return someone

    yield pick_up
    for someone in people:
        someone.context.close()
    assert [error for someone in people for error in someone.errors] == []


def expect_card(someone: Person, text: str | re.Pattern[str]) -> None:
    expect(someone.page.locator("#help")).to_contain_text(text)


def expect_calls(someone: Person, text: str) -> None:
    expect(someone.page.locator("#calls")).to_contain_text(text)


def press_slowly(someone: Person, name: str, address: str) -> None:
    """The answer comes after the page has fetched the list that the act has changed, and without
    the button.
    """
    page, held = someone.page, list[Route]()
    page.route(address, lambda route: held.append(route))
    page.evaluate(SWAPPED)
    someone.press(name)
    until_equal(page, lambda: len(held), 1)
    answer = held[0].fetch()
    expect(page.get_by_role("button", name=name)).to_have_count(0)
    held[0].fulfill(response=answer)
    assert page.evaluate("swapped") == 1


def stop_time(page: Page) -> None:
    page.clock.install()
    page.evaluate("held = false")
    while True:
        with contextlib.suppress(Error):  # a busy machine may take longer: then it is past
            page.clock.pause_at(datetime.now(UTC) + timedelta(seconds=1))
            return


def test_a_call_from_the_request_to_the_end(phone):
    team = phone(role="student", team="La Fabrique")
    helper, other = (
        phone(role="juror", department="SOCIAL"),
        phone(role="president", department="SOCIAL"),
    )
    team.open("/equipe/")
    for someone in (helper, other):
        someone.open("/appels/?floor=6")
    expect_calls(helper, "Personne n’attend")
    helper.page.get_by_role("button", name="Sonner à chaque appel").click()
    helper.page.get_by_role("button", name="Garder l’écran allumé").click()
    helper.page.wait_for_function("window.awake === 1 && window.rung === 1")

    team.press("Appeler un professeur")
    expect(team.page.get_by_role("button", name="Annuler l’appel")).to_be_focused()

    team.page.evaluate("held = false")
    expect_card(team, "Vous êtes les prochains")  # after five seconds
    for someone in (helper, other):
        expect_calls(someone, "La Fabrique")
    helper.page.wait_for_function("window.rung === 2")
    assert other.page.evaluate("window.rung") == 0  # no vibration without permission
    helper.shot("appels-1-nouvel")

    helper.press("Je prends")
    expect_calls(helper, "À vous")
    expect_calls(other, "Pris par d’autres")
    expect(other.page.get_by_role("button", name="Je prends")).to_have_count(0)
    expect_card(team, "s’occupe de vous")
    helper.press("J’y vais")
    expect_card(team, re.compile("Dan Roussel arrive"))
    team.shot("appels-2-arrive")
    press_slowly(helper, "C’est fait", "**/terminer/")

    expect_card(team, "Besoin de quelqu’un ?")
    expect_calls(other, "Personne n’attend")
    # The phone keeps its floor and its switches.
    helper.page.reload()
    expect(helper.page.locator("#floor-6")).to_have_attribute("aria-current", "true")
    expect(helper.page.locator("[data-calls-ring]")).to_have_attribute("aria-pressed", "true")


def test_a_call_undone_within_five_seconds_is_not_sent(phone):
    team, helper = (
        phone(role="student", team="Porte Ouverte"),
        phone(role="juror", department="SOCIAL"),
    )
    helper.open("/appels/")
    helper.press("Sonner à chaque appel")
    helper.page.wait_for_function("window.rung === 1")
    team.open("/equipe/")
    sent: list[str] = []
    team.page.on("request", lambda request: sent.append(request.method))
    stop_time(team.page)
    team.page.get_by_text("Préciser avant d’appeler").click()
    team.fill(note="Une prise ne marche pas")

    team.press("Réseau, prise, matériel")
    team.page.clock.run_for(4_000)
    expect(team.page.get_by_text(re.compile("On appelle.* 1"))).to_be_visible()
    team.press("Annuler l’appel")
    team.page.clock.run_for(10_000)

    expect(team.page.get_by_role("button", name="Annuler l’appel")).to_be_hidden()
    expect(team.page.get_by_role("button", name="Réseau, prise, matériel")).to_be_focused()
    expect(team.page.locator("#help_note")).to_have_value("Une prise ne marche pas")
    assert "POST" not in sent
    team.page.reload()
    expect_card(team, "Besoin de quelqu’un ?")
    expect_calls(helper, "Personne n’attend")
    assert helper.page.evaluate("window.rung") == 1
