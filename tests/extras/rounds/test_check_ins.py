import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import LiveMessage
from hackathon.base.live.audiences import tutors_audience
from hackathon.event.editions.services import schedule
from hackathon.event.roles import audiences_for, roles_of
from hackathon.extras.rounds import notifications, periodic, services
from hackathon.extras.rounds.enums import Progress
from hackathon.extras.rounds.errors import CheckInRefusal
from hackathon.extras.rounds.models import CheckIn, CheckInAnswer
from hackathon.extras.rounds.selectors import may_read_answers
from judging.enums import JurorKind
from judging.models import Juror
from teams.models import Duty, Team
from tests.addresses import blocks_url
from tests.conftest import DEADLINE, NOON, make_team, make_user
from tests.refusals import refuses

pytestmark = pytest.mark.time_machine(NOON, tick=False)

ANSWERS = "/ronde/ou-en-sont-les-equipes/"
OWN = "/equipe/ou-en-etes-vous/"
FOUR = NOON + timedelta(hours=3)  # 16:00 in Nancy


@pytest.fixture
def asked(edition, eve) -> CheckIn:
    return services.ask(edition=edition, by=eve, at=NOON)


def say(check_in: CheckIn, team: Team, by: User, text: str = "", at: datetime = NOON) -> Any:
    given = {"progress": Progress.STUCK, "text": text, "by": by, "at": at}
    return services.answer(check_in=check_in, team=team, **given)


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split()).replace("\xa0", " ")


# ---------------------------------------------------------------- who reads answers

# (organizes, seats as departments, duties as (kind, department or None)), reads INFOCOM, reads INFO
READERS = {
    "an organizer": (True, [], [], True, True),
    "an organizer in the jury": (True, ["INFOCOM"], [], True, True),
    "a tutor of one department": (False, [], [("teacher", "INFOCOM")], True, False),
    "a tutor of all departments": (False, [], [("teacher", None)], True, True),
    "a juror": (False, ["INFOCOM"], [], False, False),
    "a tutor of the department of the own jury": (
        *(False, ["INFOCOM"], [("teacher", "INFOCOM")], False, False),
    ),
    "a tutor of all departments in one jury": (
        *(False, ["INFOCOM"], [("teacher", None)], False, True),
    ),
    "a juror of one department, tutor of another": (
        *(False, ["INFOCOM"], [("teacher", "INFO")], False, True),
    ),
    "who answers for the client": (False, [], [("client", "INFOCOM")], False, False),
    "who answers for the technique": (False, [], [("technical", None)], False, False),
    "nobody": (False, [], [], False, False),
}


@pytest.mark.parametrize("kind", JurorKind)
@pytest.mark.parametrize("who", READERS)
def test_tutors_and_organizers_read_answers_and_juries_never(
    who, kind, edition, asked, comunik, pixels, ada, cleo, client_of
):
    organizes, seats, duties, reads_infocom, reads_info = READERS[who]
    departments = {d.code: d for d in edition.departments.all()}
    person = make_user("who@example.org", "Qui")
    if organizes:
        edition.organizers.add(person)
    for code in seats:
        Juror.objects.create(user=person, department=departments[code], kind=kind)
    for duty, code in duties:
        Duty.objects.create(
            edition=edition, user=person, kind=duty, department=departments.get(code)
        )
    say(asked, comunik, ada, "texte infocom")
    say(asked, pixels, cleo, "texte info")

    roles = roles_of(person, edition)
    page = client_of(person).get(ANSWERS)

    expected = [reads_infocom, reads_info]
    assert [may_read_answers(roles, departments[c].pk) for c in ("INFOCOM", "INFO")] == expected
    assert page.status_code == (200 if any(expected) else 404)
    texts = page.content.decode()
    assert [
        "texte infocom" in texts,
        "texte info" in re.sub("texte infocom", "", texts),
    ] == expected


def test_the_message_about_an_answer_says_nothing_and_no_jury_hears_it(
    edition,
    asked,
    comunik,
    ada,
    dan,
    max,  # noqa: A002
):
    say(asked, comunik, ada, "secret")

    message = LiveMessage.objects.get(type="check_in.answered")
    readers = set(message.audiences.strip("|").split("|"))
    assert message.data == {}
    assert tutors_audience(comunik.department_id) in readers
    for juror in (dan, max):
        assert readers.isdisjoint(audiences_for(juror.user, edition))


# ---------------------------------------------------------------- asking


def test_a_question_is_asked_at_its_instant(edition, comunik, ada, eve, client_of):
    browser, team = client_of(eve), client_of(ada)
    form = browser.get(reverse("rounds:ask")).context["form"]

    browser.post(reverse("rounds:ask"), {"when": "later", "asks_at": "2020-02-13T16:00:00"})

    assert form.initial == {"when": "later", "asks_at": FOUR}
    assert CheckIn.objects.get().asks_at == FOUR
    before = team.get("/equipe/").content.decode()
    assert f'<template data-at="{FOUR.isoformat()}">' in before  # no request at the instant
    with time_machine.travel(FOUR, tick=False):
        for page in ("/equipe/", "/rendu/"):
            assert 'name="progress" value="stuck"' in team.get(page).content.decode()


def test_without_an_instant_the_form_says_what_to_do(edition, eve, client_of):
    answer = client_of(eve).post(reverse("rounds:ask"), {"when": "later", "asks_at": ""})

    assert "Donnez l’heure, ou demandez maintenant." in text_of(answer)
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize(
    ("asks_at", "at", "code"),
    [
        (NOON - timedelta(minutes=2), NOON, CheckInRefusal.PAST),
        (DEADLINE + timedelta(minutes=1), NOON, CheckInRefusal.NOT_IN_DAY),
        (None, NOON - timedelta(hours=6), CheckInRefusal.NOT_IN_DAY),
        (FOUR + timedelta(minutes=14), NOON, CheckInRefusal.TOO_CLOSE),
        (FOUR - timedelta(minutes=14), NOON, CheckInRefusal.TOO_CLOSE),
    ],
)
def test_a_question_that_cannot_be_asked(asks_at, at, code, edition, eve):
    services.ask(edition=edition, asks_at=FOUR, by=eve, at=NOON)

    with refuses(code):
        services.ask(edition=edition, asks_at=asks_at, by=eve, at=at)

    assert CheckIn.objects.count() == 1


def test_a_cancelled_question_is_gone_and_its_hour_is_free(
    edition, asked, comunik, ada, eve, client_of
):
    client_of(eve).post(reverse("rounds:cancel", args=[asked.pk]))

    assert 'name="progress"' not in client_of(ada).get("/equipe/").content.decode()
    with pytest.raises(Refused, match=CheckInRefusal.CANCELLED):
        services.cancel(check_in=asked, by=eve, at=NOON)
    assert services.ask(edition=edition, by=eve, at=NOON).pk != asked.pk


# ---------------------------------------------------------------- answering


def test_a_team_answers_with_one_tap_and_changes_its_answer(asked, comunik, ada, ben, client_of):
    body = {"check_in": asked.pk, "progress": "stuck", "text": "Le serveur"}
    first = client_of(ada).post(OWN, body, headers={"HX-Request": "true"})
    second = client_of(ben).post(OWN, {"check_in": asked.pk, "progress": "fine", "text": ""})

    assert "C’est noté" in text_of(first)
    assert second.url == "/equipe/"
    answer = CheckInAnswer.objects.get()
    assert (answer.team, answer.progress, answer.text) == (comunik, "fine", "")
    assert answer.answered_by == ben
    page = text_of(client_of(ada).get("/rendu/"))
    assert "Tout va bien, dit Ben à 13:00 · changer" in " ".join(page.split())


def test_an_answer_that_comes_too_late_keeps_what_was_typed(
    edition, asked, comunik, ada, eve, client_of
):
    services.ask(edition=edition, asks_at=FOUR, by=eve, at=NOON)
    body = {"check_in": asked.pk, "progress": "stuck", "text": "Le serveur"}

    with time_machine.travel(FOUR, tick=False):
        page = client_of(ada).post(OWN, body)
        said = client_of(ada).post(OWN, body, headers={"HX-Request": "true"})
    with time_machine.travel(DEADLINE + timedelta(seconds=1), tick=False):
        over = client_of(ada).get(OWN)

    assert page.status_code == 422
    assert "On ne répond plus à cette question." in text_of(page)
    assert 'value="Le serveur"' in page.content.decode()
    assert "On ne répond plus à cette question." in text_of(said)
    assert "Rien à répondre pour l’instant" in text_of(over)
    assert not CheckInAnswer.objects.exists()


def test_a_line_that_is_too_long_is_refused_in_words(asked, comunik, ada, client_of):
    body = {"check_in": asked.pk, "progress": "stuck", "text": "x" * 141}

    said = client_of(ada).post(OWN, body, headers={"HX-Request": "true"})

    assert "140 caractères" in text_of(said)
    assert not CheckInAnswer.objects.exists()


# ---------------------------------------------------------------- the control room, notifications


def test_the_control_room_names_who_was_seen_by_nobody_and_who_is_behind(
    asked, comunik, pixels, infocom, ada, dan, eve, client_of
):
    make_team(infocom, "Absente", absent_at=NOON, absent_by=eve)
    services.see(team=comunik, by=dan.user, at=NOON)
    say(asked, comunik, ada, "Le site")

    block = text_of(client_of(eve).get(blocks_url("round")))

    assert "1 équipe que personne n’a vue Les Pixels (311)" in block
    assert "Se disent en retard : 1 (13:00)" in block
    assert "214 Com’unik Très en retard ou bloqués Le site" in block


def test_devices_of_teams_are_notified_once_from_the_instant_on(edition, comunik, eve, monkeypatch):
    sent: list[Any] = []
    monkeypatch.setattr(services, "enqueue", lambda _task, *arguments: sent.append(arguments))
    planned = services.ask(edition=edition, asks_at=FOUR, by=eve, at=NOON)

    periodic.notify_of_due_check_ins()
    assert sent == []
    with time_machine.travel(FOUR, tick=False):
        periodic.notify_of_due_check_ins()
        periodic.notify_of_due_check_ins()

    assert sent == [("check-in", planned.pk)]
    notification = notifications.check_in_asked(planned.pk)
    assert notification is not None
    assert {user.name for user in notification.users} == {"Ada", "Ben"}
    services.cancel(check_in=planned, by=eve, at=FOUR)
    assert notifications.check_in_asked(planned.pk) is None


def test_planned_questions_move_with_the_whole_day(edition, eve):
    before, day = NOON - timedelta(days=1), timedelta(days=1)
    # One day apart: the first one moves to where the second one was.
    for asks_at in (FOUR, FOUR + day):
        CheckIn.objects.create(edition=edition, asked_by=eve, asks_at=asks_at)
    CheckIn.objects.create(edition=edition, asked_by=eve, asks_at=NOON, cancelled_at=before)

    schedule.move_day(edition=edition, to=edition.starts_at + day, by=eve, at=before)

    asked = CheckIn.objects.values_list("asks_at", flat=True)
    assert list(asked) == [NOON, FOUR + day, FOUR + 2 * day]
    assert LiveMessage.objects.filter(type="check_in.changed").count() == 1
