"""A form that comes back with errors, in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.site import ADMIN, Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def test_one_goes_on_typing_where_something_is_to_be_mended(
    person: Callable[..., Person],
) -> None:
    organizer = person(1024, 768)
    organizer.sign_in(*ADMIN)
    organizer.open("/organisation/editions/nouvelle/")
    organizer.fill(name="Crazy Charly Day", day="2027-02-11", timezone="Europe/Pariss")

    organizer.press("Créer l’édition")

    zone = organizer.page.locator("main [name=timezone]")
    organizer.sees("Fuseau inconnu")
    expect(zone).to_be_focused()
    expect(zone).to_have_value("Europe/Pariss")
    expect(organizer.page.locator("main [name=name]")).to_have_value("Crazy Charly Day")
    organizer.errors.clear()  # Chromium complains of the 422 that says so
