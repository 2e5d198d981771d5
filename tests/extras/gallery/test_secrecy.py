"""A work without the consent of all is at no address, for nobody who does not judge or organize."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from hackathon.base.core.received_files import received_file
from hackathon.extras.gallery import services
from hackathon.extras.gallery.models import Guest
from submissions.deposits import services as deposits
from submissions.inspection import services as inspections
from submissions.inspection.result import Result
from teams.enums import Circle
from teams.models import Membership
from tests.access.roles import EVERYBODY, JURY, ORGANIZER, READER, TEAM, browser_of
from tests.addresses import World
from tests.conftest import DEADLINE, NOON, make_team, make_user
from tests.extras.gallery.conftest import LATER, OPEN, hand_in, publish
from tests.judging.conftest import text_of
from tests.responses import MARKER, responses_of_the_site, whole_response, without_page_not_found
from tests.teams.works import agree, choose

pytestmark = pytest.mark.django_db
# Who judges or organizes reads works on other pages.
KINDS = ("lien", "fichier", "nom", "image", "phrase")
MARKED = re.compile(rf"{MARKER}({'|'.join(KINDS)})")
THEIR_PAGES = ("gallery:", "api:gallery", "judging:palmares", "judging:edition", "judging:press")


@pytest.fixture
def marked(world, edition, comunik, dossier, site_link, ada, locked) -> World:
    """Ada's team has the first prize; its file, link, picture and sentence have the marker."""
    act = {"begun_at": NOON, "by": ada, "at": NOON}
    deposits.deposit(site_link, comunik, url=f"https://{MARKER}lien.example.org/", **act)
    file = received_file(f"%PDF-1.4 {MARKER}fichier".encode(), f"{MARKER}nom.pdf")
    submission = deposits.deposit(dossier, comunik, file=file, **act)
    picture = f"RIFF {MARKER}image".encode()
    inspections.record(submission, Result({"type": "pdf"}, thumbnail=picture), at=NOON)
    services.write_sentence(comunik, f"{MARKER}phrase", by=ada, at=NOON)
    Guest.objects.update(ends_at=LATER + timedelta(days=1))
    world.objects["submission"] = submission
    publish(edition)
    return world


def found_by(role: str, world: World, browser: Client) -> set[str]:
    with time_machine.travel(LATER, tick=False):
        if role in JURY | ORGANIZER | READER | TEAM:
            return set(MARKED.findall(_pages_of_the_gallery(world, browser)))
        answers = responses_of_the_site(world, browser, all_methods=False)
        return {kind for _what, answer in answers for kind in MARKED.findall(answer)}


def _pages_of_the_gallery(world: World, browser: Client) -> str:
    routes = [r for r in world.routes() if r.name.startswith(THEIR_PAGES)]
    own = ("gallery:card", "gallery:sentence")  # of the own team
    with without_page_not_found():
        return "".join(whole_response(browser.get(r.url)) for r in routes if r.name not in own)


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_without_the_consent_of_one_member_no_address_has_anything_of_a_work(
    role, marked, comunik, ben, request, loner
):
    browser = browser_of(role, request)
    agree(comunik)
    if role in ("anonymous", "cleo"):  # these pages are in their walk, which would find it
        with time_machine.travel(LATER, tick=False):
            pages = _pages_of_the_gallery(marked, browser)
        assert set(MARKED.findall(pages)) == set(KINDS)

    choose(ben, Circle.NOBODY)

    assert found_by(role, marked, browser) == set()


def test_of_sixty_teams_the_one_whose_member_withdraws_is_nowhere(
    edition, infocom, dossier, eve, client
):
    teams = []
    for number in range(60):
        members = [make_user(f"s{number}-{n}@example.org") for n in range(6)]
        teams.append(make_team(infocom, f"Équipe n{number}.", *members))
    works = {team.pk: hand_in(team, dossier) for team in teams}
    Membership.objects.update(shows_works_to=Circle.EDITION)
    guest = services.invite(edition=edition, name="Ville", ends_at=LATER, by=eve, at=DEADLINE)
    base, gone = f"/galerie/invitation/{guest.key}/", teams[31]

    def shown() -> list[int]:
        page = text_of(client.get(base))
        return sorted(int(pk) for pk in re.findall(r'data-work="(\d+)"', page))

    with time_machine.travel(OPEN, tick=False):
        before = shown()
        choose(gone.memberships.latest("pk").user, Circle.NOBODY)
        after = shown()
        searched = text_of(client.get(f"{base}?q=n31."))
        addresses = [f"equipes/{gone.pk}/"]
        addresses += [f"depots/{works[gone.pk].pk}/{part}/" for part in ("contenu", "apercu")]
        answers = {client.get(f"{base}{address}").status_code for address in addresses}

    assert before == sorted(works)
    assert after == sorted(works.keys() - {gone.pk})
    assert "Aucun travail ne correspond" in searched
    assert answers == {404}
