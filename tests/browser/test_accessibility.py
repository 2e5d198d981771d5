"""axe and the layout of every page of every role. The accessibility statement says what was found:
`CCD_WRITE_ACCESSIBILITY=1` with `-n0` writes it to `hackathon/day/site/accessibility.json`.
"""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser

from hackathon.day.site.views.pages import FOUND
from tests.browser.axe import AXE, Walk, nothing
from tests.browser.site import Person, Site, demo_site, running_site

TOOL = f"axe-core {json.loads(AXE.joinpath('package.json').read_text())['version']}"
PHONE = {"width": 375, "height": 812}
type Account = dict[str, Any]
# By phase of the demo: who walks. "" is signed out.
ROLES = {
    "running": ("", "student", "organizer", "client", "helper"),
    "judging": ("juror", "president"),
    "ceremony": ("student", "organizer"),
    "published": ("", "student", "organizer", "juror", "president"),
}
# Before the walk of a phase. A moment of the day comes near the deadline.
BEFORE = {
    "running": """
from hackathon.event.editions.models import Edition, Milestone
e = Edition.objects.current()
Milestone.objects.create(edition=e, kind="visits", at=e.deadline_at - (e.deadline_at - e.starts_at)
    * 0.2, label="Le client passe dans les groupes")
""",
    "published": """
from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from judging.ceremony.services import publication
edition = Edition.objects.current()
publication.publish(edition=edition, by=edition.organizers.first(), at=clock.now())
""",
}
# The control room on a phone: where the first window of a team is, and how high the line of the
# header is, in px.
CONTROL_ROOM = """() => ({
    header: document.querySelector(".sky-bar").getBoundingClientRect().height,
    windows: Math.min(...[...document.querySelectorAll("main .window")]
      .filter((element) => element.checkVisibility())
      .map((element) => element.getBoundingClientRect().top + scrollY)),
})"""
# Sides of the windows and links that a finger presses there, in px.
WINDOWS = """() => [...document.querySelectorAll(
      "main .windows > a, main .stat a, main .jury .progress-line a")]
    .filter((element) => element.checkVisibility())
    .flatMap((element) => [element.offsetWidth, element.offsetHeight])"""


@pytest.fixture(scope="module")
def walk() -> Walk:
    return Walk()


@pytest.fixture(scope="module")
def site_in(request) -> Iterator[tuple[Site, list[Account]]]:
    """A site in a phase, one for all roles, with the accounts of its demo."""
    phase = request.param
    data, accounts = demo_site("ceremony" if phase == "published" else phase)
    with running_site(data) as site:
        if phase in BEFORE:
            site.manage("shell", "-v0", "-c", BEFORE[phase])
        yield site, accounts


@pytest.mark.parametrize(
    ("site_in", "role"),
    [(phase, role) for phase, roles in ROLES.items() for role in roles],
    indirect=["site_in"],
)
def test_pages_answer_and_have_no_serious_defect(site_in, role, walk, chromium, request):
    case = request.node.callspec.id.replace("-", " ").strip()
    site, accounts = site_in
    person = person_of(role, accounts, chromium, site)

    pages, found = walk.go(person, ["/"], case)

    person.context.close()
    assert found == nothing()
    statement = json.loads(FOUND.read_text())
    if "CCD_WRITE_ACCESSIBILITY" in os.environ:
        at = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
        statement |= {"checked_on": at.isoformat(), "tool": TOOL, "violations": []}
        statement["pages"][case] = sorted(pages)
        FOUND.write_text(json.dumps(statement, indent=1) + "\n")
    assert statement["tool"] == TOOL
    assert statement["violations"] == []
    # The statement names each page that was looked at, and no other.
    assert sorted(pages) == statement["pages"][case]


@pytest.mark.parametrize("site_in", ["running"], indirect=True)
def test_the_control_room_on_a_phone_begins_with_the_windows(site_in, chromium):
    site, accounts = site_in
    person = person_of("organizer", accounts, chromium, site)
    person.open("/pilotage/")
    found = person.page.evaluate(CONTROL_ROOM)
    touch = person.context.new_cdp_session(person.page)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    sides = person.page.evaluate(WINDOWS)
    person.context.close()

    assert found["header"] <= 64  # one line
    assert found["windows"] <= 2 * 812  # within two screens
    assert min(sides) >= 44


# The middles of the icon and of the first line of the text, from the top of the window.
SEAL = """() => {
  const seal = document.querySelector(".deposits-seal");
  const text = document.createRange();
  text.selectNodeContents(seal.querySelector("span"));
  const middle = ({ top, bottom }) => (top + bottom) / 2;
  return [seal.querySelector("svg").getBoundingClientRect(), text.getClientRects()[0]].map(middle);
}"""


@pytest.mark.parametrize("site_in", ["judging"], indirect=True)
def test_the_icon_of_the_seal_stands_at_its_first_line(site_in, chromium):
    site, accounts = site_in
    person = person_of("student", accounts, chromium, site)
    person.open("/rendu/")

    icon, line = person.page.evaluate(SEAL)

    person.context.close()
    assert abs(icon - line) <= 5


def person_of(role: str, accounts: list[Account], chromium: Browser, site: Site) -> Person:
    """Signed in with the account of the demo for this role, on a phone."""
    person = Person(chromium, site, **PHONE)
    if role:
        account = next(each for each in accounts if each["role"] == role)
        person.sign_in(account["email"], account["password"])
    return person
