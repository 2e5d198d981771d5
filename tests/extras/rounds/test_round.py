import math
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.event.editions.models import Edition
from hackathon.event.roles import roles_of
from hackathon.extras.rounds import services
from hackathon.extras.rounds.models import RoundVisit
from hackathon.extras.rounds.selectors import Round, round_of
from judging.enums import JurorKind
from judging.models import Juror
from teams.models import Team
from teams.services import organizing
from tests.conftest import NOON, make_team, make_user
from tests.queries import queries_of

pytestmark = pytest.mark.time_machine(NOON, tick=False)

INDEX = "/ronde/"


@pytest.fixture
def rooms(infocom) -> dict[str, Team]:
    """By room, on three floors; one has no floor."""
    places = [("101", 1), ("102", 1), ("103", 1), ("201", 2), ("301", 3), ("", None)]
    return {
        room: make_team(infocom, f"Équipe {room or 'perdue'}", room=room, floor=floor)
        for room, floor in places
    }


def round_for(user: User, edition: Edition, **filters: str) -> Round:
    return round_of(user, roles_of(user, edition), edition, **filters)


def way_of(user: User, edition: Edition) -> list[str]:
    return [line.team.room for floor in round_for(user, edition).left for line in floor.found]


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split()).replace("\xa0", " ")


def test_the_next_room_is_on_the_own_floor_then_on_the_nearest(edition, rooms, dan):
    assert way_of(dan.user, edition) == ["101", "102", "103", "201", "301", ""]

    services.see(team=rooms["102"], by=dan.user, at=NOON)
    assert way_of(dan.user, edition) == ["103", "101", "201", "301", ""]

    services.see(team=rooms["301"], by=dan.user, at=NOON + timedelta(minutes=1))
    assert way_of(dan.user, edition) == ["201", "101", "103", ""]


def test_room_9_comes_before_room_10(edition, infocom, dan):
    for room in ("10", "9", "11"):
        make_team(infocom, f"Équipe {room}", room=room, floor=0)

    assert way_of(dan.user, edition) == ["9", "10", "11"]


def test_the_last_unseen_team_is_the_next_one_and_alone(edition, rooms, dan, client_of):
    for room, team in rooms.items():
        if room != "201":
            services.see(team=team, by=dan.user, at=NOON)

    page = text_of(client_of(dan.user).get(INDEX))

    assert "1 équipe à voir sur 6" in page
    assert "Prochaine salle 201" in page


def test_representatives_of_the_client_share_a_round_and_professors_do_not(
    edition,
    infocom,
    rooms,
    dan,
    max,  # noqa: A002
):
    mona = make_user("mona@example.org", "Mona")
    Juror.objects.create(department=infocom, user=mona, kind=JurorKind.CLIENT)

    services.see(team=rooms["101"], by=max.user, for_client=True, at=NOON)

    assert "101" not in way_of(mona, edition)
    assert "101" in way_of(dan.user, edition)


def test_anybody_sees_what_the_client_has_left(edition, rooms, dan, max):  # noqa: A002
    services.see(team=rooms["101"], by=max.user, for_client=True, at=NOON)

    shown = round_for(dan.user, edition, key="client")

    assert (shown.left_count, shown.total, shown.is_own) == (5, 6, False)
    assert [(line.key, line.seen) for line in shown.everybody] == [("client", 1)]


def test_absent_teams_and_other_departments_are_left_out(edition, rooms, pixels, dan, eve):
    organizing.set_presence(edition, [rooms["101"]], absent=True, by=eve, at=NOON)

    every, infocom = round_for(dan.user, edition), round_for(dan.user, edition, department="INFO")

    assert (every.total, infocom.total) == (6, 1)


def test_a_tap_is_one_visit_a_message_and_an_entry_of_the_journal(rooms, dan, client_of):
    team, browser = rooms["101"], client_of(dan.user)
    url = reverse("rounds:see", args=[team.pk])

    part = browser.post(url, headers={"HX-Request": "true"})
    again = browser.post(url)

    assert "« Équipe 101 » vue à 13:00" in text_of(part)
    assert again.url == f"{INDEX}?"
    visit = RoundVisit.objects.get()
    assert (visit.team, visit.by, visit.for_client) == (team, dan.user, False)
    assert JournalEntry.objects.filter(act="round.seen", team_pk=team.pk).count() == 1
    message = LiveMessage.objects.get(type="round.changed")
    assert (message.data, message.audiences) == ({}, "|round|organizers|")


def test_a_representative_of_the_client_taps_for_the_client(rooms, max, client_of):  # noqa: A002
    client_of(max.user).post(reverse("rounds:see", args=[rooms["101"].pk]))

    assert RoundVisit.objects.get().for_client


def test_a_visit_is_taken_back(rooms, dan, diane, client_of):
    services.see(team=rooms["101"], by=dan.user, at=NOON)
    services.see(team=rooms["101"], by=diane.user, at=NOON)

    client_of(dan.user).post(reverse("rounds:unsee", args=[rooms["101"].pk]))

    assert RoundVisit.objects.get().by == diane.user
    assert JournalEntry.objects.filter(act="round.unseen").count() == 1


def test_nobody_but_its_author_reads_a_note(edition, rooms, dan, diane, eve, client_of):
    team = rooms["101"]
    author = client_of(dan.user)
    author.post(reverse("rounds:see", args=[team.pk]), {"note": "Groupe soudé"})
    author.post(reverse("rounds:see", args=[team.pk]))  # a tap leaves it as it is

    own, colleague, organizer = (
        client_of(user).get(INDEX).content.decode() for user in (dan.user, diane.user, eve)
    )
    of_author = client_of(eve).get(f"{INDEX}?of={dan.user.pk}").content.decode()

    assert "Groupe soudé" in own
    assert "Dan" in colleague
    assert not any("Groupe soudé" in page for page in (colleague, organizer, of_author))
    assert "soudé" not in "".join(str(entry.detail) for entry in JournalEntry.objects.all())


def test_a_note_that_is_too_long_is_refused_and_nothing_is_written(rooms, dan, client_of):
    url = reverse("rounds:see", args=[rooms["101"].pk])

    part = client_of(dan.user).post(url, {"note": "x" * 301}, headers={"HX-Request": "true"})

    assert "300 caractères" in text_of(part)
    assert not RoundVisit.objects.exists()


def test_a_kept_team_gets_the_visits_of_the_one_that_is_merged_into_it(rooms, dan, diane, eve):
    kept, merged = rooms["101"], rooms["102"]
    services.see(team=kept, by=dan.user, at=NOON)
    services.see(team=merged, by=dan.user, at=NOON)
    services.see(team=merged, by=diane.user, note="Bien", at=NOON)

    organizing.merge(team=merged, into=kept, by=eve, at=NOON)

    assert sorted(kept.round_visits.values_list("by__name", "note")) == [
        ("Dan", ""),
        ("Diane", "Bien"),
    ]


def test_as_many_queries_for_sixty_teams_as_for_one(edition, infocom, dan, client_of):
    browser = client_of(dan.user)

    def queries() -> int:
        return queries_of(lambda: browser.get(INDEX))

    services.see(team=make_team(infocom, "Première", room="1", floor=0), by=dan.user, at=NOON)
    queries()
    with_one = queries()
    for n in range(60):
        team = make_team(infocom, f"Équipe {n}", room=str(n), floor=n // 10)
        if n % 2:
            services.see(team=team, by=make_user(f"p{n}@example.org"), at=NOON)

    assert queries() == with_one


def test_taps_that_were_kept_without_a_network_are_visits_once(rooms, edition, dan, client_of):
    browser, url = client_of(dan.user), reverse("rounds:synchronise")
    taps = [
        {"kind": "see", "team": team}
        for team in (rooms["101"].pk, 0, "x", rooms["102"].pk, math.inf)
    ]

    def send(by: int) -> Any:
        body = {"for": by, "changes": [*taps, "unreadable"]}
        return browser.post(url, body, content_type="application/json")

    services.see(team=rooms["101"], by=dan.user, note="Revoir", at=NOON)
    answers = [send(dan.user.pk).json()["answers"] for _twice in range(2)]

    states = ["accepted", "refused", "refused", "accepted", "refused", "refused"]
    assert [[answer["state"] for answer in each] for each in answers] == [states, states]
    seen = RoundVisit.objects.order_by("pk").values_list("team__room", "note")
    assert list(seen) == [("101", "Revoir"), ("102", "")]
    assert send(dan.user.pk + 1).status_code == 409
    assert Client().post(url).status_code == 401
