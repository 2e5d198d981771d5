"""axe over the pages of every role. The accessibility statement says what was found:
`CCD_WRITE_ACCESSIBILITY=1` writes it to `hackathon/site/accessibility.json`, of the slow tests the
number of their pages.
"""

import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError

from hackathon.site.views.pages import FOUND
from tests.browser.site import Person, demo_site, running_site, until

pytestmark = pytest.mark.browser

AXE = Path(settings.BASE_DIR, "node_modules", "axe-core")
WRITES = "CCD_WRITE_ACCESSIBILITY" in os.environ
ROLES = ("", "student", "organizer", "juror", "president", "client", "helper")
PAGES: dict[str, tuple[str, ...]] = {
    "": (
        *(
            "/",
            "/compte/connexion/",
            "/compte/mot-de-passe/oublie/",
            "/compte/connexion/code-d-entree/",
        ),
        *("/regles/", "/contact/", "/accessibilite/", "/donnees/"),
        *("/scelle/", "/enveloppes/", "/recus/"),
    ),
    "student": (
        *("/rendu/", "/equipe/", "/equipe/quitter/", "/equipe/capitaine/", "/equipe/modifier/"),
        *("/equipe/e-mails/", "/questions/", "/questions/poser/", "/sujets/", "/sujets/INFOCOM/"),
        *("/annonces/", "/compte/", "/compte/donnees/", "/compte/accords/"),
    ),
    "organizer": (
        *("/pilotage/", "/organisation/equipes/", "/organisation/", "/appels/"),
        *("/organisation/delais/", "/organisation/depots/", "/questions/file/"),
    ),
    "juror": ("/jury/",),
    "president": ("/jury/INFOCOM/deliberation/", "/jury/INFOCOM/suivi/"),
    "client": ("/jury/", "/questions/file/"),
    "helper": ("/appels/",),
}
# Of axe's rules those that can find something else in a wider window.
LAYOUT = ["link-name", "button-name", "scrollable-region-focusable"]
# The whole matrix: every page that a person reaches by links, in each size and theme.
MATRIX = [
    *(("running", role) for role in ("", "student", "organizer", "client", "helper")),
    *(("judging", role) for role in ("juror", "president")),
    *(("ceremony", role) for role in ("", "student", "juror", "president")),
]
SIZES = (375, 1024, 1920)
LINKS = """() => [...document.querySelectorAll("a[href]")]
    .filter((a) => a.origin === location.origin && !a.matches("[download], [target=_blank]"))
    .map((a) => a.pathname)"""
# Files, the admin with its own look, and what ends the session.
NO_PAGE = re.compile(
    r"\.\w+$|/(contenu|apercu|copie|images|static|deconnexion|admin|api)/|\.zip|/export"
)
# axe's impacts that the statement counts.
RUN = """async (rules) => {
    const options = rules ? { runOnly: { type: "rule", values: rules } } : {};
    const { violations } = await axe.run(document, { ...options, resultTypes: ["violations"] });
    return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
      .flatMap(({ id, nodes }) => nodes.map(({ any, target }) => {
        const { fgColor, bgColor } = any[0]?.data ?? {};
        return `${id}: ${target.join(" ")}${fgColor ? ` ${fgColor} on ${bgColor}` : ""}`;
      }));
}"""
# Waits until transitions of colours have ended. The animation of the projector has no end.
AT_REST = """document.getAnimations().every((one) => one.playState !== "running"
    || one.effect.getTiming().iterations === Infinity)"""
TRANSITIONS = """document.getAnimations().filter((one) => one instanceof CSSTransition)
    .map((one) => one.transitionProperty)"""
# What is pressed is at least 44 px high, with the transparent border that enlarges some of it, and
# the links of the header are as wide. Links within a sentence are not.
SMALL = """() => [...document.querySelectorAll("main button, main a.button, main summary,"
      + "main .links a, main .card-head a, main .team-line-tick,"
      + "header button, header a, footer a"),
      ...[...document.querySelectorAll("main p > a")]
      .filter((link) => link.textContent.trim() === link.parentElement.textContent.trim())]
    .filter((element) => element.checkVisibility() && !element.closest(".sr-only"))
    .filter((element) => {
        const { width, height } = element.getBoundingClientRect();
        const [before, after] = ["::before", "::after"].map((which) =>
          Math.min(0, parseFloat(getComputedStyle(element, which).top) || 0));
        return width > 0 && (height - 2 * Math.min(before, after) < 43.9
          || element.matches(".nav a, .brand") && width < 43.9);
    }).map((element) => element.outerHTML.slice(0, 120))"""
# Whether the page is wider than its window once everything in it is unfolded.
WIDE = """() => {
    for (const more of document.querySelectorAll("main details.more")) more.open = true;
    return document.documentElement.scrollWidth > document.documentElement.clientWidth;
}"""
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
OVERLAPS = """() => {
    const labels = [...document.querySelectorAll("#day .day-time, #day .day-label")]
      .filter((element) => element.checkVisibility())
      .map((element) => { const range = document.createRange(); range.selectNodeContents(element);
        return [element.textContent, range.getBoundingClientRect()]; })
      .filter(([, { width }]) => width > 0);
    return labels.flatMap(([a, one], n) => labels.slice(n + 1)
      .filter(([, other]) => one.left < other.right && other.left < one.right
        && one.top < other.bottom && other.top < one.bottom).map(([b]) => `${a} / ${b}`));
}"""


def violations_of(page: Page, path: str) -> list[str]:
    page.emulate_media(reduced_motion="reduce")
    answer = page.goto(path)
    assert answer is not None
    assert answer.ok, path
    page.evaluate(AXE.joinpath("axe.min.js").read_text())
    until(page, AT_REST)
    found = page.evaluate(RUN, None)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert page.evaluate(TRANSITIONS) == []  # as the person wishes
    until(page, AT_REST)
    found += [f"{one} (dark)" for one in page.evaluate(RUN, ["color-contrast"])]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    for width in SIZES[1:]:
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{one} ({width})" for one in page.evaluate(RUN, LAYOUT)]
    page.set_viewport_size({"width": SIZES[0], "height": 812})
    return [f"{path} {one}" for one in found]


def matrix_of(page: Page, path: str) -> list[str]:
    found = []
    for width in SIZES:
        page.set_viewport_size({"width": width, "height": 900})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            until(page, AT_REST)
            where = f"{path} ({width}, {theme})"
            found += [f"{where} {one}" for one in page.evaluate(RUN, None)]
        found += [f"{path} ({width}) small: {one}" for one in page.evaluate(SMALL)]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.parametrize(("phase", "role"), MATRIX)
def test_no_page_of_any_role_has_a_defect_in_any_size_and_theme(
    chromium: Browser, phase: str, role: str
) -> None:
    """Of pages that differ in numbers and names only, the first one is looked at."""
    data, accounts = demo_site(phase)
    found: list[str] = []
    with running_site(data) as site:
        person = Person(chromium, site, width=SIZES[-1], height=900)
        if role:
            account = next(a for a in accounts if a["role"] == role)
            person.sign_in(account["email"], account["password"])
        seen: set[str] = set()
        waiting = ["/", *PAGES[role]]
        while waiting:
            path = waiting.pop(0)
            kind = re.sub(r"/(\d+|demo-[\w-]+|[A-Z][A-Z-]+)(?=/|$)", "/x", path)
            if kind in seen or NO_PAGE.search(path):
                continue
            seen.add(kind)
            try:
                person.page.goto(path)
            except PlaywrightError:  # a file
                continue
            person.page.evaluate(AXE.joinpath("axe.min.js").read_text())
            waiting += person.page.evaluate(LINKS)
            found += matrix_of(person.page, path)
        person.context.close()
    case = f"{phase} {role}".strip()
    if WRITES:
        said = json.loads(FOUND.read_text())
        write_statement({**said, "walks": {**said.get("walks", {}), case: len(seen)}})

    assert found == []
    assert 3 < json.loads(FOUND.read_text())["walks"][case] <= len(seen)


@pytest.fixture(scope="module")
def found(chromium: Browser) -> dict[str, Any]:
    data, accounts = demo_site("running")
    found: dict[str, Any] = {"violations": [], "small": [], "wide": [], "overlaps": []}
    with running_site(data) as site:
        # The deadline is moved near the moment before it.
        site.manage(
            *("shell", "-v0", "-c"),
            "from datetime import timedelta\n"
            "from hackathon.editions.models import Edition, Milestone\n"
            "e = Edition.objects.current()\n"
            "Milestone.objects.create(edition=e, kind='visits', at=e.deadline_at -"
            " (e.deadline_at - e.starts_at) * 0.2, label='Le client passe dans les groupes')",
        )
        for role in ROLES:
            person = Person(chromium, site, width=375, height=812)
            if role:
                account = next(a for a in accounts if a["role"] == role)
                person.sign_in(account["email"], account["password"])
            for path in PAGES[role]:
                found["violations"] += violations_of(person.page, path)
                found["small"] += [f"{path} {one}" for one in person.page.evaluate(SMALL)]
                if path == "/pilotage/":
                    found["control_room"] = person.page.evaluate(CONTROL_ROOM)
                    touch = person.context.new_cdp_session(person.page)
                    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
                    found["control_room"]["sides"] = person.page.evaluate(WINDOWS)
                    touch.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
                found["wide"] += [path] if person.page.evaluate(WIDE) else []
            if not role:
                for width in (1024, 1366, 1920):
                    person.page.set_viewport_size({"width": width, "height": 800})
                    person.open("/")
                    found["overlaps"] += person.page.evaluate(OVERLAPS)
            person.context.close()
    return found


def test_no_page_has_a_serious_defect_that_axe_finds(found: dict[str, Any]) -> None:
    assert found["violations"] == []


def test_what_is_pressed_is_large_enough(found: dict[str, Any]) -> None:
    assert found["small"] == []


def test_no_page_is_wider_than_a_phone(found: dict[str, Any]) -> None:
    assert found["wide"] == []


def test_the_control_room_on_a_phone_begins_with_the_windows(found: dict[str, Any]) -> None:
    assert found["control_room"]["header"] <= 64  # one line
    assert found["control_room"]["windows"] <= 2 * 812  # within two screens
    assert min(found["control_room"]["sides"]) >= 44


def test_labels_of_the_day_do_not_overlap(found: dict[str, Any]) -> None:
    assert found["overlaps"] == []


def test_the_statement_says_what_was_found(found: dict[str, Any]) -> None:
    version = json.loads(AXE.joinpath("package.json").read_text())["version"]
    now = {
        "tool": f"axe-core {version}",
        "pages": sorted({path for role in ROLES for path in PAGES[role]}),
        "violations": found["violations"],
    }
    if WRITES:
        write_statement({**json.loads(FOUND.read_text()), **now})

    said = json.loads(FOUND.read_text())

    assert {name: said[name] for name in now} == now
    assert set(said["walks"]) == {f"{phase} {role}".strip() for phase, role in MATRIX}


def write_statement(said: dict[str, Any]) -> None:
    at = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
    FOUND.write_text(json.dumps({**said, "checked_on": at.isoformat()}, indent=1) + "\n")
