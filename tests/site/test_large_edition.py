"""What pages cost in an edition of 60 teams, and in one of 1,200 teams with 6,100 students."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hackathon.base.accounts.models import User
from hackathon.base.live import fragments, messages
from hackathon.base.live.audiences import EVERYONE
from hackathon.base.live.message_counts import message_counts
from hackathon.event.editions.models import Department, Edition
from hackathon.run.demo import large
from hackathon.run.operations import readiness
from judging.models import Juror
from submissions.enums import ProgressState
from submissions.models import Submission
from submissions.versions.progress import progress_of
from teams.models import Team
from tests.addresses import World
from tests.conftest import NOON, make_team
from tests.control_room.conftest import text
from tests.site.crowd import fill

type Costs = dict[str, tuple[int, int]]

SIZES = (60, 1200)
INDENTATION = re.compile(rb"\n[ \t]+")
NEWS = ("team.registered", "membership.changed", "submission.received", "window.changed")


@dataclass(frozen=True)
class Limits:
    """`queries` at both sizes; `small` and `large`: bytes with 60 and with 1,200 teams."""

    who: str
    queries: int
    small: int
    large: int


EDITION = "/organisation/editions/ccd-2020/"
TEAMS = f"{EDITION}equipes/"
PAGES = {
    "/": Limits("anonymous", 2, 37_000, 30_000),
    "/facade/": Limits("anonymous", 7, 16_000, 4_000),
    "/ecran/": Limits("anonymous", 10, 26_000, 50_000),
    "/rendu/": Limits("student", 14, 46_000, 46_000),
    "/rendu/etat/": Limits("student", 10, 5_000, 5_000),
    "/equipe/": Limits("student", 21, 34_500, 34_500),
    "/annonces/": Limits("student", 9, 22_800, 22_800),
    "/sujets/": Limits("student", 7, 23_000, 23_000),
    "/questions/": Limits("student", 10, 21_000, 21_000),
    "/compteurs/": Limits("student", 7, 1_200, 1_200),
    "/jury/": Limits("juror", 14, 58_000, 545_000),
    "/pilotage/": Limits("organizer", 15, 65_000, 46_500),
    TEAMS: Limits("organizer", 14, 81_000, 81_000),
    f"{TEAMS}?which=nothing&floor=2": Limits("organizer", 17, 26_000, 26_000),
    f"{TEAMS}?which=never_signed_in&order=room": Limits("organizer", 15, 80_000, 80_000),
}
# Lists and pages of organizers: queries at any size; bytes with 60 and with 1,200 teams.
LISTS = {
    EDITION: (70, 45_000, 45_000),  # all checks
    f"{EDITION}etudiants/": (17, 120_000, 120_000),
    f"{EDITION}etudiants/?which=without_team": (16, 25_000, 25_000),
    f"{EDITION}personnes/": (21, 95_000, 95_000),
    f"{EDITION}journal/": (18, 50_000, 55_000),
    f"{EDITION}journal/?q=equipe": (18, 50_000, 55_000),
    f"{EDITION}chercher/?q=equipe": (17, 22_000, 22_000),
    f"{EDITION}importer/": (15, 30_000, 30_000),
    f"{EDITION}repas/": (25, 30_000, 30_000),
    f"{EDITION}repas/personnes/": (23, 140_000, 140_000),
    f"{EDITION}repas/commande/": (21, 27_000, 27_000),
    f"{EDITION}depots/": (19, 27_000, 27_000),
    f"{EDITION}delais/": (16, 40_000, 240_000),
    f"{EDITION}scelles/": (19, 27_000, 27_000),
    f"{EDITION}imprimer/": (16, 36_500, 36_500),
    f"{EDITION}criteres/": (16, 52_000, 52_000),
    f"{EDITION}resultats/": (24, 25_000, 25_000),
    "/annonces/?": (19, 110_000, 210_000),
    "/questions/file/": (15, 65_000, 240_000),
    "/appels/": (17, 40_000, 250_000),
    "/pilotage/prevenir/": (17, 20_000, 20_000),
    "/pilotage/delai/": (14, 28_000, 115_000),
    "{jury}": (26, 42_000, 85_000),
    "{jury}avancement/": (19, 30_000, 180_000),
    "/repas/distribution/": (19, 300_000, 400_000),
    "/repas/distribution/?q=equipe": (19, 300_000, 300_000),
    "{jury}lectures/": (21, 70_000, 320_000),
}

PAGES |= {
    "/?": Limits("student", 10, 45_000, 45_000),
    "/palmares/": Limits("anonymous", 3, 14_000, 14_000),
    "/scelle/": Limits("anonymous", 3, 23_000, 23_000),
    "/enveloppes/": Limits("anonymous", 3, 16_000, 16_000),
    "/ceremonie/": Limits("anonymous", 4, 9_000, 9_000),
    "/ceremonie/scene/": Limits("anonymous", 4, 3_000, 3_000),
    "/ecran/scene/": Limits("anonymous", 11, 24_000, 48_000),
    "/ceremonie/telecommande/": Limits("organizer", 15, 20_000, 20_000),
    "/repas/": Limits("student", 20, 22_000, 22_000),
}


@pytest.fixture(autouse=True)
def noon() -> object:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture(autouse=True)
def _nothing_is_in_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL also counts the transactions of other databases, and thus of other tests. While
    there are any, each page needs another query.
    """
    last_id = messages.last_id_and_whether_settled
    monkeypatch.setattr(messages, "last_id_and_whether_settled", lambda: (last_id()[0], True))
    monkeypatch.setattr(fragments, "SHARED_SECONDS", float("inf"))  # the pages take longer


@pytest.fixture
def browsers(
    world: World, client_of: Callable[[User], Client], ben: User, eve: User, dan: Juror
) -> object:
    people = {"student": ben, "organizer": eve, "juror": dan.user}
    return {"anonymous": Client(), **{name: client_of(user) for name, user in people.items()}}


def grow(edition: Edition, total: int) -> None:
    large.add_teams(edition, total, password="!", domain="students.example.org")
    for kind in NEWS:  # what is kept was before these
        messages.publish(EVERYONE, kind, {}, at=NOON)
    message_counts.read()  # which is another query of the next page


def costs(browsers: dict[str, Client], pages: dict[str, Limits], *, is_warm: bool = False) -> Costs:
    """Queries and bytes of each page. Unless `is_warm`, it fills the caches of the process.

    Without indentation, of which compression leaves little.
    """
    found = {}
    for url, limits in pages.items():
        browser = browsers[limits.who]
        if not is_warm:
            browser.get(url)
        readiness.forget_results()  # kept for two seconds
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get(url)
        assert answer.status_code == 200, url
        found[url] = len(captured), len(INDENTATION.sub(b"\n", answer.content))
    return found


def more_queries(before: Costs, after: Costs) -> dict[str, tuple[int, int]]:
    return {u: (before[u][0], n) for u, (n, _size) in after.items() if n > before[u][0]}


def test_pages_of_a_large_edition(edition, browsers, settings):
    settings.FRAGMENTS_CACHED = True
    grow(edition, SIZES[0])
    small = costs(browsers, PAGES)
    grow(edition, SIZES[1])

    big = costs(browsers, PAGES)

    assert Team.objects.count() == SIZES[1]
    assert Submission.objects.count() > SIZES[1] // 3
    too_many = {u: (n, big[u][0]) for u, (n, _size) in small.items() if n > PAGES[u].queries}
    assert too_many == {}
    assert more_queries(small, big) == {}
    too_large = {
        u: (small[u][1], big[u][1])
        for u, limits in PAGES.items()
        if small[u][1] > limits.small or big[u][1] > limits.large
    }
    assert too_large == {}


def lists_of(department: Department, lists: dict[str, tuple[int, int, int]]) -> dict[str, Limits]:
    jury = f"/organisation/departements/{department.pk}/jury/"
    return {url.format(jury=jury): Limits("organizer", *most) for url, most in lists.items()}


def test_lists_cost_the_same_queries_with_two_and_with_sixty_teams(
    edition, browsers, infocom, eve, settings
):
    settings.FRAGMENTS_CACHED = True
    pages = lists_of(infocom, LISTS)
    fill(edition, eve)
    few = costs(browsers, pages)
    grow(edition, SIZES[0])
    fill(edition, eve)

    many = costs(browsers, pages, is_warm=True)

    assert more_queries(few, many) == {}
    assert {u: n for u, (n, _size) in many.items() if n > pages[u].queries} == {}
    assert {u: size for u, (_n, size) in many.items() if size > pages[u].small} == {}


@pytest.mark.slow
def test_lists_of_a_large_edition(edition, browsers, infocom, eve, settings):
    settings.FRAGMENTS_CACHED = True
    pages = lists_of(infocom, LISTS)
    grow(edition, SIZES[1])
    fill(edition, eve)

    big = costs(browsers, pages)

    assert {u: n for u, (n, _size) in big.items() if n > pages[u].queries} == {}
    assert {u: size for u, (_n, size) in big.items() if size > pages[u].large} == {}


# ---------------------------------------------------------------- folded parts


BLOCK = "/pilotage/blocs/?parts="
BLOCKS = [
    ("anonymous", "/", "/facade/", "facade", "data-window-key"),
    (
        "organizer",
        "/pilotage/",
        "/pilotage/blocs/?parts=block-windows",
        "block-windows",
        "data-window-key",
    ),
]


def part_of(page: str, block: str) -> str:
    """The element with this id; of the façade, the unfolded department."""
    unfolded = r'<div class="block is-open".*?<!--/piece-->\s*</div>'
    section = rf'<section [^>]*id="{block}".*?</section>'
    is_unfolded = block == "facade" and "is-open" in page
    found = re.search(unfolded if is_unfolded else section, page, re.DOTALL)
    assert found
    return found[0]


def own_address(part: str) -> str:
    found = re.search(r'data-src="([^"]*)"', part)
    assert found
    return unescape(found[1])


@pytest.mark.parametrize(("who", "page", "address", "block", "mark"), BLOCKS)
def test_up_to_a_hundred_teams_are_all_shown(edition, browsers, who, page, address, block, mark):
    grow(edition, 100)
    shown = part_of(text(browsers[who].get(page)), block)
    grow(edition, 101)
    folded = part_of(text(browsers[who].get(page)), block)

    assert shown.count(mark) == 100
    assert "open=INFOCOM" not in shown
    assert folded.count(mark) == 0
    assert folded.count("open=INFOCOM") == 2  # for htmx, and without JavaScript
    assert '<b class="num">51</b>' in folded or '<b class="num">50</b>' in folded


@pytest.mark.parametrize(("who", "page", "address", "block", "mark"), BLOCKS)
def test_an_unfolded_department_stays_so_when_the_block_is_fetched_again(
    edition, browsers, infocom, who, page, address, block, mark
):
    grow(edition, 120)
    browser = browsers[who]
    opened = part_of(text(browser.get(page, {"open": "INFOCOM"})), block)  # without JavaScript

    fetched = part_of(text(browser.get(own_address(opened))), block)

    assert own_address(opened) == f"{address.partition('?')[0]}?open=INFOCOM"
    assert fetched == opened
    assert opened.count(mark) == infocom.teams.count()
    assert 'aria-expanded="true"' in opened
    nothing = part_of(text(browser.get(address, {"open": "<b>"})), block)
    assert nothing.count(mark) == 0
    assert "<b>&" not in nothing


def test_teams_without_a_deposit_are_folded_by_floor(edition, browsers, infocom):
    make_team(infocom, "Les Muets", floor=6)
    grow(edition, 330)
    block = "block-silent"
    folded = part_of(text(browsers["organizer"].get("/pilotage/")), block)

    opened = part_of(text(browsers["organizer"].get("/pilotage/", {"floor": "3"})), block)
    fetched = part_of(text(browsers["organizer"].get(own_address(opened))), block)

    on_floor = infocom.teams.filter(floor=3, submissions=None).count()
    assert folded.count('id="silent-') == 0
    assert opened.count('id="silent-') == on_floor > 10
    assert fetched == opened


def test_a_projector_shows_a_small_window_for_each_of_many_teams(edition, browsers):
    grow(edition, 300)

    page = text(browsers["anonymous"].get("/ecran/"))

    assert page.count("<i data-pane=") == 300
    lit = [team for team in progress_of(edition) if team.state == ProgressState.COMPLETE]
    assert len(re.findall(r"<i data-pane=\d+ class=complete>", page)) == len(lit) > 0
    names = [team.name for team in edition.teams.all() if team.name in page]
    assert len(names) < 5  # names would make it large
