"""The steps of the vote and of its prize, and that nothing tells the winner before its step."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hackathon.base.core import extras
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.day.stage.views import ceremony as ceremony_views
from hackathon.event.editions.models import Edition
from hackathon.extras.favourite import services
from hackathon.extras.favourite.ceremony import PRIZE, VOTE
from hackathon.extras.favourite.errors import FavouriteRefusal
from hackathon.extras.favourite.models import Favourite, Tally
from hackathon.extras.favourite.rules import Voter, with_vote
from judging.ceremony.selectors import screens as selectors
from judging.ceremony.selectors import state
from judging.ceremony.selectors.state import Addition, additions
from judging.ceremony.services import screens as ceremony
from judging.ceremony.steps import DepartmentDecision, StepKind, ceremony_steps
from judging.models import Award, Ceremony, JuryRules, NominationSeal
from teams.enums import Circle
from teams.models import Membership, Team
from tests.access.roles import browser_of
from tests.extras.favourite.conftest import Staged
from tests.judging.ceremony.conftest import refusal
from tests.judging.ceremony.test_ceremony_secrecy import (
    OPEN_TO_ALL,
    TWO,
    Answers,
    Scenario,
    picture,
    scenario,
)
from tests.judging.conftest import MORNING, NIGHT, text_of
from tests.responses import MARKER, whole_response

__all__ = ["scenario"]  # the fixture


REMOTE = "/ceremonie/telecommande/"
OTHERS = [extra.name for extra in extras.registry if not extra.ceremony]
PAGES = ["/coup-de-coeur/", "/organisation/editions/ccd-2020/coup-de-coeur/", "/api/v1/ceremony/"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def friday(scenario, monkeypatch) -> Iterator[Scenario]:
    # A ceremony at its opening, with teams on stage and the prize of the hall.
    for module in (state, ceremony_views):
        monkeypatch.setattr(module, "additions", staged)
    Edition.objects.update(extras=[*OTHERS, "favourite"])
    scenario.edition.refresh_from_db()
    scenario.decide(TWO)
    act: dict[str, Any] = {"by": scenario.eve, "at": MORNING}
    services.prepare(edition=scenario.edition, title="Prix du public", only_presented=True, **act)
    return scenario


def staged(edition: Edition) -> list[Addition]:
    return [Staged(edition), *additions(edition)]


def steps(friday: Scenario) -> list[str]:
    shown = selectors.ceremony_state(friday.edition)
    assert shown is not None
    return [step.kind for step in shown.steps]


def move(friday: Scenario, by: int = 1) -> str:
    seen = Ceremony.objects.get().step
    act: dict[str, Any] = {"edition": friday.edition, "by": friday.eve, "at": MORNING}
    ceremony.move(steps=by, seen=seen, rehearsal=False, **act)
    return selectors.screen_state(friday.edition, at=MORNING).kind


def until(friday: Scenario, kind: str) -> int:
    while move(friday) != kind:
        pass
    return Ceremony.objects.get().step


def vote(friday: Scenario, *teams: Team) -> None:
    # Each of these gets one vote, which is closed then.
    favourite = Favourite.objects.get()
    for number, team in enumerate(teams):
        voter = Voter(f"user:{number}")
        services.vote(favourite=favourite, voter=voter, team=str(team.pk))
    services.close(favourite=favourite, by=friday.eve, at=MORNING)


# ---------------------------------------------------------------- steps


def test_the_hall_votes_after_the_last_passage_and_its_prize_is_the_last(friday):
    kinds = steps(friday)

    last_passage = len(kinds) - 1 - kinds[::-1].index(StepKind.PRESENTATION)
    assert kinds[last_passage + 1] == VOTE
    assert kinds[-2:] == [PRIZE, StepKind.FINALE]
    assert [kinds.count(kind) for kind in (VOTE, PRIZE)] == [1, 1]


def test_without_passages_it_votes_after_the_opening():
    decisions = [DepartmentDecision("info", nominees=["a"], places={1: ["a"]})]

    added = [lambda steps: with_vote(steps, VOTE, PRIZE)]
    kinds = [step.kind for step in ceremony_steps(decisions, additions=added)]

    assert kinds[:3] == [StepKind.OPENING, VOTE, StepKind.TITLE]


def test_no_prize_is_read_in_the_pause_for_deliberation_behind_the_vote(friday):
    department = friday.deliberation.department
    JuryRules.objects.create(department=department, hears_nominees=True)
    NominationSeal.objects.create(
        deliberation=friday.deliberation,
        locked_at=NIGHT,
        locked_by=friday.eve,
        record={},
        salt="",
        digest="c" * 64,
    )
    until(friday, VOTE)
    until(friday, StepKind.DELIBERATION)

    with CaptureQueriesContext(connection) as captured:
        selectors.ceremony_state(friday.edition)

    assert [query["sql"] for query in captured if Award._meta.db_table in query["sql"]] == []


def test_the_step_opens_the_vote_for_those_who_were_on_stage(friday):
    while move(friday) != VOTE:
        assert Favourite.objects.get().opened_at is None

    opened = Favourite.objects.get()
    assert opened.opened_at == MORNING
    assert set(opened.candidates) == {team.pk for team in friday.teams}
    move(friday, -1)
    assert Favourite.objects.get().is_open


def test_the_vote_can_be_about_all_teams(friday):
    Favourite.objects.update(only_presented=False)

    until(friday, VOTE)

    present = Team.objects.filter(edition=friday.edition).present()
    assert set(Favourite.objects.get().candidates) == {team.pk for team in present}


def test_the_screens_and_the_page_say_that_the_vote_is_closed(friday, client):
    def shown() -> tuple[bool, bool]:
        scene = text_of(client.get("/ceremonie/scene/"))
        return "/coup-de-coeur/" in scene, "Le vote est clos" in scene

    until(friday, VOTE)
    before = shown()
    LiveMessage.objects.all().delete()

    vote(friday, friday.teams[0])

    assert (before, shown()) == ((True, False), (False, True))
    assert LiveMessage.objects.filter(type="favourite.changed").exists()
    assert "Le vote est clos" in text_of(client.get("/coup-de-coeur/"))


def test_while_it_is_open_the_remote_warns_and_the_page_of_results_has_a_button(
    friday, client, request
):
    organizer = browser_of("eve", request)

    def shown() -> tuple[bool, bool]:
        remote, results = text_of(organizer.get(REMOTE)), text_of(client.get("/palmares/"))
        return "Fermez le vote" in remote, "Voter pour le coup de cœur" in results

    before = shown()
    until(friday, VOTE)
    label = text_of(organizer.get(REMOTE))
    opened = shown()
    vote(friday, friday.teams[0])

    assert "Vote du coup de cœur" in label
    assert (before, opened, shown()) == ((False, False), (True, True), (False, False))


def test_the_remote_closes_the_vote_and_a_second_tap_changes_nothing(friday, request):
    organizer = browser_of("eve", request)
    until(friday, VOTE)
    before = text_of(organizer.get(REMOTE))

    answers = [organizer.post(REMOTE, {"do": "close-vote"}) for _ in range(2)]

    assert 'value="close-vote"' in before
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Favourite.objects.get().closed_at == MORNING
    assert 'value="close-vote"' not in text_of(organizer.get(REMOTE))
    assert JournalEntry.objects.filter(act="favourite.closed").count() == 1


def test_while_it_is_open_the_page_of_a_student_begins_with_it(friday, request):
    student = browser_of("ada", request)
    pages = [text_of(student.get("/equipe/"))]
    until(friday, VOTE)
    pages.append(text_of(student.get("/equipe/")))
    vote(friday, friday.teams[0])
    pages.append(text_of(student.get("/equipe/")))

    assert ['href="/coup-de-coeur/"' in page for page in pages] == [False, True, False]


def test_a_rehearsal_opens_nothing(friday):
    Ceremony.objects.update(is_rehearsal=True)
    act: dict[str, Any] = {"edition": friday.edition, "by": friday.eve, "at": MORNING}
    for _ in range(60):
        seen = Ceremony.objects.get().step
        ceremony.move(steps=1, seen=seen, rehearsal=True, **act)

    assert selectors.screen_state(friday.edition, at=MORNING).kind == StepKind.FINALE
    assert Favourite.objects.get().opened_at is None


def test_the_prize_waits_for_the_end_of_the_vote(friday):
    for _ in range(steps(friday).index(PRIZE) - 1):
        move(friday)

    assert refusal(lambda: move(friday)) == FavouriteRefusal.STILL_OPEN
    vote(friday, friday.teams[2])
    assert move(friday) == PRIZE


def test_a_prize_that_is_added_or_dropped_leaves_the_ceremony_at_its_step(friday):
    act: dict[str, Any] = {"edition": friday.edition, "by": friday.eve, "at": MORNING}
    services.prepare(title="", only_presented=True, **act)
    until(friday, StepKind.PLACE)
    before = selectors.screen_state(friday.edition, at=MORNING)

    services.prepare(title="Prix du public", only_presented=True, **act)

    after = selectors.screen_state(friday.edition, at=MORNING)
    assert (after.kind, after.rank, after.teams) == (before.kind, before.rank, before.teams)
    services.prepare(title="", only_presented=True, **act)
    assert selectors.screen_state(friday.edition, at=MORNING).teams == before.teams


# ---------------------------------------------------------------- secret until its step


@pytest.mark.parametrize("role", ["anonymous", "cleo", "diane", "eve"])
def test_before_its_step_every_page_is_the_same_whoever_wins(role, friday, request):
    browser = browser_of(role, request)
    answers = Answers(browser)
    until(friday, VOTE)
    vote(friday, friday.teams[2])
    favourite = Favourite.objects.get()
    urls = [*OPEN_TO_ALL, *PAGES, REMOTE, "/admin/", "/jury/", "/organisation/journal/"]
    urls += [route.url for route in friday.world.routes()]
    Ceremony.objects.update(step=steps(friday).index(PRIZE) - 1)

    def let_others_win() -> None:
        favourite.winners.set(friday.teams[1:])
        favourite.save()  # its readers are asked again too

    one = answers.to(urls)
    answers.become("others", let_others_win)
    other = answers.to(urls)

    assert {url for url in urls if one[url] != other[url]} == set()
    assert set(PAGES) & answers.depending
    assert [picture(browser, friday.teams[3])] == [404]


def test_tallies_are_on_no_page_while_people_vote(friday, request):
    until(friday, VOTE)
    counts = {str(friday.teams[0].pk): 3, MARKER: 1}
    Tally.objects.create(favourite=Favourite.objects.get(), votes=counts)

    browser = browser_of("eve", request)
    urls = [route.url for route in friday.world.routes()]
    assert [u for u, text in Answers(browser).to(urls).items() if MARKER in text] == []


def test_at_its_step_the_screens_name_the_winner_and_how_many_voted(friday, client):
    until(friday, VOTE)
    vote(friday, *[friday.teams[3]] * 2, friday.teams[0])
    until(friday, PRIZE)

    page = client.get("/ceremonie/scene/").content.decode()
    shown = client.get("/api/v1/ceremony/").json()

    assert "3 personnes ont voté" in page
    assert shown["kind"] == "favourite"
    assert shown["teams"] == [friday.teams[3].name]
    assert picture(client, friday.teams[3]) == 200
    move(friday, -1)
    assert client.get("/api/v1/ceremony/").json()["kind"] != "favourite"
    assert picture(client, friday.teams[3]) == 404


def test_a_tie_is_for_all_of_them_and_nobody_wins_without_a_vote(friday, client):
    until(friday, VOTE)
    vote(friday, friday.teams[3], friday.teams[0])
    until(friday, PRIZE)
    page = client.get("/ceremonie/scene/").content.decode()
    Favourite.objects.get().winners.clear()

    assert "ex æquo" in page
    assert client.get("/api/v1/ceremony/").json()["teams"] == []
    assert client.get("/ceremonie/scene/").status_code == 200


# ---------------------------------------------------------------- afterwards


def test_palmares_lasting_page_press_and_api_have_the_prize_after_the_publication(friday, client):
    from judging.ceremony.services import publication

    until(friday, VOTE)
    vote(friday, friday.teams[3])
    until(friday, StepKind.FINALE)
    wall = client.get("/ceremonie/scene/").content.decode()
    lasting = "/editions/ccd-2020/"
    urls = ["/palmares/", lasting, f"{lasting}presse/", f"{lasting}presse.txt", "/api/v1/results/"]
    before = [whole_response(client.get(url)) for url in urls]

    publication.publish(edition=friday.edition, by=friday.eve, at=MORNING)

    after = [whole_response(client.get(url)) for url in urls]
    assert "Prix du public" in wall
    assert [url for url, text in zip(urls, before, strict=True) if "Prix du public" in text] == []
    assert [
        url for url, text in zip(urls, after, strict=True) if "Prix du public" not in text
    ] == []
    Membership.objects.update(shows_works_to=Circle.EVERYBODY)
    assert picture(client, friday.teams[3]) == 200
