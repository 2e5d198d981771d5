from playwright.sync_api import Browser

from tests.browser.site import Person, demo_site, running_site, until_fonts

AFTERWARDS = """
from datetime import timedelta
from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
edition, now = Edition.objects.current(), clock.now()
edition.starts_at, edition.deadline_at = now - timedelta(hours=15), now - timedelta(hours=1)
edition.judging_opens_at = now + timedelta(hours=8)
edition.save()
"""
PLACES = """() => [
  [...document.querySelectorAll(".deposit-form")].find((form) => form.checkVisibility())
    .getBoundingClientRect().y + scrollY,
  document.documentElement.scrollHeight,
  [...document.querySelectorAll(".deliverable-fold:not([open])")].map((row) => row.offsetHeight),
]"""


def test_what_is_to_hand_in_is_on_the_first_screen(chromium: Browser) -> None:
    """In the evening and after the deadline, of a team without a deposit and of one that has all
    that was due: y of the first form, and the height of the page.
    """
    data, accounts = demo_site("running")
    places = {}
    with running_site(data) as site:
        for moment in ("", AFTERWARDS):
            if moment:
                site.manage("shell", "-v0", "-c", moment)
            for team in ("404", "Com’unik"):
                account = next(one for one in accounts if one["team"] == team)
                person = Person(chromium, site, width=375, height=812, has_touch=True)
                person.sign_in(account["email"], account["password"])
                person.open("/rendu/")
                until_fonts(person.page)
                places[bool(moment), team] = person.page.evaluate(PLACES)
                person.context.close()

    assert places[False, "404"][0] <= 420
    assert places[False, "404"][1] <= 2000
    assert places[True, "Com’unik"][0] <= 420
    rows = [height for *_, heights in places.values() for height in heights]
    assert len(rows) == 8
    assert max(rows) <= 80
