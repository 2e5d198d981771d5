"""Nobody but those who answer learns which team asked a question."""

import asyncio

import pytest
from channels.db import database_sync_to_async
from django.core import mail
from django.urls import reverse

from hackathon.day.questions.enums import Addressee, PublishTo
from hackathon.day.questions.models import Question
from teams.models import Team
from tests.access.roles import browser_of
from tests.questions.conftest import ask, asked_in_secret, publish, text
from tests.site.sockets import connected

API = "/api/v1/questions/"
MARKER = "zqxequipe"
STATUS_JSON = "application/json"

pytestmark = pytest.mark.usefixtures("noon")


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["cleo", "neighbour", "dan", "max", "loner", "anonymous"])
def test_no_message_reveals_to_others_which_team_asked(role, world, eve, request, loner, client_of):
    question, other, neighbour = asked_in_secret(world, eve, MARKER)
    browser = client_of(neighbour) if role == "neighbour" else browser_of(role, request)

    live = browser.get("/api/v1/live/", {"after": 0}).content.decode()
    api = browser.get(API).content.decode()
    published = browser.get("/questions/").content.decode()

    assert MARKER not in live + api + published
    for asked in (question, other):
        assert f'"question":{asked.pk}' not in live or role == "max"
    in_department = role in ("neighbour", "dan", "max")
    for wording, reads in (("Un logo ?", in_department), ("En couleurs ?", role != "anonymous")):
        assert (wording in published) is reads
        assert (wording in api) is reads
    assert not mail.outbox


@pytest.mark.django_db
def test_the_client_answers_without_knowing_which_team_asked(comunik, max, ada, eve, client_of):  # noqa: A002
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
    comunik, pixels, ada, cleo, eve, client_of
):
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
    comunik,
    pixels,
    dan,
    max,  # noqa: A002
    ada,
    cleo,
    eve,
):
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
def test_the_list_of_the_admin_shows_no_text_of_a_question(comunik, ada, root, client_of):
    ask(comunik, ada, MARKER)
    path = reverse("admin:questions_question_changelist")
    own = reverse("admin:questions_question_change", args=[Question.objects.get().pk])

    assert MARKER in text(client_of(root).get(own))
    assert MARKER not in text(client_of(root).get(path))
