"""Two phones hand meals out."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.site import OFFLINE, Person, Site, demo_site, running_site, until

# The list of meals as Eve changed it, and all files that the page had when it was loaded.
KEPT = """async () => {
  const cache = await caches.open("meals-handout");
  const kept = new Set((await cache.keys()).map(({ url }) => url));
  const { loadEventStart } = performance.getEntriesByType("navigation")[0];
  const files = performance.getEntriesByType("resource")
    .filter(({ name, startTime }) => name.includes("/static/") && startTime < loadEventStart)
    .map(({ name }) => name.split("#")[0]);
  const page = await (await cache.match(location.href))?.text();
  return page?.includes("Eve") && files.length > 0 && files.every((file) => kept.has(file));
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

    def pick_up(role: str) -> Person:
        account = next(account for account in accounts if account["role"] == role)
        someone = Person(chromium, site, width=375, height=760)
        people.append(someone)
        someone.sign_in(account["email"], account["password"])
        return someone

    yield pick_up
    for someone in people:
        someone.context.close()
    assert [error for someone in people for error in someone.errors] == []


def test_two_phones_hand_meals_out_and_one_of_them_loses_the_network(phone):
    cut, other = phone(role="helper"), phone(role="organizer")
    for someone in (cut, other):
        someone.open("/repas/distribution/")
    rows = [someone.page.locator("[data-person]") for someone in (cut, other)]
    net = cut.page.locator("[data-meals-net]")
    expect(net).to_have_text("Tout est enregistré")

    cut.expected = OFFLINE
    cut.context.set_offline(True)
    rows[0].nth(0).click()
    rows[0].nth(1).click()
    expect(net).to_contain_text("2 changements à envoyer")
    rows[1].nth(0).click()
    expect(rows[1].nth(0)).to_contain_text("Eve")
    cut.context.set_offline(False)

    expect(net).to_have_text("Tout est enregistré")
    for number, name in ((0, "Eve"), (1, "Tess")):
        for row in rows:
            expect(row.nth(number)).to_have_attribute("aria-pressed", "true")
            expect(row.nth(number)).to_contain_text(name)


def test_the_list_of_meals_opens_without_a_network_and_not_for_somebody_else(phone):
    cut, other = phone(role="helper"), phone(role="organizer")
    cut.open("/repas/distribution/")
    other.open("/repas/distribution/")
    row = cut.page.locator("[data-person]").nth(5)
    until(cut.page, "navigator.serviceWorker.controller !== null")
    other.page.locator("[data-person]").nth(5).click()  # the stored list is the newest one
    expect(row).to_contain_text("Eve")
    until(cut.page, f"({KEPT})()")

    cut.expected = OFFLINE
    cut.context.set_offline(True)
    cut.page.reload()

    net = cut.page.locator("[data-meals-net]")
    expect(net).to_contain_text(re.compile("Pas de réseau.*la liste est celle de"))
    expect(row).to_contain_text("Eve")
    cut.page.locator("[data-person]").nth(6).click()
    expect(net).to_contain_text("1 changement à envoyer")
    cut.context.set_offline(False)
    expect(net).to_have_text("Tout est enregistré")
    expect(other.page.locator("[data-person]").nth(6)).to_contain_text("Tess")

    cut.context.clear_cookies()
    cut.open("/")
    until(cut.page, "caches.has('meals-handout').then((has) => !has)")
