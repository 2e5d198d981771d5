"""What a tablet sends beside marks: skipped teams, flags, pauses, the own order."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from hackathon.base.core.models import JournalEntry
from judging.enums import VisitKind
from judging.jury.selectors import open_flags, skips_of
from judging.models import Flag, Juror, ScoreSheet
from judging.scoring.changes import Outcome, SentVisit, Visit
from judging.scoring.services import visits
from teams.models import Team
from tests.conftest import DEADLINE
from tests.judging.conftest import NIGHT, text_of

pytestmark = [pytest.mark.usefixtures("night", "criteria")]

type Send = Callable[..., Outcome]


@pytest.fixture
def send(dan, edition) -> Send:
    def act(
        kind: str, value: str = "", *, team: Team | None = None, by: Juror = dan, **more: Any
    ) -> Outcome:
        at = more.pop("at", NIGHT)
        visit = Visit(
            VisitKind(kind),
            value,
            key=more.pop("key", uuid4()),
            department=0 if team else by.department_id,
            given_at=more.pop("given_at", None),
        )
        change = SentVisit(str(visit.key), team.pk if team else 0, visit)
        (result,) = visits.write_changes(by=by.user, edition=edition, changes=[change], at=at)
        return result.outcome

    return act


def acts() -> list[str]:
    return list(JournalEntry.objects.order_by("pk").values_list("act", flat=True))


def iso(minutes: int, at: datetime = NIGHT) -> str:
    return (at + timedelta(minutes=minutes)).isoformat()


def test_a_team_is_put_off_and_taken_back(send, dan, comunik):
    assert send("skip", "busy", team=comunik) == Outcome.ACCEPTED
    assert send("skip", "busy", team=comunik) == Outcome.ACCEPTED
    assert skips_of(dan) == {comunik.pk: "busy"}

    # Made before the first one, on a tablet that was handed over without a network.
    send("skip", "", team=comunik, given_at=NIGHT - timedelta(minutes=5))
    assert skips_of(dan) == {comunik.pk: "busy"}

    send("skip", "", team=comunik)
    assert skips_of(dan) == {}
    assert acts() == ["skip.made", "skip.withdrawn"]


def test_only_a_reader_of_an_open_jury_puts_a_team_off(send, dan, comunik, pixels):
    assert send("skip", "busy", team=pixels) == Outcome.REFUSED
    assert send("skip", "tired", team=comunik) == Outcome.REFUSED
    assert send("skip", "busy", team=comunik, at=DEADLINE) == Outcome.REFUSED
    assert skips_of(dan) == {}


def test_a_flag_is_shown_to_organizers_until_they_close_it(
    send, dan, comunik, edition, eve, client_of
):
    key = uuid4()
    for _ in range(2):
        assert send("flag", " Pas de\ncourant. ", team=comunik, key=key) == Outcome.ACCEPTED
    assert send("flag", "x" * 301, team=comunik) == Outcome.REFUSED
    assert send("flag", " ", team=comunik) == Outcome.REFUSED
    flag = Flag.objects.get()
    close = reverse("control_room:flag-close", args=[flag.pk])
    room = reverse("control_room:control")
    organizer = client_of(eve)

    assert "Pas de courant." in text_of(organizer.get(room))
    assert client_of(dan.user).post(close).status_code == 404
    for _ in range(2):
        organizer.post(close)

    assert "Pas de courant." not in text_of(organizer.get(room))
    assert open_flags(edition) == []
    assert acts() == ["flag.raised", "flag.closed"]


def test_a_pause_is_seen_by_the_jury_and_ends_by_the_clock(send, dan, diane, client_of):
    assert send("jury_pause", iso(10)) == Outcome.REFUSED  # does not preside
    assert send("pause", "tomorrow") == Outcome.REFUSED
    send("pause", iso(10))
    colleague = client_of(diane.user)
    progress = reverse("judging:progress-report", args=["INFOCOM"])

    until = "jusqu’à 0:10"
    assert f"En pause : Dan {until}" in text_of(colleague.get("/jury/")).replace("\xa0", " ")
    assert f"pause {until}" in text_of(colleague.get(progress))
    with time_machine.travel(NIGHT + timedelta(minutes=10), tick=False):
        assert until not in text_of(colleague.get("/jury/"))
        assert until not in text_of(colleague.get(progress))

    send("jury_pause", iso(600), by=diane)
    dan.refresh_from_db()
    assert dan.paused_until == NIGHT + timedelta(hours=4)
    send("pause", "")
    dan.refresh_from_db()
    diane.refresh_from_db()
    assert (dan.paused_until, diane.paused_until is None) == (None, False)
    assert acts()[-3:] == ["juror.paused", "jury.paused", "juror.resumed"]


def test_the_own_order_is_for_the_juror_alone(send, dan, diane, comunik, five, client_of):
    order = f"{five.pk},{comunik.pk}"
    for _ in range(2):
        assert send("order", order) == Outcome.ACCEPTED
    assert send("order", "1,x") == Outcome.REFUSED

    assert f'data-own-order="{order}"' in client_of(dan.user).get("/jury/").content.decode()
    assert order not in client_of(diane.user).get("/jury/").content.decode()
    assert acts() == []


def test_the_pages_go_on_to_teams_that_are_not_put_off_and_count_readings(
    send, dan, diane, comunik, five, third, fill, dan_client, client_of
):
    fill(diane, five, 10, 10)
    send("skip", "absent", team=third)

    page = dan_client.get(reverse("judging:sheet", args=["INFOCOM", comunik.pk]))
    found = {team["id"]: (team["skip"], team["readings"]) for team in page.context["mine"]}
    assert found == {comunik.pk: ("", 0), five.pk: ("", 1), third.pk: ("absent", 0)}
    assert page.context["page"].next_unfinished == five

    president = client_of(diane.user).get(reverse("judging:progress-report", args=["INFOCOM"]))
    assert f"{third.name} : pas là" in text_of(president).replace("\xa0", " ")
    fill(dan, third, 10, 10)
    president = client_of(diane.user).get(reverse("judging:progress-report", args=["INFOCOM"]))
    assert f"{third.name} : pas là" not in text_of(president).replace("\xa0", " ")


def test_a_tablet_sends_them_among_marks_in_the_order_in_which_they_were_made(
    dan, dan_client, comunik, criteria
):
    skip = {"kind": "skip", "value": "later", "team": comunik.pk}
    mark = {"kind": "mark", "criterion": criteria[0].pk, "value": "14", "team": comunik.pk}
    order = {"kind": "order", "value": str(comunik.pk), "team": 0, "department": dan.department_id}
    wrong = {**mark, "value": "99"}
    changes = [{"key": str(uuid4()), "base": 0, **one} for one in (skip, mark, order, wrong)]

    body = json.dumps({"for": dan.user_id, "changes": changes})
    answer = dan_client.post("/jury/synchroniser/", body, content_type="application/json")

    answers = answer.json()["answers"]
    assert [one["key"] for one in answers] == [one["key"] for one in changes]
    assert [one["state"] for one in answers] == ["accepted"] * 3 + ["refused"]
    assert acts() == ["skip.made", "sheet.begun"]
    assert ScoreSheet.objects.get().scores.count() == 1
    dan.refresh_from_db()
    assert (skips_of(dan), dan.own_order) == ({comunik.pk: "later"}, [comunik.pk])
