"""The lasting gallery of a published edition, and what palmarès and press page show of it."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from hackathon.base.core.models import LiveMessage
from hackathon.event.editions.enums import EditionState
from hackathon.event.editions.models import Edition
from hackathon.extras.gallery import services
from hackathon.extras.gallery.enums import Opening
from judging.models import Award, Nomination
from submissions.models import Submission
from teams.enums import Circle
from teams.models import Team
from tests.conftest import make_team, make_user
from tests.extras.gallery.conftest import LATER, OPEN, hand_in, status_of
from tests.judging.conftest import text_of
from tests.queries import queries_of
from tests.teams.works import agree, choose

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(LATER, tick=False)]
BASE = "/editions/ccd-2020/"


def addresses(team: Team, submission: Submission) -> list[str]:
    of_file = f"{BASE}galerie/depots/{submission.pk}/"
    return [f"{BASE}galerie/equipes/{team.pk}/", f"{of_file}contenu/", f"{of_file}apercu/"]


def statuses(client: Client, team: Team, submission: Submission) -> set[int]:
    return {status_of(client, address) for address in addresses(team, submission)}


def shown_in(client: Client, team: Team) -> dict[str, bool]:
    work = re.compile(f"{BASE}galerie/(equipes|depots)/")
    paths = ("", "galerie/", "presse/")
    return {path: bool(work.search(text_of(client.get(f"{BASE}{path}")))) for path in paths}


def test_works_are_public_with_the_consent_of_all_whichever_edition_is_shown(
    edition, comunik, published, ada, ben, client
):
    services.write_sentence(comunik, "Un marché.", by=ada, at=OPEN)
    Edition.objects.update(is_current=False, state=EditionState.ARCHIVED)

    everybody = statuses(client, comunik, published), shown_in(client, comunik)
    choose(ben, Circle.EDITION)
    participants = statuses(client, comunik, published), shown_in(client, comunik)

    assert everybody == ({200}, {"": True, "galerie/": True, "presse/": True})
    assert participants == ({404}, {"": False, "galerie/": False, "presse/": False})
    # Also pages of an edition that is not shown lose the work.
    assert LiveMessage.objects.filter(type="work.changed", data__circle=2).exists()


def test_nothing_is_public_before_the_results(comunik, shown, locked, client):
    assert client.get(f"{BASE}galerie/").status_code == 404
    assert statuses(client, comunik, shown) == {404}


def test_the_gallery_says_nothing_of_prizes(edition, comunik, published, client):
    assert Award.objects.filter(team=comunik).exists()
    for address in (f"{BASE}galerie/", addresses(comunik, published)[0]):
        page = text_of(client.get(address)).partition("<main")[2].partition("</main")[0]
        assert all(word not in page for word in ("prix", "winner", "nommé", "ex æquo"))


def test_pictures_of_winners_leave_the_palmares_with_the_consent(comunik, published, ben, client):
    picture = f"/palmares/images/{comunik.pk}/"

    before = status_of(client, picture), picture in text_of(client.get("/palmares/"))
    choose(ben, Circle.EDITION)
    after = status_of(client, picture), picture in text_of(client.get("/palmares/"))

    assert (before, after) == ((200, True), (404, False))


@pytest.mark.parametrize("path", ["", "presse/", "galerie/"])
def test_one_set_of_queries_for_one_work_and_for_six(
    path, edition, comunik, published, infocom, dossier, client
):
    def queries() -> int:
        return queries_of(lambda: client.get(f"{BASE}{path}"))

    one = queries()
    decision = Award.objects.filter(team=comunik)[0].deliberation
    for number in range(5):
        team = make_team(infocom, f"Équipe {number}", make_user(f"s{number}@example.org"))
        hand_in(team, dossier)
        agree(team)
        Nomination.objects.create(deliberation=decision, team=team)
        Award.objects.create(deliberation=decision, team=team, rank=2)

    assert queries() == one


def test_an_instant_after_the_results_holds_the_public_gallery_back(
    edition, comunik, published, eve, client
):
    services.save(
        edition=edition,
        opening=Opening.INSTANT,
        opens_at=LATER + timedelta(hours=1),
        shown=[published.deliverable_id],
        by=eve,
        at=OPEN,
    )

    assert statuses(client, comunik, published) == {404}
    assert "n’est pas encore ouverte" in text_of(client.get(f"{BASE}galerie/"))
