"""The winners are secret until their step: neither names nor numbers can be inferred.

The same edition is built with two decisions that share only the nominees: two winners, or four and
a special prize. Up to the step that shows them, every response at every address is identical to the
byte, for every role (all addresses: test_two_acts.py), and so are live messages and the journal.
"""

import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core import extras
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.core.received_files import received_file
from hackathon.event.editions.models import Department, Edition
from hackathon.run.operations import heartbeats, readiness
from judging.ceremony.selectors import screens as selectors
from judging.ceremony.services import publication as results
from judging.ceremony.services import screens as ceremony
from judging.deliberation import envelope
from judging.enums import Anchor, SheetState
from judging.models import (
    Award,
    Ceremony,
    CeremonyMessage,
    Criterion,
    Deliberation,
    Juror,
    Nomination,
    Score,
    ScoreSheet,
)
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind
from submissions.inspection import services as inspections
from submissions.inspection.result import Result
from submissions.models import Deliverable
from teams.enums import Circle
from teams.models import Membership, Team
from tests.access.roles import EVERYBODY, browser_of
from tests.addresses import World
from tests.conftest import NOON, make_team, make_user
from tests.judging.conftest import MORNING, NIGHT
from tests.read_tables import tables_named
from tests.responses import MARKER, whole_response, without_page_not_found

TITLE = f"Prix {MARKER}"
LASTING = [f"ccd-2020/{path}" for path in ("", "enveloppes/", "presse/", "presse.txt")]
# Requested at every step: the pages of the ceremony and all public pages with results.
OPEN_TO_ALL = ["/ceremonie/", "/ceremonie/scene/", "/palmares/", "/enveloppes/", "/ecran/scene/"]
OPEN_TO_ALL += [f"/editions/{path}" for path in ("", *LASTING)]
OPEN_TO_ALL += ["/api/v1/results/", "/api/v1/edition/", "/api/v1/live/?after=0", "/"]
READY = {"checks": {check.name: {"ok": True, "ms": 1.0} for check in readiness.CHECKS}}
NO_PAGES = heartbeats.page_counts()
# Before Info's first winners: opening, the world's message, four of Infocom; title, message,
# nominees, two messages and drum of Info.
DRUM = 11

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Decision:
    # Ranks by index of the team, and the indices of teams with the special prize.

    ranks: Mapping[int, int]
    special: list[int] = field(default_factory=list)


TWO = Decision({0: 1, 1: 2})
FOUR = Decision({3: 1, 2: 1, 1: 3, 0: 4}, special=[3])


@dataclass
class Scenario:
    # Infocom and Info have locked; `decide` replaces Info's decision.

    world: World
    edition: Edition
    eve: User
    teams: list[Team]
    deliberation: Deliberation

    def decide(self, decision: Decision) -> None:
        # Writes rows, salt and record as if this had been locked. The digest stays the same.
        Award.objects.filter(deliberation=self.deliberation).delete()
        awards = [
            Award(deliberation=self.deliberation, team=self.teams[n], rank=rank)
            for n, rank in decision.ranks.items()
        ]
        awards += [
            Award(deliberation=self.deliberation, team=self.teams[n], title=TITLE)
            for n in decision.special
        ]
        Award.objects.bulk_create(awards)
        sealed = envelope.results_of(
            edition=self.edition.slug,
            department="INFO",
            locked_at=NIGHT,
            nominees=[team.name for team in self.teams],
            places={rank: [self.teams[n].name] for n, rank in decision.ranks.items()},
        )
        salt, _digest = envelope.close(sealed)
        Deliberation.objects.filter(pk=self.deliberation.pk).update(
            record={"results": sealed, "note": MARKER}, salt=salt
        )

    def go(self, step: int) -> None:
        Ceremony.objects.update(step=step, is_blank=False)


@pytest.fixture
def scenario(world, edition, info, infocom, eve, diane, monkeypatch) -> Iterator[Scenario]:
    # The real ceremony is at its opening. Marks, comments and record of Info contain `MARKER`.
    # What the control room measures changes between responses: disk space, database, open pages.
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=80 * 10**9))
    monkeypatch.setattr(readiness, "report", lambda: READY)
    monkeypatch.setattr(heartbeats, "page_counts", lambda: NO_PAGES)
    # The steps of extras have their own tests.
    names = [extra.name for extra in extras.registry if not extra.ceremony]
    Edition.objects.update(deliberated_at=NIGHT, shares_marks=True, extras=names)
    edition.refresh_from_db()
    pixels = Team.objects.get(department=info, name="Les Pixels")
    captains = [make_user(f"captain{n}@example.org", f"Cap {n}") for n in range(3)]
    named = zip(("Octets", "Bits et Cie", "Root"), captains, strict=True)
    teams = [pixels, *(make_team(info, name, captain) for name, captain in named)]
    Team.objects.filter(department=info).update(project="Un projet")
    poster = Deliverable.objects.create(
        department=info, name="Affiche", kind=DeliverableKind.FILE, is_deck=True
    )
    for anchor in (Anchor.TITLE, Anchor.NOMINEES, Anchor.PASSAGES):
        CeremonyMessage.objects.create(
            edition=edition, anchor=anchor, department=info, title="Merci", text="À la salle."
        )
    judge = Juror.objects.create(
        department=info, user=make_user("ines@example.org", "Inès"), is_president=True
    )
    criterion = Criterion.objects.create(department=info, name="Code")
    for team in teams:
        submission = deposits.deposit(
            poster,
            team,
            file=received_file(b"%PDF-1.4 poster", "affiche.pdf"),
            begun_at=NOON,
            by=team.memberships.get().user,
            at=NOON,
        )
        inspections.record(submission, Result({"type": "pdf"}, thumbnail=b"RIFF"), at=NOON)
        sheet = ScoreSheet.objects.create(
            juror=judge,
            team=team,
            state=SheetState.FINAL,
            comment=f"Commentaire {MARKER}",
            notes=f"Notes {MARKER}",
            changed_at=NIGHT,
            finished_at=NIGHT,
        )
        Score.objects.create(sheet=sheet, criterion=criterion, value="13.5", changed_at=NIGHT)
    comunik = Team.objects.get(name="Com’unik")
    locked = {"locked_at": NIGHT, "locked_by": judge.user}
    first = Deliberation.objects.create(department=infocom, digest="a" * 64, **locked)
    Nomination.objects.create(deliberation=first, team=comunik)
    Award.objects.create(deliberation=first, team=comunik, rank=1)
    second = Deliberation.objects.create(department=info, digest="b" * 64, **locked)
    Nomination.objects.bulk_create(Nomination(deliberation=second, team=t) for t in teams)
    built = Scenario(world, edition, eve, teams, second)
    with time_machine.travel(MORNING, tick=False):
        ceremony.start(edition=edition, rehearsal=False, by=eve, at=MORNING)
        yield built


def plain(text: str) -> str:
    # Removes the CSRF tokens, which differ between any two responses.
    return re.sub(
        r'(csrfmiddlewaretoken" value=|X-CSRFToken": |name="key" value=)"[\w-]+"', "", text
    )


class Answers:
    """The responses to a browser in each state. An address is asked again only if a table that it
    reads has other rows.
    """

    def __init__(self, browser: Client) -> None:
        self._browser = browser
        self._rows: dict[str, str] = {}
        self._known: dict[str, list[tuple[str, dict[str, str | None]]]] = {}

    def become(self, state: str, act: Callable[[], object]) -> None:
        """The same name each time that `act` writes the same rows."""
        with tables_named(only_written=True) as written:
            act()
        self._rows |= dict.fromkeys(written, state)

    def to(self, urls: Iterable[str]) -> dict[str, str]:
        return {url: self._to(url) for url in ("the page for 404", *urls)}

    def _to(self, url: str) -> str:
        known = self._known.setdefault(url, [])
        for text, rows in known:
            if all(self._rows.get(table) == state for table, state in rows.items()):
                return text
        with tables_named() as read:
            text = response(self._browser, url)
        known.append((text, {table: self._rows.get(table) for table in read}))
        return text

    @property
    def depending(self) -> set[str]:
        """The addresses that read something of what differs."""
        return {url for url, known in self._known.items() if len(known) > 1}


def response(browser: Client, url: str) -> str:
    if url == "the page for 404":
        return plain(whole_response(browser.get("/unknown/")))
    cache.clear()
    with transaction.atomic(), without_page_not_found():
        text = plain(whole_response(browser.get(url)))
        transaction.set_rollback(True)
    return text


def picture(browser: Client, team: Team) -> int:
    answer = browser.get(reverse("judging:winner-picture", args=[team.pk]))
    whole_response(answer)
    return answer.status_code


def both(scenario: Scenario, answers: Answers, urls: list[str]) -> tuple[dict, dict]:
    # The responses with two winners, and with four.
    answers.become("two", lambda: scenario.decide(TWO))
    two = answers.to(urls)
    answers.become("four", lambda: scenario.decide(FOUR))
    return two, answers.to(urls)


@pytest.mark.parametrize("role", sorted(EVERYBODY - {"ben", "dan"}))
def test_what_is_held_back_stays_secret_while_the_others_are_public(role, scenario, request, loner):
    Ceremony.objects.all().delete()
    Edition.objects.update(is_graded=True)
    Department.objects.filter(pk=scenario.deliberation.department_id).update(held_back_at=NIGHT)
    results.publish(edition=scenario.edition, by=scenario.eve, at=MORNING)
    answers = Answers(browser_of(role, request))
    urls = [route.url for route in scenario.world.routes()]
    urls += [reverse("judging:winner-picture", args=[team.pk]) for team in scenario.teams]
    urls += [*OPEN_TO_ALL, "/enveloppes/INFO.txt", "/editions/ccd-2020/enveloppes/INFO.txt"]
    urls += ["/admin/judging/deliberation/", "/admin/core/journalentry/"]

    two, four = both(scenario, answers, urls)

    assert {url for url in two if two[url] != four[url]} == set()
    assert [url for each in (two, four) for url, text in each.items() if MARKER in text] == []
    assert "Com’unik" in two["/palmares/"]
    assert answers.depending


@pytest.mark.parametrize("role", ["anonymous", "cleo", "diane", "eve"])
def test_at_every_earlier_step_screens_and_remote_respond_the_same(role, scenario, request):
    answers = Answers(browser_of(role, request))
    urls = [*OPEN_TO_ALL, "/ceremonie/telecommande/"]

    kinds: list[str] = []
    for step in range(DRUM + 1):
        answers.become(f"step {step}", partial(scenario.go, step))
        two, four = both(scenario, answers, urls)
        assert two == four, step
        kinds.append(selectors.screen_state(scenario.edition, at=MORNING).kind)
    assert kinds.count("message") == 4
    assert "Et maintenant" in four["/ceremonie/scene/"]  # the last step before the winners


def test_queries_are_the_same(scenario, client):
    # Response times must not depend on the decision either.

    def queries() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            client.get("/ceremonie/scene/")
        return [query["sql"] for query in captured]

    for step in range(DRUM + 1):
        scenario.go(step)
        scenario.decide(TWO)
        two = queries()
        scenario.decide(FOUR)
        assert queries() == two, step


def test_winners_and_pictures_appear_at_their_own_step(scenario, client):
    scenario.decide(FOUR)
    pixels, octets, bits, root = scenario.teams
    shown: list[tuple[set[str], set[int]]] = []

    for step in range(DRUM, DRUM + 6):
        scenario.go(step)
        page = client.get("/ceremonie/scene/").content.decode()
        names = {team.name for team in scenario.teams if f">{team.name}<" in page}
        seen = {team.pk for team in scenario.teams if picture(client, team) == 200}
        shown.append((names, seen))
        assert (TITLE in page) == (step >= DRUM + 4)

    assert shown == [
        (set(), set()),
        ({pixels.name}, {pixels.pk}),
        ({octets.name}, {pixels.pk, octets.pk}),
        ({bits.name, root.name}, {pixels.pk, octets.pk, bits.pk, root.pk}),
        ({root.name}, {pixels.pk, octets.pk, bits.pk, root.pk}),
        ({t.name for t in scenario.teams}, {t.pk for t in scenario.teams}),
    ]


def test_a_rehearsal_opens_no_picture(scenario, client):
    scenario.decide(FOUR)
    scenario.go(DRUM + 3)
    Ceremony.objects.update(is_rehearsal=True)

    assert picture(client, scenario.teams[3]) == 404


def test_after_the_publication_only_winners_have_a_public_picture(scenario, client):
    scenario.decide(TWO)
    Ceremony.objects.all().delete()
    results.publish(edition=scenario.edition, by=scenario.eve, at=MORNING)
    found = [[picture(client, team) for team in scenario.teams]]
    for team in scenario.teams:
        user = make_user(f"of{team.pk}@example.org")
        Membership.objects.create(edition=team.edition, team=team, user=user, joined_at=MORNING)
    Membership.objects.update(shows_works_to=Circle.EVERYBODY)
    found.append([picture(client, team) for team in scenario.teams])

    assert found == [[404, 404, 404, 404], [200, 200, 404, 404]]  # with their consent


def test_messages_and_journal_are_the_same_and_empty(scenario):
    def rows() -> list[Any]:
        scenario.go(0)
        last = LiveMessage.objects.latest("pk").pk
        entry = JournalEntry.objects.latest("pk").pk
        act: dict[str, Any] = {"edition": scenario.edition, "by": scenario.eve, "at": MORNING}
        for seen in range(DRUM):
            ceremony.move(steps=1, seen=seen, rehearsal=False, **act)
        messages = LiveMessage.objects.filter(pk__gt=last)
        entries = JournalEntry.objects.filter(pk__gt=entry).order_by("pk")
        return [
            *messages.values_list("audiences", "type", "data"),
            *entries.values_list("act", "target", "detail"),
        ]

    scenario.decide(TWO)
    two = rows()
    scenario.decide(FOUR)

    assert two == rows()
    assert [row[2] for row in two if row[1] == "ceremony.moved"] == [{}] * DRUM


def test_the_remote_gets_no_names_and_no_numbers(scenario):
    scenario.decide(FOUR)
    scenario.go(DRUM)

    state = selectors.remote_state(scenario.edition, at=MORNING)

    assert (state.shown.teams, state.shown.wall, state.shown.rank) == ([], [], None)
    assert state.next == "place"
    assert not hasattr(state, "steps")
