"""Editions side by side, for those who organize them."""

import re
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.day.questions.models import Question
from hackathon.event.editions.enums import EditionState
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services import options
from judging.models import Criterion, Juror, Score, ScoreSheet
from submissions.models import Deliverable, Submission
from submissions.seals import services as seals
from teams.enums import HelpKind, HelpState
from teams.models import HelpRequest, Team
from tests.conftest import make_user
from tests.judging.ceremony.past_editions import LATER, past_edition
from tests.judging.conftest import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(LATER, tick=False)]

PAGE = "/organisation/annees/"
MINUTE = timedelta(minutes=1)


def past(slug: str, years: int, *organizers: User) -> Edition:
    """Of three teams: two hand in, one of them in the grace. Marks 10 and 15 of 20, three
    calls, two questions.
    """
    edition = past_edition(slug, years)
    edition.organizers.add(*organizers)
    department = edition.departments.get()
    Team.objects.filter(edition=edition).update(registered_at=edition.starts_at)  # before its seals
    first, second, third = Team.objects.filter(edition=edition).order_by("name")
    hand_in(department, first, *(edition.deadline_at - n * MINUTE for n in (100, 1)))
    hand_in(department, second, edition.deadline_at + 2 * MINUTE)
    published_at = edition.results_published_at
    Edition.objects.filter(pk=edition.pk).update(results_published_at=None)
    edition.refresh_from_db()
    seals.make_due(edition, at=edition.deadline_at + timedelta(days=1))
    Edition.objects.filter(pk=edition.pk).update(results_published_at=published_at)
    judge(department, {first: "5", second: "7.5"}, third)
    for minutes in (1, 2, 30):
        wait(first, minutes)
    return edition


def hand_in(department: Department, team: Team, *instants: object) -> None:
    deliverable = Deliverable.objects.get_or_create(
        department=department, name="Site", defaults={"kind": "link"}
    )[0]
    for version, at in enumerate(instants, start=1):
        Submission.objects.create(
            deliverable=deliverable,
            team=team,
            version=version,
            begun_at=team.edition.deadline_at - timedelta(hours=3),
            received_at=at,
            submitted_by=team.memberships.all()[0].user,
            size=1,
            sha256=sha256(b"x").hexdigest(),
            url="https://example.org/",
        )


def judge(department: Department, marks: dict[Team, str], unread: Team | None = None) -> None:
    """Of ten. The sheet of `unread` is a draft, which does not count."""
    criterion = Criterion.objects.create(department=department, name="Idée", scale=10)
    user = make_user(f"juror{User.objects.count()}@example.org", "Jurée")
    juror = Juror.objects.create(department=department, user=user)
    at = department.edition.judging_opens_at
    for team, mark in marks.items():
        sheet = ScoreSheet.objects.create(
            juror=juror, team=team, state="final", changed_at=at, finished_at=at
        )
        Score.objects.create(sheet=sheet, criterion=criterion, value=Decimal(mark), changed_at=at)
    if unread:
        sheet = ScoreSheet.objects.create(juror=juror, team=unread, changed_at=at)
        Score.objects.create(sheet=sheet, criterion=criterion, value=Decimal(1), changed_at=at)


def wait(team: Team, minutes: int) -> None:
    begun_at = team.edition.starts_at
    ended_at = begun_at + minutes * MINUTE
    user = team.memberships.get().user
    HelpRequest.objects.create(
        team=team,
        kind=HelpKind.TEACHER,
        state=HelpState.DONE,
        requested_at=begun_at,
        requested_by=user,
        claimed_at=ended_at,
        claimed_by=user,
        closed_at=ended_at,
    )
    if minutes > 1:
        Question.objects.create(
            department=team.department,
            team_pk=team.pk,
            team_label=team.name,
            asked_by=user,
            asked_at=begun_at,
            to="organizers",
            body="?",
            state="answered",
            answer="!",
            settled_at=ended_at,
            settled_by=user,
        )


def rows_of(answer: HttpResponse) -> dict[str, list[str]]:
    lines = answer.content.decode("utf-8-sig").replace("\xa0", " ").splitlines()
    split = [[cell.strip('"') for cell in line.split('";"')] for line in lines]
    return {measure: cells for _topic, measure, *cells in split}


def test_the_numbers_of_editions_side_by_side(client_of, eve, edition, comunik):
    """The live one has marks, which are withheld until its results are published."""
    past("2019", 1, eve)
    edition.name = "CCD"
    edition.save()
    hand_in(comunik.department, comunik, edition.deadline_at - 14 * MINUTE)
    judge(comunik.department, {comunik: "9"})

    rows = rows_of(client_of(eve).get(f"{PAGE}?export=csv"))
    page = text_of(client_of(eve).get(PAGE))

    assert rows == {
        "Mesure": ["CCD 2020", "Édition 2019"],
        "Équipes": ["1", "3"],
        "Étudiants": ["2", "3"],
        **{f"de {m} à {m - 15} min avant": ["0", "0"] for m in (120, 90, 75, 60, 45, 30)},
        "de 105 à 90 min avant": ["0", "1"],
        "de 15 à 0 min avant": ["1", "1"],
        "de 0 à 15 min après": ["0", "1"],
        "de 15 à 30 min après": ["0", "0"],
        "à l’heure": ["", "1"],
        "dans la marge": ["", "1"],
        "en retard": ["", "0"],
        "équipes sans dépôt": ["", "1"],
        "la plus basse": ["", "10,0"],
        "un quart des équipes jusqu’à": ["", "10,0"],
        "la moitié des équipes jusqu’à": ["", "10,0"],
        "trois quarts des équipes jusqu’à": ["", "15,0"],
        "la plus haute": ["", "15,0"],
        "Appels": ["0", "3"],
        "attente d’un appel, médiane": ["", "2,0"],
        "9 appels sur 10 en moins de": ["", "30,0"],
        "Questions": ["0", "2"],
        "attente d’une réponse, médiane": ["", "2,0"],
        "9 réponses sur 10 en moins de": ["", "30,0"],
        "Jurés": ["1", "1"],
        "Fiches des jurys, terminées": ["1", "2"],
    }
    assert page.count("Pas de notes publiées.") == 1
    assert page.count('class="year-picture"') == 3
    # One of two marks at the 10th point and one at the 15th, each as high as the axis.
    assert 'd="M10 100v-100h1V100zM15 100v-100h1V100z"' in page
    assert '<td data-label="Édition 2019"> 10 <' in page
    marks = page.partition("Notes des équipes")[2].partition("<footer")[0]
    assert "18" not in re.sub(r'"[^"]*"', "", marks)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_the_page_is_a_file_too(kind, client_of, eve, edition):
    past("2019", 1, eve)

    file = client_of(eve).get(f"{PAGE}?export={kind}")

    assert file["Content-Disposition"] == f'attachment; filename="annees.{kind}"'


def test_each_organizer_sees_their_own_editions_alone(client_of, eve, ada, edition, comunik):
    other = make_user("other@example.org", "Olive")
    past("2019", 1, eve, other)
    past("2018", 2, eve)
    future = past_edition("2021", -1)
    future.organizers.add(eve)

    def named(browser: Client) -> list[set[str]]:
        page = text_of(browser.get(PAGE)).partition("<main")[2]
        pages = [page, browser.get(f"{PAGE}?export=csv").content.decode()]
        names = {edition.name, "Édition 2018", "Édition 2019", "Édition 2021"}
        return [{name for name in names if name in page} for page in pages]

    assert named(client_of(other)) == [{"Édition 2019"}] * 2
    assert named(client_of(eve)) == [{edition.name, "Édition 2019", "Édition 2018"}] * 2
    assert client_of(ada).get(PAGE).status_code == 404
    assert Client().get(PAGE).status_code == 302


def test_three_editions_show_their_marks_while_those_of_a_fourth_are_secret(
    client_of, eve, edition, comunik
):
    for years in (1, 2, 3):
        past(str(2020 - years), years, eve)
    judge(comunik.department, {comunik: "9"})
    # Its results are planned, and an edition that was withdrawn has none.
    Edition.objects.filter(pk=edition.pk).update(results_published_at=LATER + MINUTE)
    Edition.objects.filter(slug="2017").update(state=EditionState.DRAFT)

    def highest() -> list[str]:
        return rows_of(client_of(eve).get(f"{PAGE}?export=csv"))["la plus haute"]

    before = highest()
    Edition.objects.filter(slug="2017").update(state=EditionState.ARCHIVED)
    Edition.objects.filter(pk=edition.pk).update(results_published_at=LATER)
    Department.objects.filter(pk=comunik.department_id).update(held_back_at=LATER)
    held_back = highest()
    Department.objects.update(held_back_at=None)

    assert before == ["", "15,0", "15,0", ""]
    assert held_back == ["", "15,0", "15,0", "15,0"]
    assert highest() == ["18,0", "15,0", "15,0", "15,0"]


def test_editions_that_have_it_on_are_compared_whichever_is_shown(client_of, eve, edition):
    """The link is on the page of all editions, and gone with the last one."""
    older, oldest = past("2019", 1, eve), past("2018", 2, eve)
    browser, link = client_of(eve), f'href="{PAGE}"'

    def off(*editions: Edition) -> None:
        for each in editions:
            options.choose(edition=each, names=[], by=eve, at=LATER)

    off(edition, oldest)
    Edition.objects.filter(pk=edition.pk).update(is_current=False)  # none is shown

    page = text_of(browser.get(PAGE))
    assert [each.name in page for each in (edition, older, oldest)] == [False, True, False]
    assert link in browser.get(reverse("editions:list")).content.decode()
    off(older)
    assert browser.get(PAGE).status_code == 404
    assert link not in browser.get(reverse("editions:list")).content.decode()


@pytest.mark.database
def test_the_number_of_queries_is_the_same_for_one_edition_and_four(client_of, eve, db):
    def queries() -> int:
        browser.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(PAGE).status_code == 200
        return len(captured)

    browser = client_of(eve)
    past("2019", 1, eve)
    few = queries()
    for years in (2, 3, 4):
        past(str(2020 - years), years, eve)

    assert queries() == few


def test_without_an_edition_that_has_begun_the_page_says_what_it_will_show(client_of, eve):
    past_edition("2021", -1).organizers.add(eve)

    page = text_of(client_of(eve).get(PAGE))

    assert "Rien à comparer pour l’instant" in page
    assert "Équipes, rendus minute par minute, ponctualité" in page
    assert "Édition 2021" not in page
