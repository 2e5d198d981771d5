"""Questions on the pages, in the API and on the socket, and the secrecy of the team that asked."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from channels.db import database_sync_to_async
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.accounts.models import User
from hackathon.core.models import LiveMessage
from hackathon.editions.models import Brief, Department, Edition
from hackathon.questions.enums import Addressee, PublishTo, Topic
from hackathon.questions.models import Publication, Question
from hackathon.questions.rules import Answerer, Asker
from hackathon.questions.services import questions
from judging.models import Juror
from submissions.extensions import services as extensions
from teams.models import Team
from tests.addresses import World
from tests.conftest import DEADLINE, NOON, make_team, make_user
from tests.site.sockets import connected
from tests.test_access import browser_of
from tests.test_brief_secret import responses_of_the_site

type SignIn = Callable[[User], Client]
API = "/api/v1/questions/"
ORGANIZER = Answerer(organizer=True)
MARKER = "zqxequipe"
STATUS_JSON = "application/json"


@pytest.fixture(autouse=True)
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


def ask(team: Team, by: User, body: str = "Faut-il un logo ?", **given: Any) -> Question:
    said = {"to": Addressee.ORGANIZERS, "topic": Topic.OTHER, "at": NOON, **given}
    asker = Asker(team.pk, team.name, team.department, closes_at=DEADLINE)
    return questions.ask(asker=asker, body=body, by=by, **said)


def publish(question: Question, by: User, to: str, wording: str = "Un logo ?") -> Publication:
    questions.answer(
        question=question,
        who=ORGANIZER,
        text="**Oui.**",
        publish_to=to,
        wording=wording,
        by=by,
        at=NOON,
    )
    return Publication.objects.get(question=question)


def text(response: Any) -> str:
    assert response.status_code == 200
    return response.content.decode()


# ---------------------------------------------------------------- secrecy of the team


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["cleo", "neighbour", "dan", "max", "loner", "anonymous"])
def test_no_page_reveals_to_others_which_team_asked(
    role: str, world: World, eve: User, request: Any, loner: Any
) -> None:
    department = world.objects["department"]
    asking = make_user("asks@example.org", f"Zoé {MARKER}")
    neighbour = make_user("neighbour@example.org", "Nina")
    make_team(department, "Les Voisins", neighbour)
    team = make_team(department, f"Les {MARKER}", asking, room="9")
    aside: dict[str, Any] = {"topic": Topic.PRACTICAL, "at": NOON - timedelta(hours=1)}
    question = ask(team, asking, f"Nous, les {MARKER}, faut-il un logo ?", **aside)
    publish(question, eve, PublishTo.DEPARTMENT, "Un logo ?")
    other = ask(team, asking, f"Nous, les {MARKER}, en couleurs ?", topic=Topic.PRACTICAL)
    publish(other, eve, PublishTo.EVERYONE, "En couleurs ?")
    # The home page names every team: now only the question contains the marker.
    Team.objects.filter(pk=team.pk).update(name="Équipe ordinaire")
    User.objects.filter(pk=asking.pk).update(name="Zoé")
    world.objects["question"] = question
    if role == "neighbour":
        browser = Client()
        browser.force_login(
            neighbour, backend="allauth.account.auth_backends.AuthenticationBackend"
        )
    else:
        browser = browser_of(role, request)

    found = [what for what, answer in responses_of_the_site(world, browser) if MARKER in answer]
    live = browser.get("/api/v1/live/", {"after": 0}).content.decode()
    api = browser.get(API).content.decode()
    published = browser.get("/questions/").content.decode()

    assert found == []
    assert MARKER not in live + api + published
    for asked in (question, other):
        assert f'"question":{asked.pk}' not in live or role == "max"
    in_department = role in ("neighbour", "dan", "max")
    for wording, reads in (("Un logo ?", in_department), ("En couleurs ?", role != "anonymous")):
        assert (wording in published) is reads
        assert (wording in api) is reads
    assert not mail.outbox


@pytest.mark.django_db
def test_the_client_answers_without_knowing_which_team_asked(
    comunik: Team,
    max: Juror,  # noqa: A002
    ada: User,
    eve: User,
    client_of: SignIn,
) -> None:
    Team.objects.filter(pk=comunik.pk).update(name=MARKER)
    comunik.refresh_from_db()
    question = ask(comunik, ada, to=Addressee.CLIENT)
    own = reverse("questions:detail", args=[question.pk])
    client, organizer = client_of(max.user), client_of(eve)

    for url in ("/questions/file/", own, API):
        assert MARKER not in text(client.get(url)), url
        assert "Ada" not in text(client.get(url)), url
        assert MARKER in text(organizer.get(url)), url
    client.post(own, {"text": "Oui."})
    for url in ("/questions/file/", own, API):
        assert MARKER not in text(client.get(url)), url

    assert Question.objects.get().answer == "Oui."
    assert "Oui." in text(client_of(ada).get("/questions/"))


@pytest.mark.django_db
def test_ids_and_order_of_published_answers_reveal_nothing(
    comunik: Team, pixels: Team, ada: User, cleo: User, eve: User, client_of: SignIn
) -> None:
    first, second = ask(comunik, ada, "un ?"), ask(pixels, cleo, "deux ?")
    # Published in the other order: ids, order and instants are those of the publication.
    publish(second, eve, PublishTo.EVERYONE, "Deux ?")
    publish(first, eve, PublishTo.EVERYONE, "Un ?")

    read = client_of(cleo).get(API).json()["published"]

    assert [p["question"] for p in read] == ["Un ?", "Deux ?"]
    assert read[0]["id"] > read[1]["id"]
    assert set(read[0]) == {
        "id",
        "question",
        "answer",
        "html",
        "topic",
        "audience",
        "published_at",
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.asyncio
async def test_the_messages_of_a_question_go_to_the_team_and_to_those_who_answer(
    comunik: Team,
    pixels: Team,
    dan: Juror,
    max: Juror,  # noqa: A002
    ada: User,
    cleo: User,
    eve: User,
) -> None:
    people = {"ada": ada, "cleo": cleo, "dan": dan.user, "max": max.user, "eve": eve, None: None}
    sockets = {name: await connected(user) for name, user in people.items()}

    question = await database_sync_to_async(ask)(comunik, ada, to=Addressee.CLIENT)
    for name, socket in sockets.items():
        expected = ["question.asked"] if name in ("ada", "max", "eve") else []
        assert await socket.receive_types() == expected, name
    await database_sync_to_async(publish)(question, eve, PublishTo.DEPARTMENT)
    for name, socket in sockets.items():
        received = await socket.receive_all()
        expected = {"ada": 2, "max": 2, "eve": 2, "dan": 1}.get(str(name), 0)
        assert len(received) == expected, name
        hints = [m["data"] for m in received if m["type"] == "question.published"]
        assert hints == [{}] * min(1, expected)
        assert "Com’unik" not in str(received)
    await asyncio.gather(*(socket.disconnect() for socket in sockets.values()))


@pytest.mark.django_db
def test_staff_who_do_not_organize_read_neither_questions_nor_the_journal(
    comunik: Team, ada: User, eve: User, client_of: SignIn
) -> None:
    ask(comunik, ada, MARKER)
    looks = Permission.objects.filter(codename__startswith="view_")
    for user in (cleo := make_user("staff@example.org", "S", is_staff=True), eve):
        user.is_staff = True
        user.save()
        user.user_permissions.set(looks)
    path = reverse("admin:questions_question_changelist")
    own = reverse("admin:questions_question_change", args=[Question.objects.get().pk])

    assert client_of(cleo).get(reverse("admin:core_journalentry_changelist")).status_code == 403
    assert "13 février" not in text(client_of(cleo).get(path))
    assert client_of(cleo).get(own).status_code == 302
    assert MARKER in text(client_of(eve).get(own))
    assert MARKER not in text(client_of(eve).get(path))


# ---------------------------------------------------------------- the pages


@pytest.mark.django_db
def test_a_question_is_asked_taken_answered_and_read(
    comunik: Team, pixels: Team, ben: User, cleo: User, eve: User, brief: Brief, client_of: SignIn
) -> None:
    member, other, organizer = client_of(ben), client_of(cleo), client_of(eve)

    asked = member.post(
        reverse("questions:ask"), {"to": "organizers", "topic": "brief", "body": "Un logo ?"}
    )
    question = Question.objects.get()
    own = reverse("questions:detail", args=[question.pk])
    assert asked["Location"] == "/questions/"
    assert "Un logo ?" in text(member.get("/questions/"))
    assert "Un logo ?" not in text(other.get("/questions/"))
    assert organizer.get(reverse("site:counts")).json()["questions"] == 1
    assert "salle 214" in text(organizer.get("/questions/file/"))

    organizer.post(reverse("questions:take", args=[question.pk]))
    assert "quelqu’un s’en occupe" in text(member.get("/questions/"))
    answered = organizer.post(
        own, {"text": "**Oui.**", "wording": "Faut-il un logo ?", "publish_to": "everyone"}
    )

    assert answered["Location"] == "/questions/file/"
    for browser in (member, other):
        assert "<strong>Oui.</strong>" in text(browser.get("/questions/"))
        assert browser.get(reverse("site:counts")).json()["questions"] == 1
    stamp = Publication.objects.get().stamp
    other.post(reverse("announcements:read"), {"stamp": stamp})
    assert other.get(reverse("site:counts")).json()["questions"] == 0
    assert organizer.get(reverse("site:counts")).json()["questions"] == 0


@pytest.mark.django_db
def test_a_text_with_the_name_of_the_team_must_be_confirmed(
    comunik: Team, ada: User, eve: User, client_of: SignIn
) -> None:
    question = ask(comunik, ada)
    own = reverse("questions:detail", args=[question.pk])
    typed = {"text": "Oui.", "wording": "Com’unik demande", "publish_to": "department"}
    browser = client_of(eve)

    refused = browser.post(own, typed)
    browser.post(own, {**typed, "names_nobody": "on"})

    assert refused.status_code == 422
    assert "Ce mot ne désigne pas l’équipe" in refused.content.decode()
    assert Publication.objects.get().wording == "Com’unik demande"


@pytest.mark.django_db
def test_each_button_shows_a_message(
    comunik: Team, ada: User, eve: User, client_of: SignIn
) -> None:
    root = User.objects.create_superuser("root@example.org", "secret-of-tests", name="Root")
    question = ask(comunik, ada)
    browser, other = client_of(eve), client_of(root)

    def press(who: Client, verb: str, **typed: str) -> str:
        url = reverse(f"questions:{verb}", args=[question.pk])
        return text(who.post(url, typed, follow=True))

    press(browser, "take")
    assert "Eve s’en occupe déjà." in press(other, "take")
    assert "Eve s’en occupe déjà." in press(other, "close", duplicate_of="")
    press(other, "take", **{"de-force": ""})
    assert "Root s’en occupe déjà." in press(browser, "release")
    assert "de nouveau à prendre" in press(other, "release")
    assert "n’existe pas" in press(other, "close", duplicate_of="404")
    assert "Question close." in press(other, "close", duplicate_of="")
    assert "Cette réponse n’est pas publiée." in press(other, "unpublish")
    assert "Close sans réponse" in text(client_of(ada).get("/questions/"))


@pytest.mark.django_db
def test_the_client_sees_only_the_questions_to_him_of_his_department(
    comunik: Team,
    pixels: Team,
    max: Juror,  # noqa: A002
    ada: User,
    cleo: User,
    client_of: SignIn,
) -> None:
    mine = ask(comunik, ada, "pour le client", to=Addressee.CLIENT)
    organizers = ask(comunik, ada, "pour l’orga", at=NOON + timedelta(minutes=1))
    elsewhere = ask(pixels, cleo, "ailleurs", to=Addressee.CLIENT)
    browser = client_of(max.user)

    shown = text(browser.get("/questions/file/"))

    assert "pour le client" in shown
    assert "pour l’orga" not in shown
    assert "ailleurs" not in shown
    assert browser.get(reverse("questions:detail", args=[mine.pk])).status_code == 200
    for other in (organizers, elsewhere):
        assert browser.get(reverse("questions:detail", args=[other.pk])).status_code == 404
        assert browser.post(f"/questions/{other.pk}/prendre/").status_code == 404
    assert "Publier à tous" not in text(browser.get(f"/questions/{mine.pk}/"))
    refused = browser.post(
        f"/questions/{mine.pk}/", {"text": "Oui", "wording": "x", "publish_to": "everyone"}
    )
    assert refused.status_code == 422


# ---------------------------------------------------------------- the API


@pytest.mark.django_db
def test_a_program_asks_and_reads(comunik: Team, ada: User, eve: User, client_of: SignIn) -> None:
    browser = client_of(ada)

    made = browser.post(API, {"to": "client", "body": "Un logo ?"}, content_type=STATUS_JSON)
    again = browser.post(API, {"to": "client", "body": "Et ?"}, content_type=STATUS_JSON)
    empty = browser.post(API, {"to": "client", "body": ""}, content_type=STATUS_JSON)
    wrong = browser.post(API, {"to": "jury", "body": "x"}, content_type=STATUS_JSON)

    question = Question.objects.get()
    assert made.status_code == 201
    assert made.json() == {
        "id": question.pk,
        "to": "client",
        "topic": "other",
        "body": "Un logo ?",
        "state": "open",
        "asked_by": "Ada",
        "asked_at": "2020-02-13T12:00:00Z",
        "answer": "",
        "settled_at": None,
    }
    assert (again.status_code, again.json()["code"]) == (409, "question_too_soon")
    assert (empty.status_code, empty.json()["code"]) == (409, "question_empty")
    assert (wrong.status_code, wrong["Content-Type"]) == (400, "application/problem+json")
    assert browser.get(API).json() == {"questions": [made.json()], "published": []}
    queued = client_of(eve).get(API).json()["questions"]
    assert queued[0]["team"] == {"id": comunik.pk, "name": "Com’unik"}


@pytest.mark.django_db
def test_a_team_with_an_extension_may_ask_longer(
    comunik: Team, edition: Edition, ada: User, client_of: SignIn
) -> None:
    at = DEADLINE + timedelta(minutes=20)
    with time_machine.travel(at, tick=False):
        browser = client_of(ada)
        late = browser.post(API, {"to": "client", "body": "x"}, content_type=STATUS_JSON)
        eve = edition.organizers.get()
        extensions.grant(edition, team=comunik, minutes=30, reason="x", by=eve, at=at)
        given = browser.post(API, {"to": "client", "body": "x"}, content_type=STATUS_JSON)

    assert (late.status_code, late.json()["code"]) == (409, "questions_closed")
    assert given.status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "url"),
    [
        ("ada", "/questions/"),
        ("ada", API),
        ("eve", "/questions/"),
        ("eve", "/questions/file/"),
        ("eve", API),
    ],
)
def test_the_number_of_queries_does_not_depend_on_the_length_of_the_lists(
    url: str, role: str, comunik: Team, infocom: Department, ada: User, eve: User, request: Any
) -> None:
    browser = browser_of(role, request)
    counts = []
    for number in (1, 2):
        for index in range(number):
            student = make_user(f"s{number}{index}@example.org", "S")
            team = make_team(infocom, f"Équipe {number}{index}", student)
            publish(ask(team, student), eve, PublishTo.EVERYONE)
            ask(team, student, at=NOON + timedelta(hours=1))
            at = NOON + timedelta(hours=number, minutes=index)
            publish(ask(comunik, ada, at=at), eve, PublishTo.DEPARTMENT)
        browser.get(url)
        with CaptureQueriesContext(connection) as queries:
            text(browser.get(url))
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 20


@pytest.mark.django_db
def test_no_message_is_published_for_another_edition(comunik: Team, ada: User, eve: User) -> None:
    Edition.objects.update(is_current=False)
    comunik.refresh_from_db()

    publish(ask(comunik, ada), eve, PublishTo.EVERYONE)

    assert not LiveMessage.objects.exists()
