"""Phones and tablets: text that is twice as large fits the screen, and a finger hits what it
presses.
"""

import contextlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.site import Person, Site, demo_site, running_site, until_fonts

type Account = dict[str, Any]
type SiteIn = Callable[[str], tuple[Site, list[Account]]]

PUBLISHED = """
from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from judging.ceremony.services import publication
edition = Edition.objects.current()
publication.publish(edition=edition, by=edition.organizers.first(), at=clock.now())
"""
AFTERWARDS = """
from datetime import timedelta
from hackathon.base.core import clock
from hackathon.event.editions import live
from hackathon.event.editions.models import Edition
edition, now = Edition.objects.current(), clock.now()
edition.starts_at, edition.deadline_at = now - timedelta(hours=15), now - timedelta(hours=1)
edition.judging_opens_at = now + timedelta(hours=8)
edition.save()
live.edition_changed(edition, changed=["deadline_at"], at=now)
"""
PLACES = """() => [
  [...document.querySelectorAll(".deposit-form")].find((form) => form.checkVisibility())
    .getBoundingClientRect().y + scrollY,
  document.documentElement.scrollHeight,
  [...document.querySelectorAll(".deliverable-fold:not([open])")].map((row) => row.offsetHeight),
]"""
OF_EVERYBODY = ["/accueil/", "/compte/connexion/", "/regles/", "/palmares/"]
OF_STUDENT = [
    *("/", "/equipe/", "/rendu/", "/sujets/", "/questions/", "/annonces/", "/palmares/"),
    *("/repas/", "/compte/"),
]
# Their text can be twice as large.
GROWING = {
    *(*OF_EVERYBODY, *OF_STUDENT, "/palmares/mon-equipe/", "/enveloppes/", "/scelle/"),
    *("/jury/", "/organisation/", "/pilotage/", "/appels/", "/client/"),
}
# Pages of organizers, of 60 teams: the greatest heights on a phone and on a laptop, in px. The
# demo has all extras: 16 more instants in « Horaires », blocks of the round and of presence.
LENGTHS = {
    "/pilotage/": (7250, 4500),
    "/organisation/editions/demo-running/personnes/": (4400, 3100),
    "/organisation/editions/demo-running/equipes/": (2300, 3600),
    "/organisation/editions/demo-running/etapes/": (3600, 2250),
    "/organisation/editions/demo-running/livrables/": (4800, 2000),
    "/organisation/editions/demo-running/accueil/": (3500, 2700),
}
# The innermost elements that are wider than the screen, with text twice as large.
WIDE = """() => {
  document.documentElement.style.fontSize = "200%";
  const { clientWidth, scrollWidth } = document.documentElement;
  const isOut = (element) =>
    element.checkVisibility() && element.getBoundingClientRect().right > clientWidth + 1;
  return scrollWidth <= clientWidth ? [] : [...document.querySelectorAll("body *")]
    .filter((element) => isOut(element) && ![...element.children].some(isOut))
    .map(({ localName, className, innerText }) => `${localName}.${className} ${innerText}`);
}"""
# What is pressed and drawn with a side below 44 px. Links within a sentence are left out; a box is
# as large as its label.
SMALL = """() => {
  const isText = (node) => node.textContent.trim() && (node.nodeType === Node.TEXT_NODE ||
    getComputedStyle(node).display === "inline" && !node.matches("a, button"));
  const isInSentence = (element) =>
    element.matches("a") && getComputedStyle(element).display === "inline" &&
    [...element.parentElement.childNodes].some((node) => node !== element && isText(node));
  const pressed = "a[href], button, summary, select, textarea, input:not([type=hidden])";
  return [...document.querySelectorAll(pressed)]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => !element.closest(".sr-only, .skip-link") && !isInSentence(element))
    .map((element) => [element, element.matches("input") && element.closest("label") || element])
    .map(([{ localName, className, innerText }, drawn]) => {
      const sides = [drawn.offsetWidth, drawn.offsetHeight];
      return [Math.min(...sides), `${localName}.${className} ${innerText} ${sides}`];
    })
    .filter(([side]) => side > 2 && side < 44)
    .map(([, text]) => text);
}"""


@pytest.fixture(scope="module")
def site_in() -> Iterator[SiteIn]:
    """A site in a phase of the demo, with its accounts; « ceremony » with published results."""
    with contextlib.ExitStack() as stack:

        @cache
        def site_in(phase: str) -> tuple[Site, list[Account]]:
            data, accounts = demo_site(phase)
            site = stack.enter_context(running_site(data))
            if phase == "ceremony":
                site.manage("shell", "-v0", "-c", PUBLISHED)
            return site, accounts

        yield site_in


def on_a_phone(chromium: Browser, site_in: SiteIn, phase: str, role: str) -> Person:
    site, accounts = site_in(phase)
    person = Person(chromium, site, width=375, height=812, has_touch=True)
    if role:
        account = next(each for each in accounts if each["role"] == role)
        person.sign_in(account["email"], account["password"])
    return person


@pytest.mark.parametrize(
    ("phase", "role", "paths"),
    [
        ("running", "", OF_EVERYBODY),
        (
            "running",
            "student",
            [*OF_STUDENT, "/questions/poser/", "/equipe/modifier/", "/agenda/", "/scelle/"],
        ),
        ("running", "juror", ["/", "/jury/", "/compte/", "/client/"]),
        ("running", "organizer", ["/organisation/", "/pilotage/", "/appels/"]),
        ("ceremony", "", OF_EVERYBODY),
        (
            "ceremony",
            "student",
            [*OF_STUDENT, "/palmares/mon-equipe/", "/enveloppes/", "/compte/sessions/"],
        ),
    ],
)
def test_what_a_finger_presses_is_large_and_text_twice_as_large_is_not_wider_than_the_screen(
    phase, role, paths, site_in, chromium
):
    """44 px wide and high."""
    person = on_a_phone(chromium, site_in, phase, role)

    small, wide = {}, {}
    for path in paths:
        person.open(path)
        until_fonts(person.page)
        small[path] = person.page.evaluate(SMALL)
        for width in (320, 375, 768) if path in GROWING else ():
            person.page.set_viewport_size({"width": width, "height": 812})
            wide[path, width] = person.page.evaluate(WIDE)

    person.context.close()
    assert {path: found for path, found in small.items() if found} == {}
    assert {place: found for place, found in wide.items() if found} == {}


def test_what_is_to_hand_in_is_on_the_first_screen(chromium):
    """In the evening and after the deadline, of a team without a deposit and of one that has all
    that was due: y of the first form, and the height of the page.
    """
    data, accounts = demo_site("running")
    places = {}
    with running_site(data) as site:
        for moment in ("", AFTERWARDS):
            if moment:
                site.manage("shell", "-v0", "-c", moment)
            for team in ("404", "Les Five"):
                account = next(one for one in accounts if one["team"] == team)
                person = Person(chromium, site, width=375, height=812, has_touch=True)
                person.sign_in(account["email"], account["password"])
                person.open("/rendu/")
                until_fonts(person.page)
                places[bool(moment), team] = person.page.evaluate(PLACES)
                person.context.close()

    assert places[False, "404"][0] <= 420
    assert places[False, "404"][1] <= 2000
    assert places[True, "Les Five"][0] <= 420
    rows = [height for *_, heights in places.values() for height in heights]
    assert len(rows) == 8
    assert max(rows) <= 80


@pytest.mark.parametrize("path", LENGTHS)
def test_long_lists_of_organizers_are_rows(path, site_in, chromium):
    person = on_a_phone(chromium, site_in, "running", "organizer")
    heights = {}
    for width, most in zip((375, 1280), LENGTHS[path], strict=True):
        person.page.set_viewport_size({"width": width, "height": 812})
        person.open(path)
        until_fonts(person.page)
        heights[width] = person.page.evaluate("document.documentElement.scrollHeight"), most

    person.context.close()
    assert {width: found for width, found in heights.items() if found[0] > found[1]} == {}


def test_my_account_is_a_short_list_with_what_destroys_at_its_end(site_in, chromium):
    """Within one and a half screens of a phone, and one screen of a laptop, once the brief was
    read.
    """
    person = on_a_phone(chromium, site_in, "running", "student")
    person.open("/compte/")
    until_fonts(person.page)
    person.page.evaluate("document.querySelector('#unread-brief').remove()")
    links = person.page.locator("main :is(a, summary, button):visible")
    last = person.page.get_by_role("link", name="Supprimer mon compte")

    on_phone = last.bounding_box()
    texts = links.all_inner_texts()
    person.page.set_viewport_size({"width": 1366, "height": 768})
    on_laptop = last.bounding_box()
    person.page.locator("#name > summary").press("Enter")
    person.page.set_viewport_size({"width": 375, "height": 812})
    person.fill(name="Ada Lovelace")
    person.press("Enregistrer")
    person.expect_text("Nom enregistré.")

    person.context.close()
    assert on_phone
    assert on_laptop
    assert on_phone["y"] + on_phone["height"] <= 1.6 * 812
    assert on_laptop["y"] + on_laptop["height"] <= 768
    assert texts[-1].strip() == "Supprimer mon compte"
    assert len(texts) <= 18
