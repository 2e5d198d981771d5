from typing import Any

import pytest
from django.test import Client

from hackathon.base.core.models import LiveMessage
from hackathon.base.live import messages
from hackathon.base.live.audiences import (
    EVERYONE,
    ORGANIZERS,
    department_audience,
    rights_mark,
    team_audience,
)
from hackathon.day.announcements.models import Announcement
from tests.conftest import NOON
from tests.tokens import make_token

pytestmark = pytest.mark.time_machine(NOON, tick=False)

ANNOUNCEMENTS = "/api/v1/announcements/"
LIVE = "/api/v1/live/"


def make_message(*audiences: str) -> LiveMessage:
    spelt = LiveMessage.join(audiences)
    return LiveMessage.objects.create(audiences=spelt, type="test.published", at=NOON)


def announce(browser: Client, audience: str, body: str = "**Salle 104**") -> Any:
    return browser.post(
        ANNOUNCEMENTS, {"audience": audience, "body": body}, content_type="application/json"
    )


def bodies(browser: Client) -> list[str]:
    return [line["body"] for line in browser.get(ANNOUNCEMENTS).json()]


def test_an_organizer_announces_with_a_token(comunik, eve):
    secret = make_token(eve)
    program = Client(headers={"Authorization": f"Token {secret}"})

    answer = announce(program, "department:INFOCOM")

    made = Announcement.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": made.pk,
        "audience": "department:INFOCOM",
        "label": "Information et Communication",
        "body": "**Salle 104**",
        "html": "<p><strong>Salle 104</strong></p>\n",
        "published_at": "2020-02-13T12:00:00Z",
        "pinned": False,
        "corrected_at": None,
    }
    assert set(LiveMessage.objects.get().audience_names) == {
        department_audience(comunik.department_id),
        ORGANIZERS,
    }


def test_each_user_reads_the_announcements_to_their_audiences(
    client_of, comunik, pixels, ada, cleo, eve
):
    organizer = client_of(eve)
    announce(organizer, "everyone", "à tous")
    announce(organizer, "department:INFOCOM", "à Infocom")
    announce(organizer, f"team:{pixels.pk}", "aux Pixels")

    assert bodies(Client()) == ["à tous"]
    assert bodies(client_of(ada)) == ["à Infocom", "à tous"]
    assert bodies(client_of(cleo)) == ["aux Pixels", "à tous"]
    assert bodies(organizer) == ["aux Pixels", "à Infocom", "à tous"]


@pytest.mark.parametrize("audience", ["team:0", "jury:1", "organizers", "tous", ""])
def test_an_unknown_audience_is_an_error(client_of, comunik, eve, audience):
    answer = announce(client_of(eve), audience)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert "audience" in answer.json()["errors"]


def test_others_cannot_announce(client_of, comunik, ada):
    assert announce(Client(), "everyone").status_code == 401
    assert announce(client_of(ada), "everyone").status_code == 404
    assert not Announcement.objects.exists()


def test_polling_returns_the_messages_of_the_users_audiences(client_of, comunik, ada):
    everyone = make_message(EVERYONE)
    own = make_message(ORGANIZERS, team_audience(comunik.pk))
    make_message(ORGANIZERS)
    now = int(NOON.timestamp() * 1000)

    # Not from 0: `complete` is only known if the message before is still in the table.
    start = {"after": everyone.pk - 1}
    public = Client().get(LIVE, start).json()
    member = client_of(ada).get(LIVE, start).json()

    assert public == {
        "now": now,
        "last": own.pk + 1,
        "messages": [messages.as_dict(everyone)],
        "complete": True,
        "signed_in": False,
        "fragments": [],
        "rights": rights_mark([EVERYONE]),
    }
    assert member["signed_in"] is True
    assert member["messages"] == [messages.as_dict(everyone), messages.as_dict(own)]


def test_polling_without_after_returns_only_the_last_id(comunik):
    make_message(EVERYONE)

    answer = Client().get(LIVE)

    assert answer.json()["messages"] == []
    assert answer.json()["last"] > 0
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("after", ["-1", "x", "9" * 40])
def test_polling_with_an_invalid_id_is_an_error(comunik, after):
    assert Client().get(LIVE, {"after": after}).status_code == 400


def test_polling_without_an_edition(db):
    assert Client().get(LIVE, {"after": 0}).json()["messages"] == []
    assert Client().get(ANNOUNCEMENTS).json() == []
