"""Who votes, once, and for whom."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.extras.favourite import services
from hackathon.extras.favourite.models import Favourite, HallBadge, HasVoted, Tally
from hackathon.extras.favourite.rules import Voter, winners_of
from tests.conftest import make_team, make_user
from tests.extras.favourite.conftest import BADGE, PAGE, code_of, phone, votes
from tests.judging.conftest import text_of

pytestmark = pytest.mark.django_db


# ---------------------------------------------------------------- once for each voter


def test_a_second_vote_of_the_same_person_changes_nothing_and_answers_the_same(
    opened, ada, pixels, five, client_of
):
    Favourite.objects.update(candidates=[pixels.pk, five.pk])
    browser = client_of(ada)

    answers = [browser.post(PAGE, {"team": pk}, follow=True) for pk in (pixels.pk, five.pk)]

    assert votes() == {str(pixels.pk): 1}
    texts = [text_of(answer).partition("<main")[2].partition("</main")[0] for answer in answers]
    assert texts[0] == texts[1]
    assert "C’est voté" in texts[0]
    assert "Voter pour" not in texts[0]


def test_two_phones_with_one_badge_are_one_vote(opened, act, comunik, pixels):
    code = code_of(opened, act)
    one, other = phone(code), phone(f"{code[:4]}-{code[4:8].lower()} {code[8:]}")

    one.post(PAGE, {"team": comunik.pk})
    other.post(PAGE, {"team": pixels.pk})

    assert votes() == {str(comunik.pk): 1}
    assert "C’est voté" in text_of(other.get(PAGE))


def test_who_has_a_role_votes_with_the_account_also_with_a_badge(
    opened, act, ada, pixels, client_of
):
    code, browser = code_of(opened, act), client_of(ada)
    browser.post(PAGE, {"team": pixels.pk})

    browser.post(BADGE, {"code": code})
    browser.post(PAGE, {"team": pixels.pk})

    assert votes() == {str(pixels.pk): 1}


def test_students_jurors_and_organizers_vote(opened, ada, dan, eve, pixels, client_of):
    for person in (ada, dan.user, eve):
        client_of(person).post(PAGE, {"team": pixels.pk})

    assert votes() == {str(pixels.pk): 3}


def test_an_account_without_a_role_is_asked_for_a_badge(opened, loner, pixels, client_of):
    browser = client_of(loner)

    answer = browser.post(PAGE, {"team": pixels.pk}, follow=True)

    assert votes() == {}
    assert "Ce code n’ouvre pas le vote" in text_of(answer)
    assert "Code du badge" in text_of(answer)
    assert pixels.name not in text_of(answer)


# ---------------------------------------------------------------- for whom


def test_nobody_votes_for_the_own_team(opened, ada, comunik, client_of):
    browser = client_of(ada)

    assert f'value="{comunik.pk}"' not in browser.get(PAGE).content.decode()
    answer = browser.post(PAGE, {"team": comunik.pk}, follow=True)

    assert (votes(), HasVoted.objects.count()) == ({}, 0)
    assert "ni pour sa propre équipe" in text_of(answer)


@pytest.mark.parametrize("team", ["", "0", "abc", "1" * 400])
def test_what_is_no_team_of_the_list_leaves_no_trace(opened, ada, client_of, team):
    answer = client_of(ada).post(PAGE, {"team": team}, follow=True)

    assert (votes(), HasVoted.objects.count()) == ({}, 0)
    assert "hors de la liste" in text_of(answer)


def test_teams_are_listed_by_department_and_name_without_the_absent(
    prepared, act, eve, pixels, client_of
):
    make_team(pixels.department, "Absents", absent_at=act["at"], absent_by=eve)
    make_team(pixels.department, "Avant")
    services.open_by_hand(favourite=prepared, **act)

    page = text_of(client_of(eve).get(PAGE))

    order = ["Avant", "Les Pixels"]
    assert [page.index(f"« {name} »") for name in order] == sorted(
        page.index(f"« {name} »") for name in order
    )
    assert "Absents" not in page


# ---------------------------------------------------------------- badges


def test_codes_are_kept_as_digests_and_leave_the_site_once(opened, act):
    printed = services.print_badges(favourite=opened, count=3, **act)
    more = services.print_badges(favourite=opened, count=2, **act)

    assert [number for number, _code in [*printed, *more]] == [1, 2, 3, 4, 5]
    assert len({code for _number, code in [*printed, *more]}) == 5
    stored = str(list(HallBadge.objects.values()) + list(JournalEntry.objects.values()))
    assert [code for _number, code in printed if code in stored] == []


def test_a_revoked_badge_does_not_vote_and_its_former_vote_counts(opened, act, pixels):
    (_, one), (_, other), (_, third) = services.print_badges(favourite=opened, count=3, **act)
    voted, waits, left = phone(one), phone(other), phone(third)
    voted.post(PAGE, {"team": pixels.pk})

    services.revoke_badges(favourite=opened, first=1, last=2, **act)
    for browser in (voted, waits, left):
        browser.post(PAGE, {"team": pixels.pk})

    assert votes() == {str(pixels.pk): 2}
    answer = Client().post(BADGE, {"code": one}, follow=True)
    assert "Ce code n’ouvre pas le vote" in text_of(answer)


@pytest.mark.parametrize("code", ["", "x", "0" * 5000, "\x00"])
def test_a_wrong_code_is_refused_with_what_to_do(opened, code):
    answer = Client().post(BADGE, {"code": code}, follow=True)

    assert "demandez un autre badge" in text_of(answer)


# ---------------------------------------------------------------- when


def test_before_it_opens_and_after_it_is_closed_no_vote_counts(
    prepared, act, ada, pixels, client_of
):
    browser = client_of(ada)
    before = text_of(browser.post(PAGE, {"team": pixels.pk}, follow=True))
    services.open_by_hand(favourite=prepared, **act)
    services.close(favourite=prepared, **act)

    after = text_of(browser.post(PAGE, {"team": pixels.pk}, follow=True))

    assert "pas encore ouvert" in before
    assert "Si vous aviez déjà voté, votre voix est comptée" in after
    assert not HasVoted.objects.exists()
    assert Favourite.objects.get().voters == 0


def test_a_vote_that_began_before_the_closing_leaves_no_trace(opened, act, ada, pixels):
    # `opened` is as the request has read it.
    services.close(favourite=opened, **act)

    with pytest.raises(Refused):
        services.vote(favourite=opened, voter=Voter("user:1"), team=str(pixels.pk))

    assert not HasVoted.objects.exists()


def test_without_a_vote_there_is_no_page(edition, ada, client_of):
    browser = client_of(ada)

    assert [browser.get(PAGE).status_code, browser.post(BADGE).status_code] == [404, 404]


# ---------------------------------------------------------------- what a vote leaves


def test_a_vote_is_in_no_journal_and_no_message(opened, ada, pixels, client_of):
    browser = client_of(ada)
    entries, messages = JournalEntry.objects.count(), LiveMessage.objects.count()

    browser.post(PAGE, {"team": pixels.pk})

    assert (JournalEntry.objects.count(), LiveMessage.objects.count()) == (entries, messages)


def test_a_vote_costs_few_queries_and_its_lock_comes_first(opened, act, pixels):
    browser = phone(code_of(opened, act))

    with CaptureQueriesContext(connection) as captured:
        browser.post(PAGE, {"team": pixels.pk})

    written = [query["sql"] for query in captured if "favourite_" in query["sql"]]
    assert len(captured) <= 13
    assert [sql.split()[0] for sql in written][-4:] == ["SELECT", "INSERT", "SELECT", "INSERT"]
    assert Tally._meta.db_table in written[-1]


@pytest.mark.parametrize(
    ("counts", "winners"),
    [({}, []), ({1: 3, 2: 5, 3: 1}, [2]), ({1: 4, 2: 4, 3: 1}, [1, 2])],
)
def test_the_most_votes_win_and_a_tie_is_for_all(counts, winners):
    assert winners_of(counts) == winners


def test_four_hundred_people_vote_and_every_vote_counts(opened, act, comunik, pixels, five):
    Favourite.objects.update(candidates=[comunik.pk, pixels.pk, five.pk])
    opened.refresh_from_db()
    people = [make_user(f"voter{n}@example.org") for n in range(400)]
    teams = [comunik, comunik, pixels, five]

    for number, person in enumerate(people):
        team = str(teams[number % 4].pk)
        for _twice in range(2):
            services.vote(favourite=opened, voter=Voter(f"user:{person.pk}"), team=team)
    assert votes() == {str(comunik.pk): 200, str(pixels.pk): 100, str(five.pk): 100}
    services.close(favourite=opened, **act)

    closed = Favourite.objects.get()
    assert (closed.voters, closed.shown_winners()) == (400, [comunik])
