from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.site import ADMIN, Person, Site, until_live

pytestmark = pytest.mark.browser

LAST_HOUR = """
from datetime import timedelta
from hackathon.core import clock
from hackathon.editions.models import Department, Edition
from submissions.models import Deliverable
from teams.models import Team
at = clock.now()
edition = Edition.objects.create(
    slug="ccd", name="CCD", is_current=True, registration_opens_at=at - timedelta(days=1),
    registration_closes_at=at + timedelta(minutes=30), starts_at=at - timedelta(hours=12),
    deadline_at=(at + timedelta(minutes=40)).replace(second=0, microsecond=0),
    judging_opens_at=at + timedelta(hours=10),
)
department = Department.objects.create(edition=edition, code="INFO", name="Informatique")
Deliverable.objects.create(department=department, name="Site", kind="link")
Team.objects.bulk_create(
    Team(edition=edition, department=department, name=f"Équipe {n}", registered_at=at, room=f"2{n}")
    for n in range(9)
)
"""


def test_the_last_hour_from_a_phone(site: Site, person: Callable[..., Person]) -> None:
    """What is wrong is on the first screen; each act shows what it does, takes few taps, and a
    move is undone.
    """
    site.manage("shell", "-v0", "-c", LAST_HOUR)
    organizer = person(375, 740)
    organizer.sign_in(*ADMIN)
    page = organizer.page
    page.goto("/pilotage/")
    until_live(page)

    wrong = page.locator("#block-wrong")
    expect(wrong).to_contain_text("9 équipes n’ont rien rendu")
    box = wrong.bounding_box()
    assert box is not None
    assert box["y"] < 300
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    organizer.shot("derniere-heure")

    wrong.get_by_text("Prévenir").click()
    page.locator("dialog[open]").get_by_text("Prévenir les 9").click()
    expect(page.locator("#dialogs")).to_contain_text("Message envoyé : 9 équipes.")
    expect(page.locator("#latest-announcements .announcement")).to_have_count(1)
    expect(page.locator("#block-reach")).to_contain_text("9 équipes sans page ouverte")

    deadline = page.locator("#block-day .moment").filter(has_text="Rendu des travaux")
    before = deadline.locator("time").inner_text()
    deadline.get_by_text("décaler").click()
    page.locator("dialog[open] .quick button").nth(1).click()
    expect(deadline.locator("time")).not_to_have_text(before)
    bar = page.locator("#block-undo")
    expect(bar).to_contain_text(f"Heure limite {before} →")
    organizer.shot("annuler")
    bar.get_by_role("button").click()
    expect(deadline.locator("time")).to_have_text(before)
    expect(bar).to_be_hidden()
