from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.enums import ColleagueRole
from hackathon.event.editions.models import Department, Edition
from hackathon.event.imports import completion, services
from hackathon.event.imports.completion import Place, place
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.models import Import
from teams.models import Membership, Student, Team
from teams.services import organizing
from tests.conftest import NOON, make_user
from tests.imports.conftest import state

PAGE = "/organisation/editions/ccd-2020/equipes/completer/"


@pytest.fixture
def waiting(edition: Edition, info: Department) -> list[Student]:
    """Seven students of two groups without a team."""
    Edition.objects.update(team_size_min=2)
    edition.refresh_from_db()
    return [
        Student.objects.create(
            edition=edition,
            user=make_user(f"s{n}@example.org", f"Élève {n}"),
            department=info,
            group=f"TD{n % 2}",
            programme="BUT 2",
        )
        for n in range(7)
    ]


def apply(edition: Edition, by: User, **options: Any) -> Import:
    chosen = {"department": None, "size": 3, "seed": 1, **options}
    expected = completion.fingerprint_of(completion.proposals(edition, **chosen))
    return services.complete_teams(edition, **chosen, expected=expected, by=by, at=NOON)


def test_who_keeps_the_desk_is_placed_in_no_team(edition, waiting, eve):
    colleague = waiting[0].user
    edition.colleagues.create(user=colleague, role=ColleagueRole.DESK)

    apply(edition, eve)

    assert Membership.objects.filter(user__in=[s.user for s in waiting[1:]]).count() == 6
    assert not Membership.objects.filter(user=colleague).exists()


def test_small_teams_are_filled_first_then_new_ones_are_made(edition, pixels, waiting, cleo, eve):
    done = apply(edition, eve)

    teams = {team.name: team.memberships.count() for team in Team.objects.all()}
    assert teams == {"Les Pixels": 2, "Équipe INFO 1": 3, "Équipe INFO 2": 3}
    assert Membership.objects.get(user=cleo).is_captain
    captains = Membership.objects.filter(is_captain=True)
    assert captains.count() == 3
    assert done.counts == {"created": 7, "updated": 0}
    assert JournalEntry.objects.get().act == "teams.completed"


def test_the_undo_restores_the_very_state(edition, pixels, waiting, eve):
    before = state()
    done = apply(edition, eve)

    services.undo_import(done, by=eve, at=NOON)

    assert state() == before


def test_the_undo_is_refused_once_somebody_acted(edition, waiting, eve):
    done = apply(edition, eve)
    team = Team.objects.filter(name="Équipe INFO 1").get()
    organizing.set_presence(edition, [team], absent=True, by=eve, at=NOON)

    with pytest.raises(Refused) as caught:
        services.undo_import(done, by=eve, at=NOON)

    assert caught.value.refusal.code == ImportRefusal.ACTED_ON


def test_what_was_not_shown_is_not_done(edition, waiting, pixels, eve):
    chosen: dict[str, Any] = {"department": None, "size": 3, "seed": 1}
    expected = completion.fingerprint_of(completion.proposals(edition, **chosen))
    organizing.add_people(pixels, [waiting[0].user.email], by=eve, at=NOON)

    with pytest.raises(Refused) as caught:
        services.complete_teams(edition, **chosen, expected=expected, by=eve, at=NOON)

    assert caught.value.refusal.code == ImportRefusal.CHANGED_MEANWHILE


def test_the_page_shows_the_teams_and_places_them(edition, waiting, eve):
    browser = Client()
    browser.force_login(eve)

    page = browser.get(PAGE, {"size": "3", "seed": "4"})
    done = browser.post(
        f"{PAGE}?size=3&seed=4", {"fingerprint": page.context["fingerprint"]}, follow=True
    )

    text = page.content.decode()
    assert "7 étudiants sans équipe" in text.replace("\u00a0", " ")
    assert "Placer 7 personnes" in " ".join(text.split())
    assert Membership.objects.count() == 7
    assert "équipes complétées" in done.content.decode().lower()
    assert browser.get(PAGE, {"size": "9"}).status_code == 422
    asked = browser.get(reverse("imports:undo", args=[edition.slug, Import.objects.get().pk]))
    assert "le même tirage redonne les mêmes équipes" in asked.content.decode()
    assert "le fichier" not in asked.content.decode()


PEOPLE = st.lists(
    st.tuples(st.sampled_from(["", "A", "B", "C"]), st.sampled_from(["1", "2"])), max_size=25
)


@settings(max_examples=50)
@given(
    people=PEOPLE,
    sizes=st.lists(st.integers(0, 5), max_size=4),
    bounds=st.sampled_from([(1, 3), (2, 4), (4, 5), (3, 3)]),
    seed=st.integers(1, 9),
)
def test_everybody_is_placed_once_or_named_and_no_team_is_too_large(people, sizes, bounds, seed):
    least, most = bounds
    waiting = [student(n, group, year) for n, (group, year) in enumerate(people, 1)]

    def proposed() -> tuple[list[Place], list[Student]]:
        teams = [Place(Team(pk=n), [None] * size) for n, size in enumerate(sizes, 1)]
        return place(waiting, teams, size=most, least=least, most=most, seed=seed)

    places, left = proposed()

    placed = [one.pk for team in places for one in team.students]
    assert sorted([*placed, *(one.pk for one in left)]) == [one.pk for one in waiting]
    for team in places:
        assert len(team.members) + len(team.students) == team.size <= most
        assert not team.is_new or team.size >= least
    assert [team.students for team in proposed()[0]] == [team.students for team in places]
    if left:
        free = {n: most - size for n, size in enumerate(sizes, 1)}
        for team in places:
            if team.team is not None:
                free[team.team.pk] -= len(team.students)
        assert all(seats <= 0 for seats in free.values())


def student(number: int, group: str, programme: str = "") -> Student:
    return Student(pk=number, group=group, programme=programme)


def test_groups_and_programmes_are_spread_over_the_teams():
    students = [student(n, f"TD{n % 4}", f"A{n // 4 % 5}") for n in range(1, 101)]

    places, _left = place(students, [], size=5, least=4, most=5, seed=1)

    assert len(places) == 20
    for team in places:
        groups = Counter(one.group for one in team.students)
        programmes = Counter(one.programme for one in team.students)
        assert max(groups.values()) == 2  # of five members, and four groups
        assert max(programmes.values()) <= 3


def test_a_team_gets_other_groups_than_its_members_have():
    teams = [Place(Team(pk=n), [student(n, f"TD{n}")]) for n in (1, 2)]

    place([student(3, "TD1"), student(4, "TD2")], teams, size=2, least=2, most=2, seed=1)

    assert [team.students[0].group for team in teams] == ["TD2", "TD1"]
