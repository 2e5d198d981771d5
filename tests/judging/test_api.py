"""A jury from its seats to its locked decision, by programs."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from hackathon.accounts.models import User
from hackathon.core.models import JournalEntry
from hackathon.editions.models import Department
from judging.enums import ReadingKind
from judging.models import Assignment, Criterion, Deliberation, Juror, Recusal, Score
from teams.models import Team
from tests.conftest import NOON
from tests.judging.conftest import NIGHT, Fill

pytestmark = pytest.mark.django_db(transaction=True)

type Ask = Callable[..., Any]
DELIBERATION = "deliberations/INFOCOM/"


@pytest.fixture
def ask(client_of: Callable[[User], Client]) -> Ask:
    def act(user: User, method: str, address: str, body: Any = None, **headers: str) -> Any:
        return getattr(client_of(user), method)(
            f"/api/v1/{address}", body, content_type="application/json", headers=headers
        )

    return act


@time_machine.travel(NOON, tick=False)
def test_an_organizer_seats_a_juror_who_leaves_and_comes_back(
    ask: Ask, eve: User, infocom: Department, dan: Juror
) -> None:
    new = {"department": "infocom", "email": "jo@example.org", "name": "Jo", "kind": "client"}

    made = ask(eve, "post", "jurors/", new, **{"Idempotency-Key": "1"})
    again = ask(eve, "post", "jurors/", new, **{"Idempotency-Key": "1"})
    seat = f"jurors/{made.json()['id']}/"
    changed = ask(eve, "patch", seat, {"is_president": True}).json()
    left = ask(eve, "put", f"{seat}departure/").json()
    back = ask(eve, "delete", f"{seat}departure/").json()
    gone = ask(eve, "delete", seat)

    assert (made.status_code, made.json()["name"], made.json()["department"]) == (
        201,
        "Jo",
        "INFOCOM",
    )
    assert again.json() == made.json()
    assert again["Idempotency-Replayed"] == "true"
    assert [message.to for message in mail.outbox] == [["jo@example.org"]]
    assert (changed["kind"], changed["is_president"]) == ("client", True)
    assert (left["left_at"], back["left_at"]) == ("2020-02-13T12:00:00Z", None)
    assert gone.status_code == 204
    assert not Juror.objects.filter(user__email="jo@example.org").exists()
    assert ask(dan.user, "post", "jurors/", new).status_code == 404


@time_machine.travel(NIGHT, tick=False)
def test_criteria_are_free_until_the_first_mark_and_then_the_presidents(
    ask: Ask, eve: User, dan: Juror, diane: Juror, fill: Fill, comunik: Team, infocom: Department
) -> None:
    new = {"department": "INFOCOM", "name": "Oral", "weight": 2}
    made = ask(eve, "post", "criteria/", new).json()
    one = f"criteria/{made['id']}/"
    moved = ask(eve, "patch", one, {"position": 0, "guidance": "La voix"}).json()
    fill(dan, comunik, 12, 13, finish=False)

    late = ask(eve, "patch", one, {"weight": 3})
    stranger = ask(dan.user, "patch", one, {"weight": 3, "reason": "Plus juste"})
    amended = ask(diane.user, "patch", one, {"weight": 3, "reason": "Plus juste"})
    ordered = ask(diane.user, "patch", one, {"position": 3, "reason": "Plus juste"})

    assert (moved["name"], moved["weight"], moved["out_of"], moved["position"]) == (
        "Oral",
        2,
        20,
        0,
    )
    assert (late.status_code, late.json()["code"]) == (409, "scoring_begun")
    assert late["Content-Type"] == "application/problem+json"
    assert stranger.status_code == 404
    assert (amended.json()["weight"], amended.json()["guidance"]) == (3, "La voix")
    assert JournalEntry.objects.get(act="criterion.amended").detail["reason"] == "Plus juste"
    assert ordered.status_code == 400
    assert ask(eve, "delete", one).json()["code"] == "scoring_begun"
    assert Criterion.objects.filter(pk=made["id"], weight=3).exists()


@time_machine.travel(NOON, tick=False)
def test_who_reads_whom_follows_rules_plans_and_recusals(
    ask: Ask, eve: User, dan: Juror, diane: Juror, comunik: Team, five: Team, infocom: Department
) -> None:
    jury = f"juries/{infocom.pk}"
    rules = ask(eve, "patch", f"{jury}/rules/", {"readings": 1, "separation": "0.9"}).json()
    assert ask(eve, "put", f"{jury}/plan/").status_code == 204
    planned = Assignment.objects.count()
    recusal = {"juror": dan.pk, "team": comunik.pk, "reason": "Sa fille"}

    stranger = ask(diane.user, "post", "recusals/", recusal)
    made = ask(dan.user, "post", "recusals/", recusal)
    seen = {user.email: ask(user, "get", "recusals/").json() for user in (dan.user, diane.user)}
    readers = set(Assignment.objects.filter(team=comunik).values_list("juror", flat=True))
    added = ask(eve, "post", f"{jury}/readings/", {"juror": dan.pk, "team": five.pk})
    elsewhere = ask(eve, "post", f"{jury}/readings/", {"juror": dan.pk, "team": 999_999})
    withdrawn = ask(dan.user, "delete", f"recusals/{made.json()['id']}/")
    dropped = ask(eve, "delete", f"{jury}/plan/")

    chosen = {"method": "harmonised", "readings": 1, "separation": 0.9, "hears_nominees": False}
    assert rules == {"id": infocom.pk, **chosen}
    assert ask(eve, "get", f"{jury}/rules/").json() == rules
    assert planned == 2
    assert stranger.status_code == 404
    assert made.status_code == 201
    assert seen[dan.user.email] == seen[diane.user.email] == [made.json()]
    assert readers == {diane.pk}
    assert (added.status_code, elsewhere.status_code) == (204, 404)
    assert (withdrawn.status_code, dropped.status_code) == (204, 204)
    assert not Recusal.objects.exists()


@time_machine.travel(NIGHT, tick=False)
def test_a_president_decides_and_the_jury_signs_and_locks(
    ask: Ask, eve: User, dan: Juror, diane: Juror, scored: Sequence[Team], infocom: Department
) -> None:
    first, second, third = (team.pk for team in scored)
    ranking = ask(diane.user, "get", DELIBERATION).json()
    decision = {
        "nominees": [first, second],
        "places": [{"team": first, "rank": 1}, {"team": second, "rank": 2}],
        "special": [{"team": third, "title": "Coup de cœur"}],
        "reason": "Pour l’idée.",
        "order_confirmed": True,
        "seen": ranking["seen"],
    }

    drafted = ask(diane.user, "put", DELIBERATION, decision).json()
    unready = ask(dan.user, "get", DELIBERATION)
    opened = ask(diane.user, "put", f"{DELIBERATION}opening/").json()
    read = ask(dan.user, "get", DELIBERATION).json()
    stale = ask(dan.user, "put", f"{DELIBERATION}signature/", {"seen": "2026-01-01T00:00:00Z"})
    signed = ask(dan.user, "put", f"{DELIBERATION}signature/", {"seen": read["opened_at"]}).json()
    locked = ask(diane.user, "put", f"{DELIBERATION}lock/").json()
    late = ask(diane.user, "put", DELIBERATION, decision)
    reopened = ask(diane.user, "post", f"{DELIBERATION}reopening/", {"reason": "Une erreur"})

    assert [line["team"] for line in ranking["standings"]] == [first, second]
    assert ranking["not_ranked"] == [third]
    assert drafted["places"] == decision["places"]
    assert drafted["special"] == decision["special"]
    assert unready.status_code == 404
    assert opened["opened_at"] is not None
    assert (read["nominees"], read["standings"], read["seen"]) == ([first, second], [], "")
    assert (stale.status_code, stale.json()["code"]) == (409, "decision_changed")
    assert {s["juror"] for s in signed["signatures"] if s["signed_at"]} == {dan.pk}
    assert len(locked["digest"]) == 64
    assert (late.status_code, late.json()["code"]) == (409, "deliberation_locked")
    assert reopened.status_code == 201
    assert Deliberation.objects.get().struck[0]["reason"] == "Une erreur"
    acts = JournalEntry.objects.filter(act="ranking.viewed", by=diane.user)
    assert acts.exists()
    for method, body in (("get", None), ("put", decision)):
        assert ask(eve, method, DELIBERATION, body).status_code == 404


@time_machine.travel(NIGHT, tick=False)
def test_second_readings_are_assigned_as_they_were_proposed(
    ask: Ask,
    fill: Fill,
    dan: Juror,
    diane: Juror,
    max: Juror,  # noqa: A002
    scored: Sequence[Team],
    infocom: Department,
) -> None:
    address = f"{DELIBERATION}second-readings/"
    fill(max, scored[0], 17, 17)  # a first team that was read once is not alone
    for position, team in enumerate(scored):
        Assignment.objects.create(juror=dan, team=team, position=position)
    none = ask(diane.user, "get", address)
    Score.objects.update(value=15)  # two teams are ex aequo
    proposed = ask(diane.user, "get", address)

    other = ask(diane.user, "post", address, {"seen": "0"})
    assigned = ask(diane.user, "post", address, {"seen": proposed.json()["seen"]})

    assert none.json() == {"readings": [], "seen": "", "refusal": "leader_alone"}
    assert (other.status_code, other.json()["code"]) == (409, "readings_changed")
    assert assigned.status_code == 204
    second = Assignment.objects.get(kind=ReadingKind.SECOND)
    [line] = proposed.json()["readings"]
    assert (line["juror"], line["team"]) == (second.juror_id, second.team_id)
    assert second.team in scored[:2]
    assert 0 < line["chance"] <= line["chance_later"] < 1
    assert ask(dan.user, "get", address).status_code == 404
