"""One jury has not decided: the results of the others are published without it."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.rules import phase
from judging.ceremony.selectors.results import published_results
from judging.ceremony.services import publication as results
from judging.ceremony.services import screens as ceremony
from judging.deliberation.services import decision
from judging.enums import PublicationAct
from judging.errors import JudgingRefusal
from judging.models import Ceremony, Criterion, Juror
from judging.scoring.services import sheets
from teams.models import Team
from tests.conftest import make_user
from tests.judging.ceremony.conftest import Remote, refusal
from tests.judging.conftest import MORNING, live_messages, text_of
from tests.judging.deliberation.two_acts import act, nominated, sealed

pytestmark = pytest.mark.time_machine(MORNING, tick=False)

__all__ = ["act", "nominated", "sealed"]  # fixtures


@pytest.fixture
def by_eve(eve) -> dict[str, Any]:
    return {"by": eve, "at": MORNING}


@pytest.fixture
def late(info, pixels) -> Juror:
    # The president of Info, whose jury has not begun.
    user = make_user("ines@example.org", "Inès")
    Criterion.objects.create(department=info, name="Code")
    return Juror.objects.create(department=info, user=user, is_president=True)


@pytest.fixture
def without_info(locked, info, late, edition, by_eve) -> Edition:
    """Infocom is published, Info is not."""
    results.hold_back(department=info, **by_eve)
    return results.publish(edition=edition, without={"INFO"}, **by_eve)


def decide(president: Juror, team: Team) -> None:
    """The jury marks `team`, gives it the first place, and locks."""
    criterion = Criterion.objects.get(department=president.department)
    act = {"by": president.user, "at": MORNING}
    sheets.save(juror=president, team=team, marks={criterion: Decimal(12)}, finish=True, **act)
    department = Department.objects.get(pk=president.department_id)
    decision.decide(department=department, nominees=[team.pk], places={team.pk: 1}, **act)
    decision.lock(department=department, **act)


def names(edition: Edition) -> list[str]:
    found = published_results(Edition.objects.get(pk=edition.pk), at=MORNING)
    assert found is not None
    return [result.department.code for result in found]


def test_the_others_are_published_and_the_late_one_follows(
    without_info, info, late, pixels, by_eve
):
    before = names(without_info)
    early = refusal(lambda: results.publish_department(department=info, **by_eve))
    decide(late, pixels)
    decided = names(without_info)
    results.publish_department(department=info, **by_eve)
    results.publish_department(department=info, **by_eve)

    assert before == decided == ["INFOCOM"]
    assert early == JudgingRefusal.DELIBERATIONS_OPEN
    assert names(without_info) == ["INFOCOM", "INFO"]
    acts = JournalEntry.objects.filter(act__startswith="results.").order_by("pk")
    assert list(acts.values_list("act", flat=True)) == [
        "results.held_back",
        "results.published",
        "results.published_later",
    ]
    assert live_messages("results.published") == [
        ("everyone", {}),
        ("everyone", {"department": "INFO"}),
    ]


def test_its_jury_can_reopen_until_its_own_publication(without_info, info, late, pixels, by_eve):
    again = {"reason": "Oubli", "by": late.user, "at": MORNING}
    decide(late, pixels)
    decision.reopen(department=info, **again)
    decision.lock(department=info, by=late.user, at=MORNING)
    results.publish_department(department=info, **by_eve)

    too_late = refusal(lambda: decision.reopen(department=info, **again))

    assert too_late == JudgingRefusal.RESULTS_OUT
    assert phase(Edition.objects.get(), at=MORNING) == "published"


def test_it_can_be_taken_back_before_the_publication(locked, info, late, edition, by_eve):
    Edition.objects.update(deliberated_at=None)
    results.hold_back(department=info, **by_eve)
    deliberated = Edition.objects.get().deliberated_at
    results.take_back(department=info, **by_eve)

    waits = refusal(lambda: results.publish(edition=edition, **by_eve))

    assert waits == JudgingRefusal.DELIBERATIONS_OPEN
    assert deliberated == MORNING  # all that is waited for is decided
    assert Edition.objects.get().deliberated_at is None


def test_a_page_that_named_other_departments_publishes_nothing(locked, info, late, edition, by_eve):
    results.hold_back(department=info, **by_eve)

    stale = refusal(lambda: results.publish(edition=edition, without=[], **by_eve))

    assert stale == JudgingRefusal.PUBLICATION_CHANGED
    assert Edition.objects.get().results_published_at is None


# ---------------------------------------------------------------- the ceremony


def test_a_ceremony_begins_and_ends_without_it(locked, info, late, edition, by_eve):
    results.hold_back(department=info, **by_eve)
    ceremony.start(edition=edition, rehearsal=False, **by_eve)
    remote = Remote(edition, by_eve["by"])
    shown = [remote.shown]
    while shown[-1].kind != "finale":
        shown.append(remote.go())

    busy = refusal(lambda: results.take_back(department=info, **by_eve))

    assert {state.department for state in shown} == {"", "Information et Communication"}
    assert busy == JudgingRefusal.CEREMONY_RUNNING
    assert [name for name, _lights in shown[-1].wall] == ["Information et Communication"]


def test_at_the_pause_the_jury_that_cannot_decide_is_left_out(sealed, late, info, pixels, by_eve):
    # Infocom hears its nominees; Info has decided.
    decide(late, pixels)
    infocom = sealed.deliberation.department
    ceremony.start(edition=infocom.edition, rehearsal=False, **by_eve)
    remote = Remote(infocom.edition, by_eve["by"])
    remote.until("deliberation")
    waits = refusal(remote.go)

    results.hold_back(department=infocom, **by_eve)

    shown = [remote.shown]  # the pause was for this jury alone
    while shown[-1].kind != "finale":
        shown.append(remote.go())
    assert waits == JudgingRefusal.JURIES_DELIBERATE
    assert shown[0].kind == "opening"
    assert {state.department for state in shown} == {"", "Informatique"}
    assert [light.name for _name, lights in shown[-1].wall for light in lights] == [pixels.name]


# ---------------------------------------------------------------- pages


def test_an_organizer_holds_it_back_publishes_and_publishes_it_later(
    client_of, locked, info, late, edition, eve, pixels
):
    browser = client_of(eve)
    page = reverse("judging:publish", args=[edition.slug])
    of_info = reverse("judging:department-results", args=[info.pk])

    offered = text_of(browser.get(page))
    question = text_of(browser.get(of_info))
    browser.post(of_info, {"act": PublicationAct.HOLD_BACK, "confirmed": "on"})
    ready = text_of(browser.get(page))
    browser.post(page, {"without": "INFO", "confirmed": "on"})
    waiting = text_of(browser.get(of_info))
    stale = browser.post(of_info, {"act": PublicationAct.TAKE_BACK, "confirmed": "on"})
    decide(late, pixels)
    browser.post(of_info, {"act": PublicationAct.PUBLISH, "confirmed": "on"})

    assert of_info in offered
    assert "Annoncer sans Informatique ?" in question
    assert "1 équipe, étudiants concernés : 1" in question
    assert "Sans Informatique : ces résultats restent secrets" in ready
    assert "n’a pas encore verrouillé sa décision" in waiting
    assert stale.status_code == 422
    assert names(edition) == ["INFOCOM", "INFO"]
    assert browser.get(of_info).headers["Location"] == page


def test_its_students_read_that_their_jury_needs_more_time(
    client, client_of, without_info, ada, cleo
):
    Edition.objects.update(shares_marks=True)
    palmares, own = reverse("judging:palmares"), reverse("judging:own-team")
    waits = "votre jury a besoin de plus de temps"

    pages = [text_of(browser.get(palmares)) for browser in map(client_of, (ada, cleo))]

    assert [waits in page for page in pages] == [False, True]
    assert [own in page for page in pages] == [True, False]
    assert client_of(cleo).get(own).status_code == 404
    for path in (palmares, f"/editions/{without_info.slug}/"):
        assert "Le jury Informatique a besoin de plus de temps" in text_of(client.get(path))
    assert (
        "INFORMATIQUE\nRésultats publiés plus tard"
        in client.get(f"/editions/{without_info.slug}/presse.txt").content.decode()
    )


def test_its_jury_is_still_asked_for_secrecy(client_of, without_info, late, pixels):
    decide(late, pixels)

    page = text_of(client_of(late.user).get(reverse("judging:deliberation", args=["INFO"])))

    assert "gardez le secret" in page
    assert reverse("judging:reopen", args=["INFO"]) in page
    assert not Ceremony.objects.exists()
