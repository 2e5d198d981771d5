"""What the control room reads once for all organizers, until a message says that it has changed."""

import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hackathon.day.control_room.selectors import SHARED
from hackathon.day.control_room.views import BLOCKS
from submissions.board import BOARD, FIGURES
from teams.services import teams
from tests.addresses import blocks_url
from tests.conftest import NOON
from tests.control_room.conftest import text

TEMPLATES = Path(django_settings.BASE_DIR) / "templates" / "control_room" / "blocks"
NOUNS = {
    **SHARED,
    "board": BOARD,
    "figures": FIGURES,
    "moments": "edition",
}
WRONG = ["board", "juries"]  # what `wrong` counts besides
# What is read for each page.
NOT_SHARED = {"storage", "ceremony", "results"}


@pytest.mark.parametrize("block", BLOCKS)
def test_each_noun_that_makes_a_block_stale_makes_a_shared_read_of_it_stale(block):
    parts = [*BLOCKS[block], *(WRONG if block == "wrong" else [])]
    shared = [NOUNS[part].split() for part in parts if part in NOUNS]
    html = (TEMPLATES / f"{block}.html").read_text()
    shows = re.search(r'data-shows="([^"]*)"', html)
    assert shows
    nouns = re.sub(r"\{%.*?%\}", "", shows[1])  # without those of extras

    assert not shared or set(nouns.split()) - NOT_SHARED - set().union(*shared) == set()


def test_organizers_share_what_they_all_see_until_it_changes(
    edition, comunik, eve, max_user, client_of, settings
):
    settings.FRAGMENTS_CACHED = True
    edition.organizers.add(max_user)
    one, other = client_of(eve), client_of(max_user)
    address = blocks_url("windows", "silent", "registrations")
    reads = 'FROM "teams_team"'

    def shown(browser: Client, path: str = address) -> tuple[str, int]:
        with CaptureQueriesContext(connection) as captured:
            page = text(browser.get(path, headers={"HX-Request": "true"}))
        return page, sum(reads in query["sql"] for query in captured)

    first, reads_of_first = shown(one)
    assert reads_of_first > 0
    assert shown(other) == (first, 0)
    other.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    in_english = text(other.get(address))
    assert "Inscriptions" in first
    assert "Inscriptions" not in in_english

    other.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    teams.edit(comunik, by=eve, at=NOON, name="Nouveau nom")

    assert "Nouveau nom" in shown(other)[0]
    assert "Com’unik" not in shown(one, "/pilotage/")[0]
