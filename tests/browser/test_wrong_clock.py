from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser

from tests.browser.edition_setup import PASSWORD, Organizer
from tests.browser.open_pages import all_right, open_page
from tests.browser.page_scripts import BACKGROUND, SLEEP, WRONG_CLOCK
from tests.browser.site import Person, Site, until
from tests.waiting import wait_until

SLOW_CLOCK = WRONG_CLOCK.replace("600_000", "-600_000")
ASLEEP = f"{BACKGROUND};{SLEEP}"


@pytest.mark.parametrize(
    "script", [WRONG_CLOCK, SLOW_CLOCK, ASLEEP], ids=["fast-clock", "slow-clock", "asleep"]
)
def test_the_deadline_passes_with_a_wrong_or_stopped_clock(
    script: str, chromium: Browser, edition_site: Site, organizer: Organizer
) -> None:
    organizer.end_in(hours=1)
    person = Person(chromium, edition_site, width=1280, height=800)
    person.sign_in("ada@example.org", PASSWORD)
    page = open_page(person, "/rendu/", script)
    deadline = organizer.end_in(seconds=4)
    if script == ASLEEP:  # in a background tab, for an hour by its own clock
        page.page.evaluate("background.hide()")
        wait_until(lambda: datetime.now(UTC) > deadline)
        page.page.evaluate("slept.by = 3_600_000")
        page.page.evaluate("background.show()")

    until(page.page, "document.querySelector('#deposits-rule').dataset.accepts === 'no'")

    all_right([page])
    person.context.close()
