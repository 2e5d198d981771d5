"""axe and the layout of every page of every role. The accessibility statement says what was found:
`CCD_WRITE_ACCESSIBILITY=1` writes it to `hackathon/site/accessibility.json`.
"""

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser

from hackathon.site.views.pages import FOUND
from tests.browser.axe import AXE, Walk
from tests.browser.site import Person, demo_site, running_site

pytestmark = pytest.mark.browser

PHONE = {"width": 375, "height": 812}
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
from hackathon.editions.models import Edition, Milestone
e = Edition.objects.current()
Milestone.objects.create(edition=e, kind="visits", at=e.deadline_at - (e.deadline_at - e.starts_at)
    * 0.2, label="Le client passe dans les groupes")
""",
    "published": """
from hackathon.core import clock
from hackathon.editions.models import Edition
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


@dataclass
class Found:
    walk: Walk = field(default_factory=Walk)
    control_room: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="module")
def found(chromium: Browser) -> Found:
    found = Found()
    for phase, roles in ROLES.items():
        data, accounts = demo_site("ceremony" if phase == "published" else phase)
        with running_site(data) as site:
            if phase in BEFORE:
                site.manage("shell", "-v0", "-c", BEFORE[phase])
            for role in roles:
                person = Person(chromium, site, **PHONE)
                if role:
                    account = next(a for a in accounts if a["role"] == role)
                    person.sign_in(account["email"], account["password"])
                found.walk.go(person, ["/"], f"{phase} {role}".strip())
                if (phase, role) == ("running", "organizer"):
                    found.control_room = control_room(person)
                person.context.close()
    return found


def control_room(person: Person) -> dict[str, Any]:
    person.page.set_viewport_size(PHONE)
    person.open("/pilotage/")
    found = person.page.evaluate(CONTROL_ROOM)
    touch = person.context.new_cdp_session(person.page)
    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    return {**found, "sides": person.page.evaluate(WINDOWS)}


def test_every_page_that_a_link_leads_to_answers(found: Found) -> None:
    assert found.walk.found["unanswered"] == []


def test_no_page_has_a_serious_defect_that_axe_finds(found: Found) -> None:
    assert found.walk.found["violations"] == []


def test_what_is_pressed_is_large_enough(found: Found) -> None:
    assert found.walk.found["small"] == []


def test_no_page_is_wider_than_its_window(found: Found) -> None:
    assert found.walk.found["wide"] == []


def test_labels_of_the_day_do_not_overlap(found: Found) -> None:
    assert found.walk.found["overlaps"] == []


def test_the_control_room_on_a_phone_begins_with_the_windows(found: Found) -> None:
    assert found.control_room["header"] <= 64  # one line
    assert found.control_room["windows"] <= 2 * 812  # within two screens
    assert min(found.control_room["sides"]) >= 44


def test_the_statement_says_what_was_found(found: Found) -> None:
    version = json.loads(AXE.joinpath("package.json").read_text())["version"]
    now = {"tool": f"axe-core {version}", "violations": found.walk.found["violations"]}
    if "CCD_WRITE_ACCESSIBILITY" in os.environ:
        at = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
        said = {"checked_on": at.isoformat(), **now, "pages": sorted(found.walk.pages)}
        FOUND.write_text(json.dumps(said, indent=1) + "\n")

    said = json.loads(FOUND.read_text())

    assert {name: said[name] for name in now} == now
    assert set(said["pages"]) <= found.walk.pages
