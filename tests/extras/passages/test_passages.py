"""Nominees on stage: steps, timer, pages, draw and messages."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from hackathon.base.core.errors import NotFound
from hackathon.base.core.models import JournalEntry
from hackathon.extras.passages import services as passages
from hackathon.extras.passages.decks import decks_to_store
from hackathon.extras.passages.enums import PassagePhase
from hackathon.extras.passages.models import Passage, PassagePlan
from judging.ceremony.selectors import screens as selectors
from judging.ceremony.services import messages
from judging.ceremony.services import screens as ceremony
from judging.errors import JudgingRefusal
from judging.models import PassageCriterion
from submissions.deposits import services as deposits
from submissions.inspection import services as inspections
from submissions.inspection.result import Result
from submissions.models import Deliverable
from teams.models import Team
from tests.conftest import NOON
from tests.database import empty_journal
from tests.extras.passages.conftest import Remote, hand_in, nominees, refusal
from tests.judging.ceremony.test_messages import message
from tests.judging.conftest import MORNING, live_messages, text_of
from tests.judging.deliberation.two_acts import act, nominated, sealed

pytestmark = pytest.mark.time_machine(MORNING, tick=False)

__all__ = ["act", "nominated", "sealed"]  # fixtures

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


# ---------------------------------------------------------------- steps


def test_each_nominee_presents_after_the_nominees_and_before_the_drum(remote):
    kinds = [remote.shown.kind, *(remote.go().kind for _ in range(8))]

    presentations = ["presentation"] * kinds.count("presentation")
    assert len(presentations) == len(nominees(remote))
    middle = ["opening", "title", "nominees", *presentations, "drum", "place"]
    assert kinds[: len(middle)] == middle


def test_a_department_without_a_plan_has_no_passages(remote, plan):
    plan.delete()

    state = selectors.ceremony_state(remote.edition)

    assert state is not None
    assert not any(step.is_passage for step in state.steps)


def test_the_screen_names_who_comes_next_but_nobody_after_the_last(remote):
    names = nominees(remote)
    shown = remote.until("presentation")

    pairs = []
    while shown.on_stage is not None:
        pairs.append((shown.details.team, shown.details.following))
        shown = remote.go()

    assert pairs == list(zip(names, [*names[1:], ""], strict=True))


def test_a_step_starts_the_time_and_questions_have_their_own(remote):
    begun = remote.until("presentation").details
    assert begun is not None
    assert begun.ends_at == MORNING + 3 * MINUTE

    remote.at = MORNING + 4 * MINUTE
    act = {"phase": PassagePhase.QUESTIONS, "changes": 0, **remote.seen}
    passages.direct(**act)
    passages.direct(**{**act, "at": remote.at + SECOND})  # a double tap

    asked = remote.on_stage
    assert asked is not None
    assert (asked.is_speaking, asked.ends_at) == (False, MORNING + 6 * MINUTE)


def test_a_step_that_is_taken_back_keeps_the_time_of_the_passage_before(remote):
    first = remote.until("presentation").details
    remote.at = MORNING + MINUTE
    remote.go()  # by mistake
    back = remote.go(-1).details
    remote.at = MORNING + 5 * MINUTE
    second = remote.go().details

    assert first is not None
    assert back is not None
    assert second is not None
    assert (back.team, back.ends_at) == (first.team, first.ends_at)
    assert second.ends_at == remote.at + 3 * MINUTE


def test_pages_are_turned_once_for_a_double_tap_and_not_beyond_the_end(remote, deck, comunik):
    hand_in(deck, comunik, file=b"%PDF-1.4 deck")
    shown = remote.until("presentation")
    while shown.on_stage is not None and shown.details.team != comunik.name:
        shown = remote.go()

    stale = {"pages": 1, "changes": 0, **remote.seen}
    passages.direct(**stale)
    passages.direct(**stale)
    assert Passage.objects.latest("pk").page == 2
    assert [remote.turn() for _ in range(3)] == [3, 3, 3]
    assert [remote.turn(-1) for _ in range(4)] == [2, 1, 1, 1]
    assert {tuple(data) for _audience, data in live_messages("ceremony.moved")} == {()}


def test_a_rehearsal_has_placeholders_and_no_deck(remote, deck, comunik, eve, edition):
    hand_in(deck, comunik, file=b"%PDF-1.4 deck")
    ceremony.end(edition=edition, rehearsal=False, by=eve, at=MORNING)
    ceremony.start(edition=edition, rehearsal=True, by=eve, at=MORNING)

    shown = remote.until("presentation")

    assert shown.on_stage is not None
    assert shown.details.deck.kind == "none"
    assert not Team.objects.filter(name=shown.details.team).exists()
    assert remote.turn() == 2


# ---------------------------------------------------------------- decks


def test_a_link_that_may_be_framed_is_shown_in_a_frame(remote, deck, comunik, client):
    Deliverable.objects.filter(pk=deck.pk).update(kind="link")
    deck.refresh_from_db()
    by = comunik.memberships.first().user
    made = deposits.deposit(
        deck, comunik, url="https://example.org/demo", begun_at=NOON, by=by, at=NOON
    )
    assert made is not None
    inspections.record(made, Result({"type": "link", "frames": True, "title": "La démo"}), at=NOON)
    shown = remote.until("presentation")
    while shown.on_stage and shown.details.team != comunik.name:
        shown = remote.go()

    page = text_of(client.get(reverse("stage:ceremony-scene")))

    assert 'data-deck-page="https://example.org/demo"' in page
    assert "La démo" in page


def test_projectors_store_the_decks_of_all_teams_that_may_be_nominated(
    remote, deck, comunik, edition, pixels
):
    hand_in(deck, comunik, file=b"%PDF-1.4 deck")
    poster = Deliverable.objects.create(
        department=pixels.department, name="Support", kind="file", is_deck=True
    )
    hand_in(poster, pixels, file=b"%PDF-1.4 other")

    stored = decks_to_store(edition, at=MORNING)

    assert [each.submission.team for each in stored if each.submission] == [comunik]


def test_the_api_says_the_order_and_the_team_on_stage_when_the_screens_show_them(remote, client):
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


def test_the_link_of_the_team_turns_pages_during_its_passage_only(remote, client):
    remote.until("presentation")
    passage = Passage.objects.get()
    address = reverse("passages:speaker", args=[passage.token])

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
    remote, client_of, ada, cleo, comunik
):
    seen: dict[str, list[int]] = {"ada": [], "cleo": []}
    linked: dict[str, int] = {"ada": 0, "cleo": 0}
    shown = remote.until("presentation")
    while shown.on_stage is not None:
        for name, user in (("ada", ada), ("cleo", cleo)):
            if 'name="pages"' in text_of(client_of(user).get(reverse("passages:own"))):
                seen[name].append(shown.details.team == comunik.name)
            page = text_of(client_of(user).get("/equipe/"))
            linked[name] += 'href="/passage/"' in page
        shown = remote.go()

    assert seen == {"ada": [True], "cleo": []}
    assert linked == {"ada": 1, "cleo": 0}


# ---------------------------------------------------------------- messages


def test_messages_come_at_their_place_and_in_their_order(remote, edition, eve, plan):
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


def test_a_message_that_is_inserted_before_leaves_the_ceremony_at_its_step(remote, edition, eve):
    before = remote.until("presentation").details
    new = message(edition, eve)

    after = remote.on_stage

    assert before is not None
    assert after is not None
    assert (after.team, after.ends_at) == (before.team, before.ends_at)
    messages.delete(message=new, by=eve, at=MORNING)
    assert remote.on_stage == after


def test_passages_cannot_be_switched_off_while_a_team_is_on_stage(remote, plan, eve):
    remote.until("presentation")
    act = {"department": plan.department, "is_on": False, "by": eve, "at": MORNING}

    assert refusal(lambda: passages.save_plan(**act)) == JudgingRefusal.MESSAGE_SHOWN
    assert PassagePlan.objects.exists()


def test_one_form_saves_what_was_changed_of_all_departments(
    remote, plan, infocom, info, eve, client_of
):
    page = reverse("passages:index", args=[infocom.edition.slug])
    sent = {
        f"department-{pk}-{name}": minutes
        for pk in (infocom.pk, info.pk)
        for name, minutes in (("speaking_minutes", 3), ("questions_minutes", 2))
    }
    browser, on = client_of(eve), f"department-{info.pk}-is_on"

    refused = browser.post(page, sent | {on: "on", f"department-{info.pk}-speaking_minutes": 99})
    empty_journal()
    saved = browser.post(page, sent | {on: "on", f"department-{plan.department_id}-is_on": "on"})

    assert (refused.status_code, saved.status_code) == (422, 302)
    assert PassagePlan.objects.filter(department__in=[infocom, info]).count() == 2
    entry = JournalEntry.objects.get(act="passages.planned")
    assert entry.department_pk == info.pk


def test_the_database_refuses_what_no_form_sends(infocom):
    with pytest.raises(IntegrityError), transaction.atomic():
        PassagePlan.objects.create(department=infocom, speaking_minutes=0)


def test_a_juror_has_the_team_on_stage_first_with_its_clock(sealed, dan, eve, five, client_of):
    infocom = sealed.deliberation.department
    PassagePlan.objects.create(department=infocom)
    PassageCriterion.objects.create(department=infocom, name="Clarté")
    Team.objects.filter(department__code="INFO").delete()
    ceremony.start(edition=infocom.edition, rehearsal=False, by=eve, at=MORNING)
    remote = Remote(infocom.edition, eve)
    browser, url = client_of(dan.user), reverse("judging:hearing", args=["INFOCOM"])

    def order() -> list[str]:
        page = text_of(browser.get(url))
        return [*re.findall(r"<h2>([^<]+?) ?</h2>", page), *re.findall("sur scène", page)]

    before = order()
    remote.until("presentation")
    remote.go()
    during = order()

    assert before == ["Com’unik", "Les Five"]
    assert during == ["Les Five", "Com’unik", "sur scène"]
