"""The scene « Le sujet » in the projectors of two amphitheatres."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import module, until_equal

CLIENT = "Grande Épicerie"
TITLE = "Le catalogue de demain"
ADA = "ada@example.org"
SLIDE = 5000  # ms
CLIENT_MS = 8000

PREPARE = f"""
from datetime import timedelta
from hackathon.base.accounts.models import User
from hackathon.base.core import clock
from hackathon.base.core.received_files import received_file
from hackathon.run.demo import content
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services import briefs
from hackathon.extras.brief_scene import services
from hackathon.day.stage.models import Projector
from hackathon.day.stage.projectors import services as projectors
by, now = User.objects.get(email="eve@example.org"), clock.now()
Edition.objects.update(client="{CLIENT}")
edition = Edition.objects.get()
briefs.save(
    department=Department.objects.get(), title="{TITLE}", body="Tout.",
    published_at=now + timedelta(seconds=%(seconds)s), by=by, at=now,
)
Projector.objects.all().delete()
for name in ("Amphi Est", "Amphi Ouest"):
    print(projectors.save(edition=edition, name=name, room="", by=by, at=now).key)
edition.screen_choices.all().delete()
services.save(
    edition=edition, slide_seconds={SLIDE // 1000}, works_offline=%(offline)s, by=by, at=now,
    file=received_file(content.pdf("Diapositives", "{CLIENT}", seed=3), "client.pdf"),
)
assert services.pack(edition.pk, at=now)
"""
# Milliseconds until the instant, by the page's estimate of the server's time.
LEFT = f"""{module("clock")}.then(({{ serverNow }}) =>
    Date.parse(document.querySelector("[data-brief-countdown] time").dateTime) - serverNow())"""


@pytest.fixture
def prepared(edition_site) -> Callable[..., list[str]]:
    def prepare(seconds: int, *, offline: bool = True) -> list[str]:
        code = PREPARE % {"seconds": seconds, "offline": offline}
        return edition_site.manage("shell", "-v0", "-c", code).split()[-2:]

    return prepare


def show(page: Page) -> Any:
    return page.locator("[data-show]")


def until_ready(page: Page) -> None:
    """On a stopped page."""

    def state() -> Any:
        page.clock.run_for(200)
        return show(page).get_attribute("data-state")

    until_equal(page, state, "ready")


def test_two_projectors_show_the_brief_at_its_instant_without_a_network(visit, prepared):
    pages = [visit(path=f"/projection/{key}/", stopped=True) for key in prepared(300)]
    for page in pages:
        until_ready(page)
        assert CLIENT not in page.content()
        assert TITLE not in page.content()
    for page in pages:
        page.context.set_offline(True)

    for page in pages:
        page.clock.run_for(round(page.evaluate(LEFT)) - 500)
        expect(show(page)).to_be_hidden()
        assert TITLE not in page.content()
        page.clock.run_for(1000)
        expect(show(page)).to_contain_text(CLIENT)
        page.clock.run_for(CLIENT_MS)
        expect(show(page)).to_have_attribute("data-step", "slide")
        assert page.evaluate("document.querySelector('[data-show] img').naturalWidth") > 0
        page.clock.run_for(10 * SLIDE)
        expect(show(page)).to_contain_text(TITLE)


def test_the_brief_appears_on_projectors_and_on_open_pages(visit, prepared):
    keys = prepared(8, offline=False)
    named = [visit(path=f"/projection/{key}/") for key in keys]
    plain = visit(path="/ecran/")
    student = visit(path="/sujets/", email=ADA)

    for page in named:
        expect(show(page)).to_contain_text(CLIENT)
    expect(plain.locator("#brief-out")).to_contain_text(TITLE)
    expect(student.locator("main")).to_contain_text(TITLE)


def test_a_projector_that_is_opened_later_joins_where_the_others_are(visit, prepared):
    key, _other = prepared(-300)

    page = visit(path=f"/projection/{key}/")

    expect(show(page)).to_have_attribute("data-step", "titles")
    expect(show(page)).to_contain_text(TITLE)


def test_the_arrow_keys_turn_the_slides_of_one_machine(visit, prepared):
    key, _other = prepared(-300)
    page = visit(path=f"/projection/{key}/")
    expect(show(page)).to_have_attribute("data-step", "titles")

    page.keyboard.press("ArrowLeft")
    expect(show(page)).to_have_attribute("data-step", "slide")
    page.keyboard.press("ArrowRight")
    expect(show(page)).to_have_attribute("data-step", "titles")
