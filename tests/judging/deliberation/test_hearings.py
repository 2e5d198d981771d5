from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hackathon.base.core.models import JournalEntry
from judging.deliberation.services import decision, hearings
from judging.enums import HEARING
from judging.errors import JudgingRefusal
from judging.models import (
    PassageCriterion,
    PassageMark,
    Recusal,
)
from teams.models import Team
from tests.judging.conftest import MORNING, NIGHT, text_of
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


def test_jurors_mark_the_passages_until_the_decision_is_locked(sealed, act, scored, speech, dan):
    comunik, five, third = scored

    def mark(team: Team, value: int | None) -> None:
        marks = {speech.pk: None if value is None else Decimal(value)}
        hearings.mark(juror=dan, team=team, marks=marks, by=dan.user, at=MORNING)

    mark(comunik, 14)
    mark(comunik, 15)
    mark(five, 12)
    mark(five, None)
    assert PassageMark.objects.get().value == 15
    assert refused(lambda: mark(comunik, 21)) == JudgingRefusal.VALUE_OUT_OF_SCALE
    assert refused(lambda: mark(third, 3)) == JudgingRefusal.NOT_ASSIGNED
    entries = JournalEntry.objects.filter(act="passage.marked")
    assert [(e.target, e.detail) for e in entries] == [
        (f"editions.department:{dan.department_id}", {})
    ] * 4

    choose(comunik, five, act)
    locked = decision.lock(**act)

    assert refused(lambda: mark(comunik, 3)) == JudgingRefusal.PASSAGES_CLOSED
    assert locked.record[HEARING] == {
        "criteria": [{"id": speech.pk, "name": "Clarté"}],
        "marks": [{"juror": dan.pk, "team": comunik.pk, "criterion": speech.pk, "value": "15"}],
    }


def test_nobody_marks_passages_before_the_nominations(nominated, dan, comunik, speech, client_of):
    mark = {
        "juror": dan,
        "team": comunik,
        "marks": {speech.pk: Decimal(3)},
        "by": dan.user,
        "at": MORNING,
    }

    assert refused(lambda: hearings.mark(**mark)) == JudgingRefusal.PASSAGES_CLOSED
    assert client_of(dan.user).get(reverse("judging:hearing", args=["INFOCOM"])).status_code == 404


def test_the_page_of_passages_saves_one_nominee_and_respects_recusals(
    sealed, scored, speech, dan, eve, client_of
):
    comunik, five, third = scored
    Recusal.objects.create(juror=dan, team=five, made_at=NIGHT, made_by=eve)
    browser, url = client_of(dan.user), reverse("judging:hearing", args=["INFOCOM"])
    page = text_of(browser.get(url))
    field = f"mark-{speech.pk}"
    assert "Com’unik" in page
    assert "Bocal à idées" not in page
    assert page.count(f'name="{field}"') == 1

    assert browser.post(url, {"team": comunik.pk, field: "14,5"}).status_code == 302
    assert str(PassageMark.objects.get().value) == "14.5"
    browser.post(url, {"team": comunik.pk, "set": f"{speech.pk}=15", field: "14,5"})  # a button
    assert PassageMark.objects.get().value == 15
    for team in (five, third):
        assert browser.post(url, {"team": team.pk, field: "3"}).status_code == 404


def test_a_wrong_mark_does_not_refuse_the_right_ones(sealed, comunik, speech, dan, client_of):
    voice = PassageCriterion.objects.create(department=speech.department, name="Voix", position=2)
    browser, url = client_of(dan.user), reverse("judging:hearing", args=["INFOCOM"])

    sent = {"team": comunik.pk, f"mark-{speech.pk}": "14", f"mark-{voice.pk}": "24"}
    page = browser.post(url, sent)

    assert page.status_code == 422
    assert PassageMark.objects.get().criterion == speech
    assert 'value="24"' in text_of(page)
    assert "La note de « Voix » va de 0 à 20" in text_of(page)


def test_each_mark_of_a_device_is_answered_whatever_the_others_are(
    sealed, scored, speech, dan, ada, client_of
):
    comunik, _five, third = scored
    browser, url = client_of(dan.user), reverse("judging:hearing-marks", args=["INFOCOM"])
    mark = {"team": comunik.pk, "criterion": speech.pk, "value": "14.5"}
    changes = [mark, {**mark, "value": "21"}, {**mark, "team": third.pk}, {"team": [1]}, "?"]

    def send(by: Client) -> Any:
        body = {"for": dan.user.pk, "changes": changes}
        return by.post(url, body, content_type="application/json")

    answers = [answer["state"] for _ in range(2) for answer in send(browser).json()["answers"]]

    assert answers == ["accepted", *["refused"] * 4] * 2
    assert str(PassageMark.objects.get().value) == "14.5"
    assert send(client_of(ada)).status_code == 404


def test_an_old_page_changes_only_what_was_typed_on_it(sealed, comunik, speech, dan, client_of):
    department = speech.department
    voice = PassageCriterion.objects.create(department=department, name="Voix", position=2)
    browser, url = client_of(dan.user), reverse("judging:hearing", args=["INFOCOM"])

    def fields(mark: str, other: str, seen: str = "", other_seen: str = "") -> dict[str, Any]:
        return {
            "team": comunik.pk,
            f"mark-{speech.pk}": mark,
            f"seen-{speech.pk}": seen,
            f"mark-{voice.pk}": other,
            f"seen-{voice.pk}": other_seen,
        }

    def marks() -> dict[int, float]:
        return {mark.criterion_id: float(mark.value) for mark in PassageMark.objects.all()}

    assert f'name="seen-{speech.pk}" value=""' in text_of(browser.get(url))
    browser.post(url, fields("14", ""))
    browser.post(url, fields("", "12"))  # another page, opened before that
    both = marks()
    browser.post(url, fields("", "12", seen="14", other_seen="12"))

    assert both == {speech.pk: 14, voice.pk: 12}
    assert marks() == {voice.pk: 12}


def test_the_president_reads_the_means_beside_the_ranking(
    sealed, speech, comunik, dan, diane, client_of
):
    for juror, value in ((dan, 14), (diane, 17)):
        marks = {"marks": {speech.pk: Decimal(value)}, "by": juror.user, "at": MORNING}
        hearings.mark(juror=juror, team=comunik, **marks)

    page = text_of(client_of(diane.user).get(reverse("judging:deliberation", args=["INFOCOM"])))

    assert "15,50" in page
