import json

import pytest
import time_machine
from django.urls import reverse

from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.event.editions.models import Department, Edition
from judging.deliberation import envelope
from judging.deliberation.selectors import decision as selectors_decision
from judging.deliberation.services import decision as deliberation
from judging.errors import JudgingRefusal
from judging.models import Ceremony, Deliberation, Juror, Signature
from judging.ranking.selectors import ranking_of
from tests.judging.conftest import MORNING, NIGHT, live_messages, text_of
from tests.refusals import refuses

pytestmark = [pytest.mark.database, pytest.mark.time_machine(NIGHT, tick=False)]


def opened(department: Department, diane: Juror) -> Deliberation:
    return deliberation.open_to_sign(department=department, by=diane.user, at=NIGHT)


def test_the_jury_reads_and_signs_what_the_president_has_opened(client_of, decided, dan, diane):
    tablet, address = client_of(dan.user), reverse("judging:sign", args=["INFOCOM"])
    before = text_of(tablet.get(address))
    found = opened(decided, diane)
    shown = text_of(tablet.get(address))

    answer = tablet.post(address, {"seen": found.opened_at.isoformat()})

    assert "Rien à signer" in before
    assert "Les Five" not in before
    assert "Les Five" in shown
    assert "16,00" not in shown
    assert answer.status_code == 302
    assert "Vous avez signé à" in text_of(tablet.get(address))
    assert [s.juror for s in Signature.objects.all()] == [dan]
    assert live_messages("deliberation.opened") == [
        (f"jury:{decided.pk}", {"department": "INFOCOM"})
    ]
    assert live_messages("deliberation.signed") == [
        (f"jury:{decided.pk}", {"department": "INFOCOM", "signed": 1, "jurors": 2})
    ]


def test_changing_the_decision_removes_signatures_and_closes_it(
    client_of, decided, dan, diane, scored
):
    found = opened(decided, diane)
    deliberation.sign(juror=dan, seen=found.opened_at, by=dan.user, at=NIGHT)

    deliberation.decide(department=decided, nominees=[], places={}, by=diane.user, at=NIGHT)

    assert not Signature.objects.exists()
    assert Deliberation.objects.get().opened_at is None
    removed = JournalEntry.objects.get(act="deliberation.signatures_removed")
    assert removed.detail == {"signatures": 1}
    assert live_messages("deliberation.closed") == [
        (f"jury:{decided.pk}", {"department": "INFOCOM"})
    ]
    page = text_of(client_of(dan.user).get(reverse("judging:sign", args=["INFOCOM"])))
    assert "Rien à signer" in page


def test_saving_an_unchanged_draft_keeps_the_signatures(client_of, decided, dan, diane):
    found = opened(decided, diane)
    deliberation.sign(juror=dan, seen=found.opened_at, by=dan.user, at=NIGHT)
    browser, address = client_of(diane.user), reverse("judging:deliberation", args=["INFOCOM"])
    form = browser.get(address).context["form"]
    as_shown = {
        name: field.value()
        for name in form.fields
        if (field := form[name]).value() not in (None, False)
    }

    answer = browser.post(address, {**as_shown, "do": "lock"})

    assert answer.headers["Location"] == reverse("judging:lock", args=["INFOCOM"])
    assert [s.juror for s in Signature.objects.all()] == [dan]
    assert Deliberation.objects.get().opened_at == found.opened_at
    assert live_messages("deliberation.closed") == []


def test_new_marks_refuse_the_lock(decided, diane, fill, third):
    opened(decided, diane)
    fill(diane, third, 18, 18)

    with refuses(JudgingRefusal.RANKING_CHANGED):
        deliberation.lock(department=decided, by=diane.user, at=NIGHT)


def test_the_record_has_inputs_parameters_and_results(locked, diane, dan, scored):
    found = Deliberation.objects.get()
    record = found.record

    assert envelope.is_intact(found.salt, record["results"], found.digest)
    assert [sheet["marks"] for sheet in record["sheets"]]
    assert record["parameters"]["method"] == "harmonised"
    assert record["parameters"]["noise"]["freedom"] == 1
    assert len(record["code"]["sha256"]) == 64
    assert (record["absent"], record["unsigned"]) == ([], [dan.pk])
    assert [s["juror"] for s in record["signatures"]] == [diane.pk]
    assert "16" not in json.dumps(record["results"])


def test_after_the_lock_the_ranking_is_the_recorded_one(locked, info, pixels):
    before = ranking_of(locked)
    record = Deliberation.objects.get().record
    record["ranking"]["standings"][0]["high"] += 2
    Deliberation.objects.update(record=record)

    after = ranking_of(locked)

    assert after.standings[0].margin == before.standings[0].margin + 1


def test_reopening_strikes_the_digest_and_removes_signatures(client_of, locked, diane, edition):
    digest = Deliberation.objects.get().digest
    browser, address = client_of(diane.user), reverse("judging:reopen", args=["INFOCOM"])

    empty = browser.post(address, {"reason": "  "})
    done = browser.post(
        address, {"reason": "Une fiche de Les Five était celle d’une autre équipe."}
    )

    found = Deliberation.objects.get()
    assert (empty.status_code, done.status_code) == (422, 302)
    assert list(empty.context["form"].errors) == ["reason"]
    assert found.locked_at is None
    assert (found.digest, found.salt, found.record) == ("", "", {})
    assert found.struck[0]["digest"] == digest
    assert not Signature.objects.exists()
    entry = JournalEntry.objects.get(act="deliberation.reopened")
    assert entry.detail == {
        "digest": digest,
        "signatures": 1,
    }  # without the reason, which may name a winner
    assert live_messages("deliberation.reopened") == [("everyone", {"department": "INFOCOM"})]
    edition.refresh_from_db()
    assert edition.deliberated_at is None


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("published", JudgingRefusal.RESULTS_OUT),
        ("ceremony", JudgingRefusal.CEREMONY_BEGUN),
        ("rehearsal", None),
    ],
)
def test_reopening_is_refused_once_people_outside_may_know(
    locked, diane, edition, eve, state, code
):
    if state == "published":
        Edition.objects.update(results_published_at=NIGHT)
    else:
        kind = {"is_rehearsal": state == "rehearsal"}
        Ceremony.objects.create(edition=edition, moved_at=NIGHT, moved_by=eve, **kind)
    act = {"department": locked, "reason": "Oubli", "by": diane.user, "at": NIGHT}

    if code is None:
        assert deliberation.reopen(**act).locked_at is None
        return
    with refuses(code):
        deliberation.reopen(**act)


def test_special_prizes_are_saved(client_of, scored, diane, infocom):
    comunik, five, third = scored
    browser, address = client_of(diane.user), reverse("judging:deliberation", args=["INFOCOM"])
    both = {f"nominee-{t.pk}": "on" for t in (comunik, five)}
    both |= {f"place-{t.pk}": "1" for t in (comunik, five)}
    prize = {"special-title-0": "Prix du public", "special-team-0": str(third.pk)}

    half = browser.post(address, {**both, "special-title-0": "Prix du public"})
    done = browser.post(address, {**both, **prize})
    page = text_of(browser.get(address))

    assert half.status_code == 422
    assert "Choisissez l’équipe du prix" in text_of(half)
    assert done.status_code == 302
    assert 'value="Prix du public"' in page
    assert selectors_decision.decision_of(infocom).special[0].team == third
    assert selectors_decision.decision_of(infocom).winners == 2


# ---------------------------------------------------------------- minutes and export


def test_the_jury_of_2020_declares_them_ex_aequo(
    client, client_of, fill, dan, diane, comunik, five, edition
):
    # The marks do not separate the two, so no reason is needed.
    for juror, first, second in [(dan, 16, 15), (diane, 15, 15.5)]:
        fill(juror, comunik, first, first)
        fill(juror, five, second, second)
    department = comunik.department
    both = {comunik.pk: 1, five.pk: 1}
    act = {"department": department, "by": diane.user, "at": NIGHT}

    ranking = ranking_of(department)
    page = client_of(diane.user).get(reverse("judging:deliberation", args=[department.code]))
    deliberation.decide(nominees=both, places=both, **act)
    deliberation.lock(**act)

    assert {team.name for team in ranking.undecided} == {"Com’unik", "Les Five"}
    assert "Les notes ne la départagent pas de Les Five." in text_of(page)
    Edition.objects.update(results_published_at=MORNING)
    with time_machine.travel(MORNING, tick=False):
        winners = client.get(reverse("api:results")).json()["departments"][0]["winners"]
    assert [(w["team"], w["rank"]) for w in winners] == [("Com’unik", 1), ("Les Five", 1)]


def test_live_messages_and_journal_do_not_contain_the_decision(locked, scored, diane):
    deliberation.reopen(department=locked, reason="Les Five", by=diane.user, at=NIGHT)

    texts = [str(m.data) for m in LiveMessage.objects.all()]
    texts += [str(e.detail) for e in JournalEntry.objects.all()]
    assert not any(team.name in text for team in scored for text in texts)


def test_only_who_was_absent_is_called_so(client_of, decided, diane, dan, max):  # noqa: A002
    opened(decided, diane)
    browser, address = client_of(diane.user), reverse("judging:lock", args=["INFOCOM"])
    page = text_of(browser.get(address))

    unknown = browser.post(address, {"confirmed": "on", "absent": [diane.pk]})
    browser.post(address, {"confirmed": "on", "absent": [max.pk]})

    assert "Qui était absent ?" in page
    assert unknown.status_code == 422
    record = Deliberation.objects.get().record
    assert (record["absent"], record["unsigned"]) == ([max.pk], [dan.pk])
    shown = text_of(browser.get(reverse("judging:deliberation", args=["INFOCOM"])))
    assert '<span class="muted">absent</span>' in shown
    assert '<span class="muted">n’a pas signé</span>' in shown


def test_a_juror_who_signed_is_not_absent(decided, diane, dan):
    draft = opened(decided, diane)
    deliberation.sign(juror=dan, seen=draft.opened_at, by=dan.user, at=NIGHT)

    deliberation.lock(department=decided, absent=[dan.pk], by=diane.user, at=NIGHT)

    record = Deliberation.objects.get().record
    assert (record["absent"], record["unsigned"]) == ([], [])
