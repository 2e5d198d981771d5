from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Department
from judging.deliberation.services import decision, hearings
from judging.enums import HEARING
from judging.errors import JudgingRefusal
from judging.models import (
    Juror,
    NominationSeal,
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

type Browser = Callable[[User], Client]

__all__ = ["act", "in_the_morning", "nominated", "sealed", "speech"]  # fixtures

pytestmark = pytest.mark.usefixtures("in_the_morning")


def test_jurors_mark_the_passages_until_the_decision_is_locked(
    sealed: NominationSeal,
    act: dict[str, Any],
    scored: Sequence[Team],
    speech: PassageCriterion,
    dan: Juror,
) -> None:
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


def test_nobody_marks_passages_before_the_nominations(
    nominated: Department, dan: Juror, comunik: Team, speech: PassageCriterion, client_of: Browser
) -> None:
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
    sealed: NominationSeal,
    scored: Sequence[Team],
    speech: PassageCriterion,
    dan: Juror,
    eve: User,
    client_of: Browser,
) -> None:
    comunik, five, third = scored
    Recusal.objects.create(juror=dan, team=five, made_at=NIGHT, made_by=eve)
    browser, url = client_of(dan.user), reverse("judging:hearing", args=["INFOCOM"])
    page = text_of(browser.get(url))
    assert "Com’unik" in page
    assert "Bocal à idées" not in page
    assert f"t{five.pk}-mark-{speech.pk}" not in page

    field = f"t{comunik.pk}-mark-{speech.pk}"
    wrong = browser.post(url, {"team": comunik.pk, field: "24"})
    assert (wrong.status_code, 'value="24"' in text_of(wrong)) == (422, True)
    part = browser.post(url, {"team": comunik.pk, field: "14,5"}, headers={"HX-Request": "true"})
    assert "enregistré" in text_of(part)
    assert "Les Five" not in text_of(part)
    assert str(PassageMark.objects.get().value) == "14.5"
    for team in (five, third):
        other = {"team": team.pk, f"t{team.pk}-mark-{speech.pk}": "3"}
        assert browser.post(url, other).status_code == 404


def test_an_old_page_changes_only_what_was_typed_on_it(
    sealed: NominationSeal,
    comunik: Team,
    speech: PassageCriterion,
    dan: Juror,
    client_of: Browser,
) -> None:
    department = speech.department
    voice = PassageCriterion.objects.create(department=department, name="Voix", position=2)
    browser, url = client_of(dan.user), reverse("judging:hearing", args=["INFOCOM"])

    def fields(mark: str, other: str, seen: str = "", other_seen: str = "") -> dict[str, Any]:
        prefix, first, second = f"t{comunik.pk}", speech.pk, voice.pk
        return {
            "team": comunik.pk,
            f"{prefix}-mark-{first}": mark,
            f"{prefix}-seen-{first}": seen,
            f"{prefix}-mark-{second}": other,
            f"{prefix}-seen-{second}": other_seen,
        }

    def marks() -> dict[int, float]:
        return {mark.criterion_id: float(mark.value) for mark in PassageMark.objects.all()}

    assert f'name="t{comunik.pk}-seen-{speech.pk}" value=""' in text_of(browser.get(url))
    browser.post(url, fields("14", ""))
    # Another page, opened before that. A mistake on it does not make it forget what it showed.
    wrong = text_of(browser.post(url, fields("", "24")))
    browser.post(url, fields("", "12"))
    both = marks()
    browser.post(url, fields("", "12", seen="14", other_seen="12"))

    assert f'name="t{comunik.pk}-seen-{speech.pk}" value=""' in wrong
    assert both == {speech.pk: 14, voice.pk: 12}
    assert marks() == {voice.pk: 12}


def test_the_president_reads_the_means_beside_the_ranking(
    sealed: NominationSeal,
    speech: PassageCriterion,
    comunik: Team,
    dan: Juror,
    diane: Juror,
    client_of: Browser,
) -> None:
    for juror, value in ((dan, 14), (diane, 17)):
        marks = {"marks": {speech.pk: Decimal(value)}, "by": juror.user, "at": MORNING}
        hearings.mark(juror=juror, team=comunik, **marks)

    page = text_of(client_of(diane.user).get(reverse("judging:deliberation", args=["INFOCOM"])))

    assert "15,50" in page
