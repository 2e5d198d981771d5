import re

import pytest
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Edition
from judging.deliberation import envelope
from judging.deliberation.selectors.envelopes import envelopes
from judging.deliberation.services import decision
from judging.errors import JudgingRefusal
from judging.models import (
    Award,
    Ceremony,
    Deliberation,
    Juror,
    NominationSeal,
    Signature,
)
from judging.setup.services import method
from tests.judging.conftest import MORNING, live_messages, text_of
from tests.judging.deliberation.two_acts import (
    act,
    choose,
    in_the_morning,
    nominated,
    refused,
    sealed,
    speech,
)

__all__ = ["act", "in_the_morning", "nominated", "sealed", "speech"]  # fixtures

pytestmark = pytest.mark.usefixtures("in_the_morning")


# ---------------------------------------------------------------- the first act


def test_nominations_are_locked_with_an_envelope_of_their_own(nominated, act, dan, edition):
    opened = decision.open_to_sign(**act)
    decision.sign(juror=dan, seen=opened.opened_at, by=dan.user, at=MORNING)

    seal = decision.lock(nominees=True, **act).nomination_seal

    assert seal.record["results"] == {
        "edition": edition.slug,
        "department": "INFOCOM",
        "locked_at": "2020-02-14T11:00:00Z",
        "nominees": ["Com’unik", "Les Five"],
    }
    assert envelope.is_intact(seal.salt, seal.record["results"], seal.digest)
    assert {s["juror"] for s in seal.record["signatures"]} == {
        dan.pk,
        Juror.objects.get(is_president=True).pk,
    }
    deliberation = Deliberation.objects.get()
    assert (deliberation.opened_at, deliberation.locked_at) == (None, None)
    assert not Signature.objects.exists()
    assert live_messages("deliberation.nominated") == [
        ("everyone", {"department": "INFOCOM", "digest": seal.digest})
    ]
    assert Edition.objects.get().deliberated_at is None


def test_no_prize_is_given_before_the_jury_has_heard(nominated, act, comunik):
    named = {"nominees": [comunik.pk]}

    for prizes in ({"places": {comunik.pk: 1}}, {"places": {}, "special": [("Cœur", comunik.pk)]}):
        code = refused(lambda prizes=prizes: decision.decide(**named, **prizes, **act))
        assert code == JudgingRefusal.PRIZES_AFTER_HEARING
    assert refused(lambda: decision.lock(**act)) == JudgingRefusal.NOMINATIONS_FIRST


def test_a_draft_with_winners_must_lose_them_when_the_jury_hears_first(decided, act, dan):
    opened = decision.open_to_sign(**act)
    decision.sign(juror=dan, seen=opened.opened_at, by=dan.user, at=MORNING)

    method.hear_nominees(hears=True, **act)

    assert not Signature.objects.exists()
    assert (
        refused(lambda: decision.lock(nominees=True, **act)) == JudgingRefusal.PRIZES_AFTER_HEARING
    )


def test_marks_that_changed_since_the_draft_block_the_nominations(
    nominated, act, fill, diane, comunik
):
    fill(diane, comunik, 3, 3)

    assert refused(lambda: decision.lock(nominees=True, **act)) == JudgingRefusal.RANKING_CHANGED


def test_marks_jury_and_choice_of_acts_are_closed_with_the_nominations(
    sealed, act, fill, diane, five, eve
):
    closed = JudgingRefusal.DELIBERATION_LOCKED

    assert refused(lambda: fill(diane, five, 3, 3)) == closed
    assert refused(lambda: method.hear_nominees(hears=False, **act)) == closed
    assert refused(lambda: decision.lock(nominees=True, **act)) == JudgingRefusal.NO_NOMINATIONS


def test_only_presidents_and_organizers_choose_the_acts(infocom, dan, diane, eve):
    def choose(by: User, *, hears: bool) -> None:
        method.hear_nominees(department=infocom, hears=hears, by=by, at=MORNING)

    assert refused(lambda: choose(dan.user, hears=True)) == JudgingRefusal.NOT_PRESIDENT
    choose(eve, hears=True)
    choose(diane.user, hears=False)

    acts = JournalEntry.objects.filter(act__startswith="deliberation.").order_by("pk")
    assert list(acts.values_list("act", flat=True)) == ["deliberation.split", "deliberation.joined"]


# ---------------------------------------------------------------- the second act


def test_the_jury_decides_among_its_nominees(sealed, act, scored, edition):
    comunik, five, third = scored
    both = [comunik.pk, five.pk]
    assert (
        refused(lambda: decision.decide(nominees=[*both, third.pk], places={}, **act))
        == JudgingRefusal.NOMINEES_LOCKED
    )

    choose(five, comunik, act)
    locked = decision.lock(**act)

    assert [place["teams"] for place in locked.record["results"]["places"]] == [
        ["Les Five"],
        ["Com’unik"],
    ]
    assert locked.digest != sealed.digest
    assert locked.record["ranking"] == sealed.record["ranking"]
    assert NominationSeal.objects.get().digest == sealed.digest
    assert Edition.objects.get().deliberated_at == MORNING


def test_the_order_of_the_night_does_not_move_with_the_marks_of_other_juries(sealed, act, scored):
    comunik, five, _third = scored
    record = {**sealed.record, "parameters": {**sealed.record["parameters"], "noise": {"x": 1}}}
    NominationSeal.objects.update(record=record)
    choose(comunik, five, act)

    locked = decision.lock(**act)

    assert locked.record["parameters"]["noise"] == {"x": 1}


def test_both_envelopes_are_announced_and_open_with_the_publication(sealed, act, scored, edition):
    comunik, five, _third = scored
    first = {e.name: e for e in envelopes(edition, at=MORNING)}
    assert (first["INFOCOM-nommes"].digest, first["INFOCOM"].digest) == (sealed.digest, "")
    assert not first["INFOCOM-nommes"].is_open

    choose(comunik, five, act)
    locked = decision.lock(**act)
    edition.results_published_at = MORNING
    edition.save()

    opened = {e.name: e for e in envelopes(edition, at=MORNING)}
    assert [e.digest for e in opened.values()] == [sealed.digest, locked.digest]
    assert all(e.is_intact and e.matches_palmares for e in opened.values())
    page = Client().get(reverse("judging:envelope", args=["INFOCOM-nommes"]))
    assert envelope.digest(sealed.salt, sealed.record["results"]) == sealed.digest
    assert page.content == envelope.content(sealed.salt, sealed.record["results"])


# ---------------------------------------------------------------- reopening


def test_reopened_nominations_void_their_digest_and_free_the_marks(
    sealed, act, edition, fill, diane, five
):
    decision.reopen(nominees=True, reason="Une équipe oubliée", **act)

    assert not NominationSeal.objects.exists()
    assert Deliberation.objects.get().struck[0]["digest"] == sealed.digest
    struck = envelopes(edition, at=MORNING)[0].struck
    assert [one.digest for one in struck] == [sealed.digest]
    assert fill(diane, five, 3, 3)


def test_reopened_winners_leave_the_nominations_locked(sealed, act, scored):
    comunik, five, _third = scored
    choose(comunik, five, act)
    decision.lock(**act)
    assert (
        refused(lambda: decision.reopen(nominees=True, reason="Un autre vote", **act))
        == JudgingRefusal.NOT_LOCKED
    )

    decision.reopen(reason="Un autre vote", **act)

    assert NominationSeal.objects.get().digest == sealed.digest
    assert Award.objects.count() == 2


@pytest.mark.parametrize("resumed", [False, True])
def test_a_ceremony_fixes_the_nominees_and_after_the_pause_the_winners(
    sealed, act, scored, eve, resumed
):
    comunik, five, _third = scored
    Ceremony.objects.create(
        edition=act["department"].edition,
        is_rehearsal=False,
        moved_at=MORNING,
        moved_by=eve,
        resumed_at=MORNING if resumed else None,
    )
    begun = JudgingRefusal.CEREMONY_BEGUN
    assert refused(lambda: decision.reopen(nominees=True, reason="Un oubli", **act)) == begun
    choose(comunik, five, act)
    decision.lock(**act)

    if resumed:
        assert refused(lambda: decision.reopen(reason="Un oubli", **act)) == begun
    else:
        decision.reopen(reason="Un oubli", **act)
        assert Deliberation.objects.get().locked_at is None


# ---------------------------------------------------------------- pages


def test_the_pages_go_through_both_acts(scored, diane, infocom, client_of):
    comunik, five, _third = scored
    browser = client_of(diane.user)
    url = {n: reverse(f"judging:{n}", args=["INFOCOM"]) for n in ("deliberation", "lock", "reopen")}
    browser.post(reverse("judging:progress-report", args=["INFOCOM"]), {"hears": "yes"})
    named = {f"nominee-{comunik.pk}": "on", f"nominee-{five.pk}": "on"}
    browser.post(url["deliberation"], named)
    assert re.search(r"<title>\s*Verrouiller les nominations\s", text_of(browser.get(url["lock"])))
    stale = {"confirmed": "on"}
    assert browser.post(url["lock"], stale).status_code == 422
    assert browser.post(url["lock"], {**stale, "nominees": "True"}).status_code == 302
    assert NominationSeal.objects.exists()

    places = {f"place-{comunik.pk}": "1", f"place-{five.pk}": "2"}
    browser.post(url["deliberation"], {**places, "reason": "Entendu."})
    assert browser.post(url["lock"], {**stale, "nominees": "True"}).status_code == 422
    assert browser.post(url["lock"], stale).status_code == 302
    assert Deliberation.objects.get().locked_at == MORNING
    assert re.search(r"<title>\s*Rouvrir la délibération\s", text_of(browser.get(url["reopen"])))
    assert browser.post(url["reopen"], {"reason": "Un oubli"}).status_code == 302
    assert re.search(r"<title>\s*Rouvrir les nominations\s", text_of(browser.get(url["reopen"])))
    assert (
        browser.post(url["reopen"], {"reason": "Un oubli", "nominees": "True"}).status_code == 302
    )
    assert not NominationSeal.objects.exists()
