"""Nominees on stage: steps, timer, pages, draw and messages."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from hackathon.accounts.models import User
from hackathon.core.errors import NotFound, Refused
from hackathon.core.models import JournalEntry
from hackathon.core.received_files import received_file
from hackathon.editions.models import Department, Edition
from judging.ceremony.selectors import screens as selectors
from judging.ceremony.selectors.decks import decks_to_store
from judging.ceremony.services import messages, passages
from judging.ceremony.services import screens as ceremony
from judging.enums import PassagePhase
from judging.errors import JudgingRefusal
from judging.models import Ceremony, CeremonyMessage, Passage, PassagePlan
from submissions.deposits import services as deposits
from submissions.inspection import services as inspections
from submissions.inspection.result import Result
from submissions.models import Deliverable, Seal
from teams.models import Team
from tests.conftest import NOON
from tests.judging.conftest import MORNING, NIGHT, live_messages, text_of

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
SEED = "5" * 64


@pytest.fixture(autouse=True)
def _in_the_morning() -> object:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def plan(locked: Department) -> PassagePlan:
    Deliverable.objects.filter(department=locked).update(is_deck=False)
    return PassagePlan.objects.create(department=locked)


@pytest.fixture
def deck(plan: PassagePlan) -> Deliverable:
    return Deliverable.objects.create(
        department=plan.department, name="Support", kind="file", is_deck=True, position=9
    )


@pytest.fixture
def running(plan: PassagePlan, edition: Edition, eve: User) -> Ceremony:
    return ceremony.start(edition=edition, rehearsal=False, by=eve, at=MORNING)


class Remote:
    # Presses buttons as somebody who sees the current state.

    def __init__(self, edition: Edition, by: User) -> None:
        self.act: dict[str, Any] = {"edition": edition, "by": by}
        self.edition = edition
        self.at = MORNING

    @property
    def seen(self) -> dict[str, Any]:
        now = Ceremony.objects.get()
        return {**self.act, "at": self.at, "seen": now.step, "rehearsal": now.is_rehearsal}

    def go(self, steps: int = 1) -> selectors.ScreenState:
        ceremony.move(steps=steps, **self.seen)
        return self.shown

    def turn(self, pages: int = 1) -> int:
        passages.direct(pages=pages, changes=Passage.objects.latest("pk").changes, **self.seen)
        return Passage.objects.latest("pk").page

    @property
    def shown(self) -> selectors.ScreenState:
        return selectors.screen_state(self.edition, at=self.at)

    def until(self, kind: str) -> selectors.ScreenState:
        while self.shown.kind != kind:
            before = self.shown
            assert self.go() != before, kind
        return self.shown


@pytest.fixture
def remote(running: Ceremony, edition: Edition, eve: User) -> Remote:
    return Remote(edition, eve)


def hand_in(deck: Deliverable, team: Team, **content: Any) -> None:
    by = team.memberships.first().user  # type: ignore[union-attr]
    if "file" in content:
        content["file"] = received_file(content["file"], "support.pdf")
    submission = deposits.deposit(deck, team, begun_at=NOON, by=by, at=NOON, **content)
    assert submission is not None
    inspections.record(submission, Result({"type": "pdf", "pages": 3}), at=NOON)


def refusal(act: Callable[[], Any]) -> Any:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.refusal.code


# ---------------------------------------------------------------- steps


def test_each_nominee_presents_after_the_nominees_and_before_the_drum(remote: Remote) -> None:
    kinds = [remote.shown.kind, *(remote.go().kind for _ in range(8))]

    presentations = ["presentation"] * kinds.count("presentation")
    assert len(presentations) == len(nominees(remote))
    middle = ["opening", "title", "nominees", *presentations, "drum", "place"]
    assert kinds[: len(middle)] == middle


def nominees(remote: Remote) -> list[str]:
    state = selectors.ceremony_state(remote.edition)
    assert state is not None
    names = dict(Team.objects.values_list("pk", "name"))
    return [names[team] for team in state.decisions[0].nominees if isinstance(team, int)]


def test_a_department_without_a_plan_has_no_passages(remote: Remote, plan: PassagePlan) -> None:
    plan.delete()

    state = selectors.ceremony_state(remote.edition)

    assert state is not None
    assert not any(step.is_passage for step in state.steps)


def test_the_screen_names_who_comes_next_but_nobody_after_the_last(remote: Remote) -> None:
    names = nominees(remote)
    shown = remote.until("presentation")

    pairs = []
    while shown.passage is not None:
        pairs.append((shown.passage.team, shown.passage.following))
        shown = remote.go()

    assert pairs == list(zip(names, [*names[1:], ""], strict=True))


def test_a_step_starts_the_time_and_questions_have_their_own(remote: Remote) -> None:
    begun = remote.until("presentation").passage
    assert begun is not None
    assert begun.ends_at == MORNING + 3 * MINUTE

    remote.at = MORNING + 4 * MINUTE
    act = {"phase": PassagePhase.QUESTIONS, "changes": 0, **remote.seen}
    passages.direct(**act)
    passages.direct(**{**act, "at": remote.at + SECOND})  # a double tap

    asked = remote.shown.passage
    assert asked is not None
    assert (asked.is_speaking, asked.ends_at) == (False, MORNING + 6 * MINUTE)


def test_a_step_that_is_taken_back_keeps_the_time_of_the_passage_before(remote: Remote) -> None:
    first = remote.until("presentation").passage
    remote.at = MORNING + MINUTE
    remote.go()  # by mistake
    back = remote.go(-1).passage
    remote.at = MORNING + 5 * MINUTE
    second = remote.go().passage

    assert first is not None
    assert back is not None
    assert second is not None
    assert (back.team, back.ends_at) == (first.team, first.ends_at)
    assert second.ends_at == remote.at + 3 * MINUTE


def test_pages_are_turned_once_for_a_double_tap_and_not_beyond_the_end(
    remote: Remote, deck: Deliverable, comunik: Team
) -> None:
    hand_in(deck, comunik, file=b"%PDF-1.4 deck")
    shown = remote.until("presentation")
    while shown.passage is not None and shown.passage.team != comunik.name:
        shown = remote.go()

    stale = {"pages": 1, "changes": 0, **remote.seen}
    passages.direct(**stale)
    passages.direct(**stale)
    assert Passage.objects.latest("pk").page == 2
    assert [remote.turn() for _ in range(3)] == [3, 3, 3]
    assert [remote.turn(-1) for _ in range(4)] == [2, 1, 1, 1]
    assert {tuple(data) for _audience, data in live_messages("ceremony.moved")} == {()}


def test_a_rehearsal_has_placeholders_and_no_deck(
    remote: Remote, deck: Deliverable, comunik: Team, eve: User, edition: Edition
) -> None:
    hand_in(deck, comunik, file=b"%PDF-1.4 deck")
    ceremony.end(edition=edition, rehearsal=False, by=eve, at=MORNING)
    ceremony.start(edition=edition, rehearsal=True, by=eve, at=MORNING)

    shown = remote.until("presentation")

    assert shown.passage is not None
    assert shown.passage.deck.kind == "none"
    assert not Team.objects.filter(name=shown.passage.team).exists()
    assert remote.turn() == 2


# ---------------------------------------------------------------- decks


def test_a_link_that_may_be_framed_is_shown_in_a_frame(
    remote: Remote, deck: Deliverable, comunik: Team, client: Client
) -> None:
    Deliverable.objects.filter(pk=deck.pk).update(kind="link")
    deck.refresh_from_db()
    by = comunik.memberships.first().user  # type: ignore[union-attr]
    made = deposits.deposit(
        deck, comunik, url="https://example.org/demo", begun_at=NOON, by=by, at=NOON
    )
    assert made is not None
    inspections.record(made, Result({"type": "link", "frames": True, "title": "La démo"}), at=NOON)
    shown = remote.until("presentation")
    while shown.passage and shown.passage.team != comunik.name:
        shown = remote.go()

    page = text_of(client.get(reverse("stage:ceremony-scene")))

    assert 'data-deck-page="https://example.org/demo"' in page
    assert "La démo" in page


def test_projectors_store_the_decks_of_all_teams_that_may_be_nominated(
    remote: Remote, deck: Deliverable, comunik: Team, edition: Edition, pixels: Team
) -> None:
    hand_in(deck, comunik, file=b"%PDF-1.4 deck")
    poster = Deliverable.objects.create(
        department=pixels.department, name="Support", kind="file", is_deck=True
    )
    hand_in(poster, pixels, file=b"%PDF-1.4 other")

    stored = decks_to_store(edition, at=MORNING)

    assert [each.submission.team for each in stored if each.submission] == [comunik]


def test_the_api_says_the_order_and_the_team_on_stage_when_the_screens_show_them(
    remote: Remote, client: Client
) -> None:
    url, names = reverse("api:ceremony"), nominees(remote)
    opening = client.get(url).json()
    remote.until("nominees")
    named = client.get(url).json()
    remote.go()
    remote.turn()
    on_stage = client.get(url).json()

    assert opening == {"kind": "opening", "department": "", "teams": [], "passage": None}
    assert (named["kind"], named["teams"], named["passage"]) == ("nominees", names, None)
    assert on_stage["teams"] == names[:1]
    assert on_stage["passage"] == {
        "team": names[0],
        "following": names[1],
        "phase": "speaking",
        "ends_at": (MORNING + 3 * MINUTE).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "page": 2,
    }


# ---------------------------------------------------------------- the speaker


def test_the_link_of_the_team_turns_pages_during_its_passage_only(
    remote: Remote, client: Client
) -> None:
    remote.until("presentation")
    passage = Passage.objects.get()
    address = reverse("stage:speaker", args=[passage.token])

    assert client.get(address).status_code == 200
    client.post(address, {"pages": "1", "changes": "0"})
    assert Passage.objects.get().page == 2

    remote.go()
    assert client.get(address).status_code == 404
    assert client.post(address, {"pages": "1", "changes": "1"}).status_code == 404
    with pytest.raises(NotFound):
        passages.turn_by_speaker(passage=passage, pages=1, changes=1, at=MORNING)
    assert Passage.objects.get(pk=passage.pk).page == 2


def test_members_of_the_team_on_stage_find_the_page_by_themselves(
    remote: Remote, client_of: Callable[[User], Client], ada: User, cleo: User, comunik: Team
) -> None:
    seen: dict[str, list[int]] = {"ada": [], "cleo": []}
    shown = remote.until("presentation")
    while shown.passage is not None:
        for name, user in (("ada", ada), ("cleo", cleo)):
            if 'name="pages"' in text_of(client_of(user).get(reverse("stage:own-passage"))):
                seen[name].append(shown.passage.team == comunik.name)
        shown = remote.go()

    assert seen == {"ada": [True], "cleo": []}


# ---------------------------------------------------------------- the draw


def sealed(plan: PassagePlan) -> None:
    Seal.objects.create(
        edition=plan.department.edition,
        department=plan.department,
        moment="deadline",
        as_of=NIGHT,
        made_at=NIGHT,
        manifest={},
        digest=SEED,
    )


def draw(remote: Remote, word: str, reason: str = "") -> None:
    seen = Ceremony.objects.get().step
    passages.set_order(word=word, reason=reason, seen=seen, at=MORNING, **remote.act)


def test_the_draw_can_be_recomputed_by_anybody(remote: Remote, plan: PassagePlan) -> None:
    sealed(plan)
    names = sorted(nominees(remote))
    remote.until("nominees")

    draw(remote, "pamplemousse 42")

    def key(name: str) -> str:
        return sha256(f"{SEED}\npamplemousse 42\n{name}".encode()).hexdigest()

    assert nominees(remote) == sorted(names, key=key)
    assert [team.name for team in remote.shown.teams] == nominees(remote)
    page = text_of(Client().get(reverse("stage:ceremony-scene")))
    assert "pamplemousse 42" in page
    assert SEED[:16] in page


def test_a_second_draw_needs_a_reason_which_is_journalled(
    remote: Remote, plan: PassagePlan
) -> None:
    sealed(plan)
    remote.until("nominees")
    draw(remote, "un")

    assert refusal(lambda: draw(remote, "deux")) == JudgingRefusal.DRAW_AGAIN
    draw(remote, "deux", "mot mal entendu")

    entry = JournalEntry.objects.filter(act="passages.drawn").latest("pk")
    assert (entry.detail["word"], entry.detail["reason"]) == ("deux", "mot mal entendu")


def test_the_draw_waits_for_the_nominees_and_for_a_seal(remote: Remote, plan: PassagePlan) -> None:
    assert refusal(lambda: draw(remote, "tôt")) == JudgingRefusal.DRAW_ELSEWHERE
    remote.until("nominees")
    assert refusal(lambda: draw(remote, "mot")) == JudgingRefusal.DRAW_NO_SEAL
    remote.until("presentation")
    sealed(plan)
    assert refusal(lambda: draw(remote, "tard")) == JudgingRefusal.DRAW_ELSEWHERE


def test_an_order_by_hand_names_each_nominee_once(
    remote: Remote, plan: PassagePlan, eve: User, client_of: Callable[[User], Client]
) -> None:
    shown = remote.until("nominees")
    teams = [team.pk for team in shown.teams]
    browser, address = client_of(eve), reverse("stage:order")
    step = Ceremony.objects.get().step

    same = ["1"] * len(teams)
    browser.post(address, {"seen": step, "team": teams, "rank": same})
    assert PassagePlan.objects.get().order == []
    ranks = [str(len(teams) - n) for n in range(len(teams))]
    browser.post(address, {"seen": step, "team": teams, "rank": ranks})

    assert [team.pk for team in remote.shown.teams] == teams[::-1]


# ---------------------------------------------------------------- messages


def message(edition: Edition, eve: User, **values: Any) -> CeremonyMessage:
    values = {"anchor": "opening", "title": "Merci", "department": None, **values}
    return messages.save(edition=edition, by=eve, at=MORNING, **values)


def test_messages_come_at_their_place_and_in_their_order(
    remote: Remote, edition: Edition, eve: User, plan: PassagePlan
) -> None:
    for anchor in ("finale", "prizes", "passages", "nominees", "title"):
        department = None if anchor == "finale" else plan.department
        message(edition, eve, anchor=anchor, department=department, title=f"Après {anchor}")
    message(edition, eve, title="Second", position=2)
    message(edition, eve, title="Premier", position=1)

    shown, order = remote.shown, []
    while shown.kind != "finale":
        order.append(shown.message.title if shown.message else shown.kind)
        shown = remote.go()

    team = ["presentation"] * len(nominees(remote))
    before = ["opening", "Premier", "Second", "title", "Après title"]
    assert order[:7] == [*before, "nominees", "Après nominees"]
    assert order[7 : 9 + len(team)] == [*team, "Après passages", "drum"]
    assert order[-2:] == ["Après prizes", "Après finale"]


def test_a_message_that_is_inserted_before_leaves_the_ceremony_at_its_step(
    remote: Remote, edition: Edition, eve: User
) -> None:
    before = remote.until("presentation").passage
    new = message(edition, eve)

    after = remote.shown.passage

    assert before is not None
    assert after is not None
    assert (after.team, after.ends_at) == (before.team, before.ends_at)
    messages.delete(message=new, by=eve, at=MORNING)
    assert remote.shown.passage == after


def test_a_message_on_the_screens_stays(remote: Remote, edition: Edition, eve: User) -> None:
    new = message(edition, eve)
    assert remote.go().message == new

    act = {"message": new, "by": eve, "at": MORNING}
    assert refusal(lambda: messages.delete(**act)) == JudgingRefusal.MESSAGE_SHOWN
    assert CeremonyMessage.objects.exists()


def test_passages_cannot_be_switched_off_while_a_team_is_on_stage(
    remote: Remote, plan: PassagePlan, eve: User
) -> None:
    remote.until("presentation")
    act = {"department": plan.department, "is_on": False, "by": eve, "at": MORNING}

    assert refusal(lambda: passages.save_plan(**act)) == JudgingRefusal.MESSAGE_SHOWN
    assert PassagePlan.objects.exists()


def test_the_database_refuses_what_no_form_sends(edition: Edition, infocom: Department) -> None:
    def refused(**values: Any) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            CeremonyMessage.objects.create(edition=edition, title="x", **values)

    refused(anchor="title")
    refused(anchor="opening", department=infocom)
    with pytest.raises(IntegrityError), transaction.atomic():
        PassagePlan.objects.create(department=infocom, speaking_minutes=0)
