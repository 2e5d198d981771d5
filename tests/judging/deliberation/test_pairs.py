"""Two teams beside each other, for the president and for who reads the minutes."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Department, Edition
from judging.ceremony.services import publication
from judging.deliberation.selectors import pairs
from judging.deliberation.selectors.decision import decision_of
from judging.deliberation.services import decision as deliberation
from judging.models import Criterion, Deliberation, Juror, Score
from teams.models import Team
from tests.conftest import make_team
from tests.judging.conftest import MORNING, NIGHT, text_of

pytestmark = pytest.mark.time_machine(NIGHT, tick=False)


URL = "/jury/INFOCOM/deliberation/comparer/"


@pytest.fixture
def read(fill, dan, max, comunik, five, third) -> Sequence[Team]:  # noqa: A002
    # Max is more severe. Com’unik leads; « Bocal à idées » has one sheet.
    fill(dan, comunik, 16, 15)
    fill(max, comunik, 13, 13.5)
    fill(dan, five, 13.5, 15)
    fill(max, five, 12, 11)
    fill(dan, third, 11, 12)
    return comunik, five, third


def decide(department: Department, president: Juror, places: dict[int, int], reason: str) -> None:
    deliberation.decide(
        department=department,
        nominees=list(places),
        places=places,
        reason=reason,
        order_confirmed=True,
        by=president.user,
        at=NIGHT,
    )


def body(browser: Client, first: Team, second: Team) -> str:
    return text_of(browser.get(URL, {"first": first.pk, "second": second.pk}))


def test_the_president_reads_why(client_of, read, diane, infocom):
    comunik, five, _third = read

    text = body(client_of(diane.user), five, comunik)

    assert "Au classement, « Com’unik » a 14,40 sur 20 et « Les Five » 12,85" in text
    assert "Les mêmes jurés les ont lues" in text
    assert "chances sur 100 d’être le bon" in text
    assert "Le jury n’a encore donné de place à personne." in text
    for juror in ("Dan", "Max"):
        assert f'<th scope="row">{juror}</th>' in text
    assert text.count("<rect") == 4  # two criteria, the correction, the difference
    assert JournalEntry.objects.filter(act="pair.viewed", department_pk=infocom.pk).exists()


def test_the_ranking_links_each_team_to_the_one_before(client_of, read, diane):
    comunik, five, third = read

    text = text_of(client_of(diane.user).get(reverse("judging:deliberation", args=["INFOCOM"])))

    for before, team in ((comunik, five), (five, third)):
        assert f'href="{URL}?first={before.pk}&amp;second={team.pk}"' in text
    assert text.count("Pourquoi pas plus haut ?") == 2


@pytest.mark.parametrize("query", ["", "?first=0&second=x", "?first=99999999999999999999"])
def test_what_is_no_team_is_replaced_by_the_best(client_of, read, diane, query):
    text = text_of(client_of(diane.user).get(URL + query))

    assert "« Com’unik » a 14,40 sur 20 et « Les Five » 12,85" in text


def test_a_department_without_two_teams_has_an_empty_page(client_of, diane, comunik):
    assert "Il faut deux équipes" in text_of(client_of(diane.user).get(URL))


def test_the_number_of_queries_does_not_grow(client_of, read, diane, dan, infocom, fill):
    browser, counts = client_of(diane.user), []

    for number in range(3):
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(URL).status_code == 200
        counts.append(len(captured))
        fill(dan, make_team(infocom, f"Équipe {number}"), 10, 11)

    assert counts[1] == counts[2]


def test_the_decision_and_its_reason(client_of, read, diane, infocom):
    comunik, five, third = read
    decide(infocom, diane, {third.pk: 1, comunik.pk: 2}, "Une idée <b>neuve</b>.")

    draft = body(client_of(diane.user), comunik, third)
    other = body(client_of(diane.user), comunik, five)
    deliberation.lock(department=infocom, by=diane.user, at=NIGHT)
    locked = body(client_of(diane.user), comunik, third)

    reversed_ = "donne la 1ʳᵉ place à « Bocal à idées » et la 2ᵉ place à « Com’unik » ; "
    assert f"Le brouillon du jury {reversed_}" in draft
    assert "et le motif est écrit" in locked
    assert f"Le jury {reversed_}" in locked
    assert "Une idée &lt;b&gt;neuve&lt;/b&gt;." in locked
    assert "Une idée" not in other


# ---------------------------------------------------------------- who


def test_jurors_and_organizers_read_it_where_they_read_the_minutes(
    client_of, read, edition, infocom, diane, dan, ada, eve
):
    comunik = read[0]
    by_pk = reverse("judging:department-pair", args=[infocom.pk])
    minutes = reverse("judging:minutes", args=["INFOCOM"])

    def statuses() -> list[tuple[int, ...]]:
        return [
            tuple(client_of(user).get(url).status_code for url in (URL, minutes))
            for user in (dan.user, eve, ada)
        ]

    open_ = statuses()
    decide(infocom, diane, {comunik.pk: 1, read[1].pk: 2}, "Le jury départage.")
    deliberation.lock(department=infocom, by=diane.user, at=NIGHT)
    secret = statuses()
    Edition.objects.update(jury_reads_decision=True)
    for_jury = statuses()
    edition.refresh_from_db()
    with time_machine.travel(MORNING + timedelta(minutes=1), tick=False):
        publication.publish(edition=edition, by=eve, at=MORNING)
        published = statuses()
        organizer = text_of(client_of(eve).get(by_pk))

    nobody, everybody = (404, 404), (200, 200)
    assert open_ == [nobody] * 3
    assert secret[1:] == for_jury[1:] == [nobody, nobody]
    assert for_jury[0] == everybody
    assert published == [everybody, everybody, nobody]
    # As in the minutes: organizers do not read who gave which mark.
    assert organizer.count('<th scope="row">Juré ') == 2
    assert '<th scope="row">Dan</th>' not in organizer
    assert client_of(diane.user).get(by_pk).status_code == 404


# ---------------------------------------------------------------- the record


def pair_now(department: Department, one: Team, other: Team) -> pairs.Pair:
    decided = decision_of(department)
    return pairs.pair_of(pairs.basis_of(department), decided, one.pk, other.pk)


@pytest.fixture
def locked_pair(read, infocom, diane) -> Sequence[Team]:
    comunik, five, _third = read
    decide(infocom, diane, {comunik.pk: 1, five.pk: 2}, "Le jury départage.")
    deliberation.lock(department=infocom, by=diane.user, at=NIGHT)
    return read


def test_after_the_lock_marks_of_any_jury_change_nothing(locked_pair, infocom, pixels, info, dan):
    comunik, five, _third = locked_pair
    before = pair_now(infocom, comunik, five)
    elsewhere = Juror.objects.create(department=info, user=dan.user)
    criterion = Criterion.objects.create(department=info, name="Idée")
    for number in range(8):
        team = make_team(info, f"Équipe {number}")
        sheet = elsewhere.sheets.create(
            team=team, state="final", changed_at=NIGHT, finished_at=NIGHT
        )
        Score.objects.create(sheet=sheet, criterion=criterion, value=2 * number, changed_at=NIGHT)
    Score.objects.filter(sheet__team=comunik).update(value=Decimal(3))
    Team.objects.filter(pk=five.pk).update(name="Un autre nom")

    assert pair_now(infocom, comunik, five) == before
    assert before.chance is not None
    assert before.second.name == "Les Five"


def test_before_the_lock_the_marks_of_all_juries_count(read, infocom):
    comunik, five, _third = read
    before = pair_now(infocom, comunik, five)
    Score.objects.filter(sheet__team=comunik).update(value=Decimal(3))

    assert pair_now(infocom, comunik, five).first.name == "Les Five"
    assert before.first.name == "Com’unik"


def test_an_older_record_has_no_chance(client_of, locked_pair, infocom, diane):
    kept = Deliberation.objects.get()
    del kept.record["ranking"]["pairs"]
    kept.save()

    found = pair_now(infocom, *locked_pair[:2])

    assert found.chance is None
    assert found.difference
    assert found.difference.parts
    assert "On ne peut plus calculer la chance" in text_of(client_of(diane.user).get(URL))


def test_a_record_of_another_model_keeps_its_values_and_is_not_split(locked_pair, infocom):
    kept = Deliberation.objects.get()
    kept.record["ranking"]["standings"][0]["estimate"] += 0.25
    kept.save()

    found = pair_now(infocom, *locked_pair[:2])

    assert found.unsplit == pairs.Unsplit.OUTDATED
    assert found.difference
    assert found.difference.total.both == Decimal("1.80")


def test_tables_apart_and_teams_without_a_sheet(two_tables, third, infocom):
    apart = Team.objects.get(name="À part")
    unread = make_team(infocom, "Sans fiche")
    kept = Deliberation.objects.get()
    kept.record["teams"].append({"id": unread.pk, "name": unread.name})
    kept.save()

    found = pair_now(infocom, apart, third)
    other = pair_now(infocom, third, unread)

    assert (found.difference, found.chance) == (None, None)
    assert [kind for kind, _team in found.departures] == ["incomparable"]
    assert (other.second.standing, other.difference) == (None, None)
