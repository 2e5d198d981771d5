import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.core.models import LiveMessage
from hackathon.base.live.audiences import EVERYONE
from tests.addresses import blocks_url
from tests.conftest import NOON, make_team, make_user
from tests.control_room.conftest import PUBLIC, announce, text
from tests.queries import queries_of


@pytest.mark.parametrize(
    ("name", "blocks", "most"),
    [
        ("home", [], 15),
        ("site:facade", [], 7),
        ("stage:projector", [], 11),
        ("stage:scene", [], 10),
        ("control_room:control", [], 49),
        ("control_room:blocks", ["windows"], 11),
        ("control_room:blocks", ["deposits"], 7),
        ("control_room:warn", [], 16),
        ("announcements:list", [], 18),
    ],
)
def test_queries_do_not_grow_with_teams(name, blocks, most, organizer, comunik, dossier, eve):
    browser = Client() if name in PUBLIC else organizer
    path = blocks_url(*blocks) if blocks else reverse(name)
    announce(comunik.edition, eve, EVERYONE, "un")

    def queries() -> int:
        return queries_of(lambda: text(browser.get(path)))

    queries()  # fills the caches of the process
    with_one = queries()
    for number in range(2):
        student = make_user(f"s{number}@example.org", "S")
        make_team(comunik.department, f"Équipe {number}", student, room="1", floor=number)
        announce(comunik.edition, eve, EVERYONE, "encore")

    assert queries() == with_one <= most


@pytest.mark.parametrize(
    ("who", "most"), [("anonymous", 6), ("student", 17), ("juror", 11), ("organizer", 17)]
)
def test_the_queries_of_the_frame_of_a_page(who, most, client_of, organizer, comunik, dan, ada):
    browsers = {"anonymous": Client(), "student": client_of(ada), "juror": client_of(dan.user)}
    browser = browsers.get(who, organizer)
    path = reverse("announcements:list")
    browser.get(path)

    captured = queries_of(lambda: browser.get(path))

    assert captured <= most


def test_the_live_mark_is_read_before_the_page(comunik, client_of, ada):
    message = LiveMessage.objects.create(audiences="|everyone|", type="a", at=NOON)
    browser = client_of(ada)

    with CaptureQueriesContext(connection) as captured:
        page = text(browser.get(reverse("home")))

    tables = [q["sql"] for q in captured]
    mark = next(i for i, sql in enumerate(tables) if "core_livemessage" in sql)
    teams = next(i for i, sql in enumerate(tables) if 'FROM "teams_team"' in sql)
    assert mark < teams
    assert f'data-live-after="{message.pk}"' in page
