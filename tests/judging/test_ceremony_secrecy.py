"""Who wins is known to nobody outside the jury before its step: neither who, nor how many.

The same evening is made with two decisions that have nothing but the nominees in common: two
winners, or four and a special prize. Up to the step that shows them, everything that goes over the
wire is the same to the byte, at every address, for everybody; and so is all that sockets are told.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.accounts.models import User
from hackathon.core.models import JournalEntry, LiveMessage
from hackathon.core.uploads import received
from hackathon.editions.models import Department, Edition
from judging.ceremony.selectors import screens as selectors
from judging.ceremony.services import publication as results
from judging.ceremony.services import screens as ceremony
from judging.deliberation import envelope
from judging.enums import SheetState
from judging.models import (
    Award,
    Ceremony,
    Criterion,
    Deliberation,
    Juror,
    Nomination,
    Score,
    ScoreSheet,
)
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind
from submissions.inspection import results as looks
from submissions.inspection.found import Found
from submissions.models import Deliverable
from teams.models import Team
from tests.conftest import NOON, make_team, make_user
from tests.judging.conftest import MORNING, NIGHT
from tests.site import World
from tests.test_access import EVERYBODY, browser_of
from tests.test_brief_secret import everything

MARKER = "zqxsecret"
TITLE = f"Prix {MARKER}"
# What each ceremony page, and whatever else the results are on, is asked for at every step.
OPEN_TO_ALL = ["/ceremonie/", "/ceremonie/scene/", "/palmares/", "/enveloppes/", "/ecran/scene/"]
OPEN_TO_ALL += ["/api/v1/results/", "/api/v1/edition/", "/api/v1/live/?after=0", "/"]
DRUM = 7  # before Info's first winners: opening, four of Infocom, title, nominees, drum

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Decision:
    """What Info's jury decides: ranks by the number of the team, and who has the special prize."""

    ranks: Mapping[int, int]
    special: list[int] = field(default_factory=list)


TWO = Decision({0: 1, 1: 2})
FOUR = Decision({3: 1, 2: 1, 1: 3, 0: 4}, special=[3])


@dataclass
class Evening:
    """Infocom and Info have locked; Info's decision can be exchanged for another one."""

    world: World
    edition: Edition
    eve: User
    teams: list[Team]
    deliberation: Deliberation

    def decide(self, decision: Decision) -> None:
        """As if this had been decided and locked: rows, salt and sealed results; one digest."""
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
        """Have this step on every screen."""
        Ceremony.objects.update(step=step, is_blank=False)


@pytest.fixture
def evening(
    world: World,
    edition: Edition,
    info: Department,
    infocom: Department,
    eve: User,
    diane: Juror,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Evening]:
    """Everything is decided and the real ceremony is at its opening. In Info's marks, comments and
    sealed record there is a marker.
    """
    # The control room says how much room the disk has: that is no secret of the jury's.
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=80 * 10**9))
    Edition.objects.update(deliberated_at=NIGHT, shares_marks=True)
    pixels = world_team(info, "Les Pixels")
    captains = [make_user(f"captain{n}@example.org", f"Cap {n}") for n in range(3)]
    named = zip(("Octets", "Bits et Cie", "Root"), captains, strict=True)
    teams = [pixels, *(make_team(info, name, captain) for name, captain in named)]
    Team.objects.filter(department=info).update(project="Un projet")
    poster = Deliverable.objects.create(department=info, name="Affiche", kind=DeliverableKind.FILE)
    judge = Juror.objects.create(
        department=info, user=make_user("ines@example.org", "Inès"), is_president=True
    )
    criterion = Criterion.objects.create(department=info, name="Code")
    for team in teams:
        submission = deposits.deposit(
            poster,
            team,
            file=received(b"%PDF-1.4 poster", "affiche.pdf"),
            begun_at=NOON,
            by=team.memberships.get().user,
            at=NOON,
        )
        looks.record(submission, Found({"type": "pdf"}, thumbnail=b"RIFF"), at=NOON)
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
    made = Evening(world, edition, eve, teams, second)
    with time_machine.travel(MORNING, tick=False):
        ceremony.start(edition=edition, rehearsal=False, by=eve, at=MORNING)
        yield made


def world_team(department: Department, name: str) -> Team:
    return Team.objects.get(department=department, name=name)


def plain(text: str) -> str:
    """Without the tokens that differ from one answer to the next."""
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"\w+"', "", text)


def answers(browser: Client, urls: list[str]) -> dict[str, str]:
    """All that comes back from each address."""
    found = {}
    for url in urls:
        with transaction.atomic():
            found[url] = plain(everything(browser.get(url)))
            transaction.set_rollback(True)
    return found


def picture(browser: Client, team: Team) -> int:
    """The status of a team's picture, read to its end."""
    answer = browser.get(reverse("judging:winner-picture", args=[team.pk]))
    everything(answer)
    return answer.status_code


def both(evening: Evening, ask: Callable[[], dict[str, str]]) -> tuple[dict, dict]:
    """The same questions in an evening with two winners and in one with four."""
    evening.decide(TWO)
    two = ask()
    evening.decide(FOUR)
    return two, ask()


@pytest.mark.once
@pytest.mark.parametrize("role", sorted(EVERYBODY - {"ben", "dan"}))
def test_before_the_step_every_address_says_the_same(
    role: str, evening: Evening, request: pytest.FixtureRequest, loner: User
) -> None:
    browser = browser_of(role, request)
    urls = [route.url for route in evening.world.routes()]
    urls += [reverse("judging:winner-picture", args=[team.pk]) for team in evening.teams]
    urls += [reverse("judging:envelope", args=["INFO"]), "/jury/INFO/deliberation/"]
    urls += ["/admin/judging/deliberation/", "/admin/core/journalentry/", "/jury/?show=done"]
    evening.go(DRUM)

    two, four = both(evening, lambda: answers(browser, urls))

    assert {url for url in urls if two[url] != four[url]} == set()
    assert [url for url in urls if MARKER in four[url]] == []


@pytest.mark.parametrize("role", ["anonymous", "cleo", "diane", "eve"])
def test_at_every_step_before_it_screens_and_remote_say_the_same(
    role: str, evening: Evening, request: pytest.FixtureRequest
) -> None:
    browser = browser_of(role, request)
    urls = [*OPEN_TO_ALL, "/ceremonie/telecommande/"]

    for step in range(DRUM + 1):
        evening.go(step)
        two, four = both(evening, lambda: answers(browser, urls))
        assert two == four, step
    assert "Et maintenant" in four["/ceremonie/scene/"]  # it was the step before


def test_the_database_is_asked_the_same(evening: Evening, client: Client) -> None:
    """So that the time which a screen waits tells nothing either."""

    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            client.get("/ceremonie/scene/")
        return [query["sql"] for query in captured]

    for step in range(DRUM + 1):
        evening.go(step)
        evening.decide(TWO)
        two = asked()
        evening.decide(FOUR)
        assert asked() == two, step


def test_the_winners_are_found_from_their_step_on(evening: Evening, client: Client) -> None:
    """Places from the last to the first, then the special prize: each at its own step only."""
    evening.decide(FOUR)
    pixels, octets, bits, root = evening.teams
    shown: list[tuple[set[str], set[int]]] = []

    for step in range(DRUM, DRUM + 6):
        evening.go(step)
        page = client.get("/ceremonie/scene/").content.decode()
        names = {team.name for team in evening.teams if f">{team.name}<" in page}
        seen = {team.pk for team in evening.teams if picture(client, team) == 200}
        shown.append((names, seen))
        assert (TITLE in page) == (step >= DRUM + 4)

    assert shown == [
        (set(), set()),
        ({pixels.name}, {pixels.pk}),
        ({octets.name}, {pixels.pk, octets.pk}),
        ({bits.name, root.name}, {pixels.pk, octets.pk, bits.pk, root.pk}),
        ({root.name}, {pixels.pk, octets.pk, bits.pk, root.pk}),
        ({t.name for t in evening.teams}, {t.pk for t in evening.teams}),
    ]


def test_a_rehearsal_opens_no_picture(evening: Evening, client: Client) -> None:
    evening.decide(FOUR)
    evening.go(DRUM + 3)
    Ceremony.objects.update(is_rehearsal=True)

    assert picture(client, evening.teams[3]) == 404


def test_after_the_publication_only_winners_have_a_public_picture(
    evening: Evening, client: Client
) -> None:
    evening.decide(TWO)
    Ceremony.objects.all().delete()
    results.publish(edition=evening.edition, by=evening.eve, at=MORNING)

    assert [picture(client, team) for team in evening.teams] == [200, 200, 404, 404]


def test_messages_and_journal_are_the_same_and_say_nothing(evening: Evening) -> None:
    def told() -> list[Any]:
        evening.go(0)
        last = LiveMessage.objects.latest("pk").pk
        entry = JournalEntry.objects.latest("pk").pk
        act: dict[str, Any] = {"edition": evening.edition, "by": evening.eve, "at": MORNING}
        for seen in range(DRUM):
            ceremony.move(steps=1, seen=seen, rehearsal=False, **act)
        messages = LiveMessage.objects.filter(pk__gt=last)
        entries = JournalEntry.objects.filter(pk__gt=entry).order_by("pk")
        return [
            *messages.values_list("audiences", "type", "data"),
            *entries.values_list("act", "target", "detail"),
        ]

    evening.decide(TWO)
    two = told()
    evening.decide(FOUR)

    assert two == told()
    assert [row[2] for row in two if row[1] == "ceremony.moved"] == [{}] * DRUM


def test_the_remote_is_told_no_names_and_no_numbers(evening: Evening) -> None:
    evening.decide(FOUR)
    evening.go(DRUM)

    told = selectors.ceremony_remote(evening.edition, at=MORNING)

    assert (told.shown.teams, told.shown.wall, told.shown.rank) == ([], [], None)
    assert told.next == "place"
    assert not hasattr(told, "steps")
