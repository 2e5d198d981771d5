"""What a team is sending, on all its pages."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from hackathon.base.core.models import LiveMessage
from submissions.models import Upload
from submissions.storage import partial_path
from submissions.transfers import services as transfers
from tests.conftest import DEADLINE, NOON
from tests.submissions.conftest import MINUTE

GRACE = "Commencé à temps : il peut finir jusqu’à 23:10."
type Begin = Callable[..., Upload]


@pytest.fixture
def begin(comunik, dossier, ada) -> Begin:
    def begun(
        received: int = 400, *, at: datetime = NOON, moved_at: datetime | None = None
    ) -> Upload:
        """1,000 bytes, of which the server has these."""
        given = {"length": 1000, "filename": "gros.pdf", "by": ada, "at": at}
        upload = transfers.begin(comunik, dossier.pk, **given)
        path = partial_path(upload.pk)
        path.write_bytes(b"%" * received)
        seconds = (moved_at or at + MINUTE).timestamp()
        os.utime(path, (seconds, seconds))
        return upload

    return begun


def uploads_on(browser: Client, path: str, at: datetime) -> str:
    with time_machine.travel(at, tick=False):
        page = browser.get(path).content.decode()
    text = page.partition('id="team-uploads"')[2].partition("</div>")[0]
    return " ".join(text.replace("\xa0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize(
    "path", ["/", "/rendu/", "/equipe/", "/annonces/", "/sujets/", "/questions/"]
)
def test_every_page_of_a_teammate_says_who_is_sending_what(begin, client, ben, path):
    begin()
    client.force_login(ben)

    said = uploads_on(client, path, NOON + MINUTE)

    assert "Dossier de stratégie : Ada envoie « gros.pdf », 40 %." in said
    assert GRACE not in said


def test_nobody_else_sees_it(begin, client, cleo, eve):
    begin()

    for user in (None, cleo, eve):
        if user:
            client.force_login(user)
        assert "gros.pdf" not in client.get("/").content.decode()


def test_an_upload_that_does_not_move_says_since_when(begin, client, ben):
    begin(moved_at=NOON + MINUTE)
    client.force_login(ben)

    said = uploads_on(client, "/equipe/", NOON + 9 * MINUTE)

    assert "l’envoi de « gros.pdf » par Ada n’avance plus (40 %, il y a 8 min)." in said


@pytest.mark.parametrize(
    ("begun_at", "at", "is_said"),
    [
        # 400 bytes in the first minute: 90 s are missing.
        (DEADLINE - 5 * MINUTE, DEADLINE - 4 * MINUTE, False),
        (DEADLINE - 2 * MINUTE, DEADLINE - MINUTE, True),
        (DEADLINE - 2 * MINUTE, DEADLINE + MINUTE, True),
        (DEADLINE - 2 * MINUTE, DEADLINE + 10 * MINUTE, True),
        (DEADLINE - 2 * MINUTE, DEADLINE + 10 * MINUTE + timedelta(seconds=1), False),
    ],
)
def test_it_says_that_it_may_end_in_the_grace(begin, client, ben, begun_at, at, is_said):
    begin(at=begun_at)
    client.force_login(ben)

    assert (GRACE in uploads_on(client, "/rendu/", at)) == is_said


def test_it_is_gone_once_it_is_whole_or_given_up(begin, client, ben):
    client.force_login(ben)
    begin(1000)
    given_up = begin(200)
    assert uploads_on(client, "/", NOON + MINUTE).count("Ada envoie") == 1

    transfers.forget(given_up.pk, at=NOON + MINUTE)

    assert "Ada envoie" not in uploads_on(client, "/", NOON + MINUTE)
    types = LiveMessage.objects.order_by("pk").values_list("type", flat=True)
    assert list(types) == ["upload.begun", "upload.begun", "upload.ended"]
