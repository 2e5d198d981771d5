"""Two phones note who is there, one of them without a network."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.site import OFFLINE, Person, Site, demo_site, running_site, until

KEPT = """async () => {
  const cache = await caches.open("presence-list");
  return !!(await (await cache.match(location.href))?.text())?.includes("data-person");
}"""
UNSEEN = '[data-person][data-shown="undone"]'


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Site, list[dict[str, Any]]]]:
    data, accounts = demo_site("running")
    with running_site(data) as site:
        yield site, accounts


@pytest.fixture
def phone(chromium, running) -> Iterator[Callable[..., Person]]:
    site, accounts = running
    people: list[Person] = []

    def pick_up() -> Person:
        account = next(account for account in accounts if account["role"] == "organizer")
        someone = Person(chromium, site, width=375, height=760)
        people.append(someone)
        someone.sign_in(account["email"], account["password"])
        return someone

    yield pick_up
    for someone in people:
        someone.context.close()
    assert [error for someone in people for error in someone.errors] == []


def row(someone: Person, pk: str) -> Locator:
    return someone.page.locator(f'[data-person="{pk}"]')


def tap(someone: Person, pk: str) -> None:
    row(someone, pk).locator("[data-tick]").click()


def test_two_phones_of_which_one_has_no_network_note_each_person_once(phone):
    cut, other = phone(), phone()
    for someone in (cut, other):
        someone.open("/presence/")
    net = cut.page.locator("[data-presence-net]")
    expect(net).to_have_text("Tout est enregistré")
    until(cut.page, "navigator.serviceWorker.controller !== null")
    until(cut.page, f"({KEPT})()")
    count = other.page.locator("[data-presence-count]")
    before, left = (int(n) for n in re.findall(r"\d+", count.inner_text()))
    pks = [one.get_attribute("data-person") for one in cut.page.locator(UNSEEN).all()]

    cut.expected = OFFLINE
    cut.context.set_offline(True)
    cut.page.reload()
    expect(net).to_contain_text(re.compile("Pas de réseau.*la liste est celle de"))
    for pk in pks[:3]:
        tap(cut, pk)
    expect(net).to_contain_text("3 changements à envoyer")
    for pk in pks[2:5]:
        tap(other, pk)
    expect(count).to_have_text(f"{before + 3} présents, {left - 3} pas encore vus")
    cut.page.locator("[data-which]").select_option("inside")
    expect(row(cut, pks[0])).to_be_visible()
    expect(row(cut, pks[4])).to_be_hidden()
    cut.context.set_offline(False)

    expect(net).to_have_text("Tout est enregistré")
    for someone in (cut, other):
        expect(someone.page.locator("[data-presence-count]")).to_have_text(
            f"{before + 5} présents, {left - 5} pas encore vus"
        )
    row(other, pks[0]).locator("[data-leave]").click()
    expect(row(cut, pks[0])).to_be_hidden()  # not in the building any more

    cut.context.clear_cookies()
    cut.open("/")
    until(cut.page, "caches.has('presence-list').then((has) => !has)")


def test_somebody_is_found_by_room_and_by_name(phone):
    someone = phone()
    someone.open("/presence/?room=001")
    rows = someone.page.locator("[data-person]:visible")
    expect(someone.page.locator("[data-in-room]:visible")).to_have_count(1)
    in_room = rows.count()

    someone.page.locator("[data-room]").select_option("")
    someone.page.locator("[data-search]").fill("léa robert")

    assert 0 < in_room < 30
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Léa Robert")
