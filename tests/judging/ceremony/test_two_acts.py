"""A Friday in two acts: Info hears its nominees before it decides, Infocom has decided."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.core.models import JournalEntry, LiveMessage
from judging.ceremony.selectors import screens as selectors
from judging.ceremony.services import messages, publication
from judging.ceremony.services import screens as ceremony
from judging.deliberation.services import decision
from judging.errors import JudgingRefusal
from judging.models import (
    Award,
    Ceremony,
    CeremonyMessage,
    Deliberation,
    JuryRules,
    NominationSeal,
    PassageCriterion,
    PassageMark,
)
from tests.access.roles import EVERYBODY, browser_of
from tests.judging.ceremony.test_ceremony_secrecy import (
    DRUM,
    FOUR,
    OPEN_TO_ALL,
    TITLE,
    TWO,
    Answers,
    Decision,
    Scenario,
    both,
    picture,
    scenario,
)
from tests.judging.conftest import MORNING, NIGHT
from tests.refusals import refuses
from tests.responses import MARKER

__all__ = ["scenario"]  # the fixture

FIRST_ACT = ["title", "nominees", "deliberation"]
PAUSE = len(FIRST_ACT)
REMOTE = "/ceremonie/telecommande/"
SCREENS = [url for url in OPEN_TO_ALL if url != "/enveloppes/"]  # an announced digest is public

pytestmark = pytest.mark.django_db


@pytest.fixture
def friday(scenario) -> Iterator[Scenario]:
    become_two_acts(scenario)
    return scenario


def become_two_acts(scenario: Scenario) -> None:
    # Info has locked its nominees and nothing else; a juror has marked their passages.
    info = scenario.deliberation.department
    JuryRules.objects.create(department=info, hears_nominees=True)
    CeremonyMessage.objects.all().delete()
    president = info.jurors.get(is_president=True)
    sealed = {"results": {"nominees": []}, "note": MARKER, "signatures": [], "decision": {}}
    NominationSeal.objects.create(
        deliberation=scenario.deliberation,
        locked_at=NIGHT,
        locked_by=president.user,
        record=sealed,
        salt=MARKER,
        digest="c" * 64,
    )
    clear = PassageCriterion.objects.create(department=info, name="Clarté")
    PassageMark.objects.create(
        juror=president, team=scenario.teams[0], criterion=clear, value=19, marked_at=MORNING
    )
    undecided(scenario, None)


def undecided(friday: Scenario, draft: Decision | None) -> None:
    if draft is None:
        Award.objects.filter(deliberation=friday.deliberation).delete()
    else:
        friday.decide(draft)
    Deliberation.objects.filter(pk=friday.deliberation.pk).update(
        locked_at=None, locked_by=None, digest="", record={}, salt="", reason=MARKER
    )


def decided(friday: Scenario, winners: Decision) -> None:
    # Locked during the pause: after the last step of the ceremony.
    friday.decide(winners)
    president = friday.deliberation.department.jurors.get(is_president=True).user
    Deliberation.objects.filter(pk=friday.deliberation.pk).update(
        locked_at=MORNING, locked_by=president, digest="b" * 64
    )


def states(friday: Scenario) -> list[Callable[[], None]]:
    return [
        lambda: undecided(friday, None),
        lambda: undecided(friday, TWO),
        lambda: undecided(friday, FOUR),
        lambda: decided(friday, TWO),
        lambda: decided(friday, FOUR),
    ]


def move(friday: Scenario, by: int = 1) -> str:
    seen = Ceremony.objects.get().step
    act: dict[str, Any] = {"edition": friday.edition, "by": friday.eve, "at": MORNING}
    ceremony.move(steps=by, seen=seen, rehearsal=False, **act)
    return selectors.screen_state(friday.edition, at=MORNING).kind


# ---------------------------------------------------------------- the order


def test_nominees_come_before_the_pause_and_all_prizes_behind_it(friday):
    assert [move(friday) for _ in range(PAUSE)] == FIRST_ACT
    with refuses(JudgingRefusal.JURIES_DELIBERATE) as refused:
        move(friday)
    assert refused.value.refusal.params == {"departments": "Informatique"}
    assert Ceremony.objects.get().resumed_at is None

    decided(friday, FOUR)

    infocom = ["title", "nominees", "drum", "place"]
    info = ["title", "drum", "place", "place", "place", "special"]
    assert [move(friday) for _ in range(11)] == [*infocom, *info, "finale"]
    assert Ceremony.objects.get().resumed_at == MORNING


def test_going_back_before_the_pause_keeps_the_winners_fixed(friday):
    decided(friday, TWO)
    for _ in range(PAUSE + 1):
        move(friday)

    for _ in range(PAUSE):
        kind = move(friday, -1)

    assert kind == "title"
    president = friday.deliberation.department.jurors.get(is_president=True).user
    with refuses(JudgingRefusal.CEREMONY_BEGUN):
        decision.reopen(
            department=friday.deliberation.department, reason="Non", by=president, at=MORNING
        )


def test_a_changed_nomination_makes_the_ceremony_outdated_and_a_decision_does_not(friday):
    move(friday)
    later = MORNING.replace(minute=30)
    decided(friday, TWO)
    Deliberation.objects.filter(pk=friday.deliberation.pk).update(locked_at=later)
    assert selectors.screen_state(friday.edition, at=later).kind == "title"

    NominationSeal.objects.update(locked_at=later)

    assert selectors.screen_state(friday.edition, at=later).kind == "waiting"
    assert selectors.remote_state(friday.edition, at=later).outdated


def test_nobody_publishes_during_the_pause(friday):
    decided(friday, TWO)
    friday.go(PAUSE)

    state = selectors.remote_state(friday.edition, at=MORNING)
    with refuses(JudgingRefusal.CEREMONY_UNFINISHED):
        publication.publish(edition=friday.edition, by=friday.eve, at=MORNING)

    assert not state.is_over


def test_the_remote_names_who_is_not_ready_and_nothing_else(friday, client_of):
    friday.go(PAUSE)
    browser = client_of(friday.eve)
    undecided(friday, FOUR)

    waiting = browser.get(REMOTE).content.decode()
    state = selectors.remote_state(friday.edition, at=MORNING)
    decided(friday, FOUR)
    ready = selectors.remote_state(friday.edition, at=MORNING)

    assert "Informatique. La suite" in waiting
    assert "Publier" not in waiting
    assert (state.next, state.waits_for, state.is_over) == (None, ["Informatique"], False)
    assert (ready.next, ready.waits_for) == ("title", [])


def test_a_ceremony_starts_with_nominees_and_not_without(friday):
    start: dict[str, Any] = {"edition": friday.edition, "by": friday.eve, "at": MORNING}
    ceremony.end(rehearsal=False, **start)
    assert selectors.remote_state(friday.edition, at=MORNING).still_open == []
    ceremony.start(rehearsal=False, **start)
    ceremony.end(rehearsal=False, **start)
    NominationSeal.objects.all().delete()

    with refuses(JudgingRefusal.DELIBERATIONS_OPEN):
        ceremony.start(rehearsal=False, **start)


@pytest.mark.parametrize("step", [1, PAUSE, PAUSE + 5])
def test_another_slide_before_the_pause_keeps_the_step(friday, step):
    # The name of a department in two acts is shown before the pause and behind it.
    decided(friday, FOUR)
    friday.go(step)
    before = selectors.screen_state(friday.edition, at=MORNING)

    slide = {"anchor": "opening", "department": None, "position": 1, "title": "Bonjour"}
    by = {"by": friday.eve, "at": MORNING}
    messages.save(edition=friday.edition, **slide, text="", partner=None, **by)

    assert Ceremony.objects.get().step == step + 1
    assert selectors.screen_state(friday.edition, at=MORNING).kind == before.kind


def test_a_rehearsal_has_the_pause_too(friday):
    act: dict[str, Any] = {"edition": friday.edition, "by": friday.eve, "at": MORNING}
    ceremony.end(rehearsal=False, **act)
    ceremony.start(rehearsal=True, **act)
    kinds = []
    for step in range(PAUSE + 1):
        ceremony.move(steps=1, seen=step, rehearsal=True, **act)
        kinds.append(selectors.screen_state(friday.edition, at=MORNING).kind)

    assert kinds == [*FIRST_ACT, "title"]


# ---------------------------------------------------------------- secrecy


@pytest.mark.parametrize("role", ["anonymous", "cleo", "diane", "eve"])
def test_in_the_first_act_screens_and_remote_do_not_depend_on_winners(role, friday, request):
    answers = Answers(browser_of(role, request))

    for step in range(PAUSE + 1):
        answers.become(f"step {step}", partial(friday.go, step))
        # During the pause the remote says which juries have decided.
        urls = [*SCREENS, *([REMOTE] if step < PAUSE else [])]
        shown = []
        for number, state in enumerate(states(friday)):
            answers.become(f"state {number}", state)
            shown.append(answers.to(urls))
        assert [each == shown[0] for each in shown] == [True] * 5, step
        assert [url for each in shown for url, text in each.items() if MARKER in text] == []
    assert "Les jurys délibèrent" in shown[0]["/ceremonie/scene/"]


@pytest.mark.parametrize("role", sorted(EVERYBODY - {"ben", "dan"}))
def test_no_address_depends_on_winners_before_their_step(role, scenario, request, loner):
    """In one walk: before the last step without the winners, and during the pause of two acts. An
    address that reads nothing of what differs is asked once.
    """
    answers = Answers(browser_of(role, request))
    urls = [route.url for route in scenario.world.routes()]
    urls += [reverse("judging:winner-picture", args=[team.pk]) for team in scenario.teams]
    urls += [reverse("judging:envelope", args=[name]) for name in ("INFO", "INFO-nommes")]
    urls += ["/jury/INFO/deliberation/", "/jury/INFO/passages/", "/jury/?show=done"]
    urls += ["/admin/judging/deliberation/", "/admin/judging/passagemark/", "/jury/sw.js"]
    urls += ["/admin/judging/nominationseal/", "/admin/core/journalentry/"]

    answers.become("drum", partial(scenario.go, DRUM))
    locked_two, locked_four = both(scenario, answers, urls)
    read_winners = answers.depending
    answers.become("two acts", partial(become_two_acts, scenario))
    answers.become("pause", partial(scenario.go, PAUSE))
    shown = []
    for number, state in enumerate(states(scenario)):
        if number != 1:  # the same as the next one here
            answers.become(f"state {number}", state)
            shown.append(answers.to(urls))
    no_draft, draft, two, four = shown

    assert {url for url in urls if locked_two[url] != locked_four[url]} == set()
    assert {url for url in urls if draft[url] != no_draft[url]} == set()
    assert {url for url in urls if two[url] != four[url]} == set()
    everything = (locked_two, locked_four, *shown)
    assert [url for each in everything for url, text in each.items() if MARKER in text] == []
    assert read_winners


def test_winners_and_pictures_appear_at_their_own_step(friday, client):
    decided(friday, FOUR)
    pixels, octets, bits, root = friday.teams
    second_act = PAUSE + 5  # four steps of Infocom, then Info's title

    shown = []
    for step in range(second_act, second_act + 6):
        friday.go(step)
        page = client.get("/ceremonie/scene/").content.decode()
        names = {team.name for team in friday.teams if f">{team.name}<" in page}
        shown.append((names, sum(picture(client, team) == 200 for team in friday.teams)))
        assert (TITLE in page) == (step >= second_act + 5)

    assert shown == [
        (set(), 0),
        (set(), 0),
        ({pixels.name}, 1),
        ({octets.name}, 2),
        ({bits.name, root.name}, 4),
        ({root.name}, 4),
    ]


def test_prizes_are_not_read_before_the_pause_is_over(friday, client):
    decided(friday, FOUR)

    for step in range(PAUSE + 1):
        friday.go(step)
        with CaptureQueriesContext(connection) as captured:
            client.get("/ceremonie/scene/")
        assert [q for q in captured if Award._meta.db_table in q["sql"]] == [], step


def test_messages_and_journal_of_the_first_act_are_the_same(friday):
    def rows() -> list[Any]:
        friday.go(0)
        last = LiveMessage.objects.latest("pk").pk
        entry = JournalEntry.objects.latest("pk").pk
        for _ in range(PAUSE):
            move(friday)
        messages = LiveMessage.objects.filter(pk__gt=last)
        entries = JournalEntry.objects.filter(pk__gt=entry).order_by("pk")
        return [
            *messages.values_list("audiences", "type", "data"),
            *entries.values_list("act", "target", "detail"),
        ]

    written = []
    for state in states(friday):
        state()
        written.append(rows())

    assert [each == written[0] for each in written] == [True] * 5
    assert [row[2] for row in written[0] if row[1] == "ceremony.moved"] == [{}] * PAUSE
