"""The pictures of the guide: what an organizer prepares and watches, and what the hall sees."""

from collections.abc import Set
from itertools import chain

from playwright.sync_api import Browser

from tests.film.camera import DESKTOP, Camera, stage

EDITION = (
    "from hackathon.event.editions.models import Edition; print(Edition.objects.current().slug)"
)
AT_THE_FIRST_WINNERS = """
from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from judging.ceremony.selectors.state import ceremony_state
from judging.ceremony.services import screens
from judging.ceremony.steps import StepKind
edition, at = Edition.objects.current(), clock.now()
by = edition.organizers.first()
screens.start(edition=edition, rehearsal=False, by=by, at=at)
steps = ceremony_state(edition).steps
first = next(number for number, step in enumerate(steps) if step.kind == StepKind.PLACE)
screens.move(edition=edition, steps=first, seen=0, rehearsal=False, by=by, at=at)
"""
# By the phase of the demo edition and the local time: for a role, the pages.
SCENES = {
    ("registration", "2026-11-25T18:40:00"): {
        "organizer": {
            "page-preparer": "/organisation/editions/{slug}/",
            "page-equipes": "/organisation/editions/{slug}/equipes/",
        }
    },
    ("last-minutes", "2026-11-26T22:46:00"): {
        "organizer": {
            "page-pilotage": "/pilotage/",
            "page-horaires": "/organisation/editions/{slug}/etapes/",
            "page-appels": "/appels/",
        },
        "student": {"page-rendu": "/rendu/"},
        "": {"page-ecran": "/ecran/"},
    },
    ("ceremony", "2026-11-27T12:25:00"): {"": {"page-ceremonie": "/ceremonie/"}},
}
PAGES = {name for roles in SCENES.values() for name in chain.from_iterable(roles.values())}


def pages(browser: Browser, pictures: Set[str]) -> None:
    for (phase, local), roles in SCENES.items():
        if pictures.isdisjoint(chain.from_iterable(roles.values())):
            continue
        with stage(phase, local) as found:
            if phase == "ceremony":
                found.shell(AT_THE_FIRST_WINNERS)
            slug = found.shell(EDITION)
            for role, paths in roles.items():
                camera = Camera(browser, found, DESKTOP, pictures)
                if role:
                    camera.sign_in_as(role)
                for name, path in paths.items():
                    camera.take(name, path.format(slug=slug))
