"""Questions on the pages and in the API."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.models import LiveMessage
from hackathon.day.questions.enums import Addressee, PublishTo
from hackathon.day.questions.models import Publication, Question
from hackathon.day.questions.selectors import asker_of
from hackathon.event.editions.models import Edition
from hackathon.event.roles import roles_of
from submissions.extensions import services as extensions
from tests.access.roles import browser_of
from tests.conftest import DEADLINE, NOON, make_team, make_user
from tests.queries import queries_of
from tests.questions.conftest import ask, publish, text

API = "/api/v1/questions/"
STATUS_JSON = "application/json"

pytestmark = pytest.mark.usefixtures("noon")


# ---------------------------------------------------------------- the pages


def waiting_for(browser: Client) -> int:
    """What the counter of questions in the navigation shows."""
    counters = browser.get(reverse("site:counts")).content.decode()
    counted = re.search(r'id="count-questions".*?<b>(\d+)</b>', counters, re.DOTALL)
    assert counted
    return int(counted[1])


@pytest.mark.django_db
def test_a_question_is_asked_taken_answered_and_read(
    comunik, pixels, ben, cleo, eve, brief, client_of
):
    member, other, organizer = client_of(ben), client_of(cleo), client_of(eve)

    asked = member.post(
        reverse("questions:ask"), {"to": "organizers", "topic": "brief", "body": "Un logo ?"}
    )
    question = Question.objects.get()
    own = reverse("questions:detail", args=[question.pk])
    assert asked["Location"] == "/questions/"
    assert "Un logo ?" in text(member.get("/questions/"))
    assert "Un logo ?" not in text(other.get("/questions/"))
    assert waiting_for(organizer) == 1
    assert "salle 214" in text(organizer.get("/questions/file/"))

    organizer.post(reverse("questions:take", args=[question.pk]))
    assert "quelqu’un s’en occupe" in text(member.get("/questions/"))
    answered = organizer.post(
        own, {"text": "**Oui.**", "wording": "Faut-il un logo ?", "publish_to": "everyone"}
    )

    assert answered["Location"] == "/questions/file/"
    for browser in (member, other):
        assert "<strong>Oui.</strong>" in text(browser.get("/questions/"))
        assert waiting_for(browser) == 1
    stamp = Publication.objects.get().stamp
    other.post(reverse("announcements:read"), {"stamp": stamp})
    assert waiting_for(other) == 0
    assert waiting_for(organizer) == 0


@pytest.mark.django_db
def test_a_text_with_the_name_of_the_team_must_be_confirmed(comunik, ada, eve, client_of):
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
def test_each_button_shows_a_message(comunik, ada, eve, client_of):
    root = User.objects.create_superuser("root@example.org", "secret-of-tests", name="Root")
    question = ask(comunik, ada)
    browser, other = client_of(eve), client_of(root)

    def press(who: Client, verb: str, **typed: str) -> str:
        url = reverse(f"questions:{verb}", args=[question.pk])
        return text(who.post(url, typed, follow=True))

    press(browser, "take")
    assert "Eve s’en occupe déjà." in press(other, "take")
    assert "Eve s’en occupe déjà." in press(other, "close", duplicate_of="")
    press(other, "take", **{"take-over": ""})
    assert "Root s’en occupe déjà." in press(browser, "release")
    assert "de nouveau à prendre" in press(other, "release")
    assert "n’existe pas" in press(other, "close", duplicate_of="404")
    assert "Question close." in press(other, "close", duplicate_of="")
    assert "Cette réponse n’est pas publiée." in press(other, "unpublish")
    assert "Close sans réponse" in text(client_of(ada).get("/questions/"))


@pytest.mark.django_db
def test_the_client_sees_only_the_questions_to_him_of_his_department(
    comunik,
    pixels,
    max,  # noqa: A002
    ada,
    cleo,
    client_of,
):
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
def test_a_program_reads(comunik, ada, eve, client_of):
    question = ask(comunik, ada, "Un logo ?", to=Addressee.CLIENT)

    assert client_of(ada).get(API).json() == {
        "questions": [
            {
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
        ],
        "published": [],
    }
    queued = client_of(eve).get(API).json()["questions"]
    assert queued[0]["team"] == {"id": comunik.pk, "name": "Com’unik"}


@pytest.mark.django_db
def test_a_team_with_an_extension_may_ask_longer(comunik, edition, ada):
    usual = asker_of(roles_of(ada, edition))
    eve = edition.organizers.get()
    extensions.grant(edition, team=comunik, minutes=30, reason="x", by=eve, at=DEADLINE)

    longer = asker_of(roles_of(ada, edition))

    assert usual is not None
    assert longer is not None
    assert longer.closes_at - usual.closes_at == timedelta(minutes=30)


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
    url, role, comunik, infocom, ada, eve, request
):
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
        counts.append(queries_of(lambda: text(browser.get(url))))

    assert counts[0] == counts[1] <= 21  # one of them in the foot: emergency


@pytest.mark.django_db
def test_no_message_is_published_for_another_edition(comunik, ada, eve):
    Edition.objects.update(is_current=False)
    comunik.refresh_from_db()

    publish(ask(comunik, ada), eve, PublishTo.EVERYONE)

    assert not LiveMessage.objects.exists()
