"""The contract of the clock: an old page and the instants that have passed are a fresh page.

Nothing is asked of the server: what a page shows after its next instants is in it. The briefs are
not: they are secret until their instant, and are sent then (test_fragments.py).
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.day.announcements.models import Announcement
from hackathon.day.questions.models import Publication
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import grace_ends_at
from submissions.models import Deliverable
from tests.extras import gathered
from tests.site.open_page import Page

PAGES = {
    "": ["home", "submissions:public-seals", "judging:palmares", "judging:envelopes"],
    "ada": [
        "home",
        "teams:mine",
        "submissions:deposits",
        "announcements:list",
        "questions:list",
    ],
    "nina": ["home", "teams:mine"],  # in no team
    "eve": ["announcements:list", "submissions:public-seals"],
}
INSTANTS: dict[str, Callable[[Edition], datetime]] = {
    "registration_opens": lambda edition: edition.registration_opens_at,
    "registration_closes": lambda edition: edition.registration_closes_at,
    "launch": lambda edition: edition.starts_at,
    **gathered("instants"),
    "deadline": lambda edition: edition.deadline_at,
    "grace": grace_ends_at,
    # Of Ada's team, which has an extension.
    "own_grace": lambda edition: grace_ends_at(edition, delay=timedelta(minutes=10)),
    # Of a deliverable that is due on the next day.
    "own_opens": lambda edition: edition.deadline_at + timedelta(hours=10),
    "own_due": lambda edition: edition.deadline_at + timedelta(hours=13),
    "own_due_grace": lambda edition: grace_ends_at(edition, delay=timedelta(hours=13)),
    "judging": lambda edition: edition.judging_opens_at,
}


def shown(page: Page) -> str:
    """What a person sees, without the time that is left (js/countdown.js, js/sky.js)."""
    text = re.sub(r"<template\b.*?</template>", "", page.text)
    text = re.sub(
        r"(<time[^>]*\bdata-countdown\b[^>]*>).*?</time>", r"\1</time>", text, flags=re.DOTALL
    )
    text = re.sub(r'(data-slot="left">)[^<]*', r"\1", text)
    text = re.sub(r'class="countdown[^"]*"', "", text)
    # A message says that there is a brief.
    text = re.sub(r'<div id="unread-brief".*?</div>', "", text, flags=re.DOTALL)
    text = re.sub(r"<p[^>]*data-day-next.*?</p>", "", text, flags=re.DOTALL)
    return re.sub(r'data-(state|at)="[^"]*"| is-next', "", text)


def test_old_pages_whose_instants_have_passed_are_fresh_pages(
    world, edition, site_link, pixels, ada, client_of
):
    """A page of the beginning, and one of after each instant, is compared at all that follow."""
    User.objects.create_user("nina@example.org", "password", name="Nina")
    people = {name: User.objects.filter(email=f"{name}@example.org").first() for name in PAGES}
    browsers = {name: client_of(user) if user else Client() for name, user in people.items()}
    Deliverable.objects.create(
        department=site_link.department,
        name="Présentation",
        kind="link",
        opens_at=INSTANTS["own_opens"](edition),
        due_at=INSTANTS["own_due"](edition),
        position=9,
    )
    # What is published meanwhile comes with a message.
    Announcement.objects.update(published_at=edition.registration_opens_at - timedelta(days=1))
    Publication.objects.update(published_at=edition.registration_opens_at - timedelta(days=1))
    opened = [(name, reverse(page)) for name, pages in PAGES.items() for page in pages]
    instants = sorted((of(edition), instant) for instant, of in INSTANTS.items())

    def pages_at(now: datetime) -> dict[tuple[str, str], Page]:
        with time_machine.travel(now, tick=False):
            return {(name, url): Page(browsers[name], url) for name, url in opened}

    old = [("the beginning", pages_at(instants[0][0] - timedelta(minutes=1)))]
    for at, instant in instants:
        now = at + timedelta(seconds=1)
        new = pages_at(now)
        fresh = {key: shown(page) for key, page in new.items()}
        for since, pages in old:
            for (name, url), page in pages.items():
                page.pass_instants(now)

                assert shown(page) == fresh[name, url], (name or "anybody", url, since, instant)
        old.append((instant, new))
