import re
from datetime import timedelta

import pytest
from django.urls import reverse

from hackathon.base.core.models import JournalEntry
from judging.deliberation import pace
from judging.models import Assignment, Score
from tests.conftest import NOON
from tests.judging.conftest import NIGHT, live_messages, text_of

pytestmark = pytest.mark.time_machine(NIGHT + timedelta(minutes=30), tick=False)

ADDRESS = "/jury/INFOCOM/suivi/"


def test_the_president_sees_the_diagnosis_and_organizers_only_progress(
    client_of,
    scored,
    diane,
    dan,
    max,  # noqa: A002
    eve,
    fill,
):  # without a sheet: the slowest pace of the others counts
    for team in scored[:2]:
        fill(diane, team, 18, 18)

    president = text_of(client_of(diane.user).get(ADDRESS))
    organizer = text_of(client_of(eve).get(ADDRESS))

    for page in (president, organizer):
        assert "4 fiches terminées sur 9" in page
        assert "par fiche · encore" in page
        assert "à ce rythme" in page
    assert "la vraie valeur y est presque toujours" in president
    for title in ("Sévérités", "Désaccords", "Fiches à relire", "Sans un juré"):
        assert title in president
        assert title not in organizer
    assert "severity" not in organizer
    assert "18,00" not in organizer


def test_organizers_do_not_see_second_readings(client_of, scored, diane, dan, max, eve, infocom):  # noqa: A002
    # Second readings are given to leading teams, which must stay secret.
    comunik, five, _third = scored
    Score.objects.update(value=15)  # both teams are ex aequo, for up to four places
    for position, team in enumerate(scored):
        Assignment.objects.create(juror=dan, team=team, position=position)
    before = text_of(client_of(eve).get(ADDRESS))
    browser = client_of(diane.user)
    address = reverse("judging:second-readings", args=["INFOCOM"])
    proposal = browser.get(address)
    seen = proposal.context["seen"]

    stale = browser.post(address, {"seen": "x"})
    done = browser.post(address, {"seen": seen})

    proposed = proposal.context["proposed"]
    assert proposed.team in (comunik, five)
    assert proposed.juror in (diane, max)
    assert "1 → 2 fiches" in text_of(proposal)
    assert 0.3 < proposed.chance < proposed.chance_later < 0.9
    assert f"{int(100 * proposed.chance_later)} chances sur 100" in text_of(proposal)
    assert (stale.status_code, done.status_code) == (422, 302)
    given = Assignment.objects.get(kind="second")
    assert (given.juror, given.team) == (proposed.juror, proposed.team)
    assert JournalEntry.objects.get(act="readings.assigned").detail == {"readings": 1}
    assert ("organizers", {"department": "INFOCOM"}) in live_messages("jury.changed")
    after = text_of(client_of(eve).get(ADDRESS))

    def numbers(page: str) -> str:
        part = page[page.index('id="progress-report"') : page.index("</main>")]
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", part)

    assert numbers(before) == numbers(after)
    assert "2 fiches terminées sur 4" in text_of(client_of(diane.user).get(ADDRESS))
    # While its result is awaited, the team is not proposed again, nor is the juror who reads it.
    following = browser.get(address).context["proposed"]
    assert {following.team, proposed.team} == {comunik, five}
    assert {following.juror, proposed.juror} == {diane, max}


def test_second_readings_link_tables_that_share_no_juror(
    client_of, fill, diane, dan, comunik, five, third
):
    fill(dan, comunik, 16, 16)
    fill(dan, five, 8, 8)
    fill(diane, third, 12, 12)
    for juror, team in ((dan, comunik), (dan, five), (diane, third)):
        Assignment.objects.create(juror=juror, team=team, position=team.pk)

    page = client_of(diane.user).get(reverse("judging:second-readings", args=["INFOCOM"]))

    proposed = page.context["proposed"]
    assert (proposed.juror, proposed.team) in {(diane, comunik), (diane, five), (dan, third)}
    assert "Cette lecture relie des tableaux" in text_of(page)


def test_pace_counts_the_latest_sheets_and_the_time_since():
    def minutes(*values: int) -> list:
        return [NOON + timedelta(minutes=value) for value in values]

    assert pace.pace([], since=NOON, at=NOON) is None
    found = pace.pace(minutes(10, 20), since=NOON, at=minutes(30)[0])
    assert found == timedelta(minutes=15)
    found = pace.pace(minutes(1, 2, 60, 70, 80, 90, 100), since=NOON, at=minutes(102)[0])
    assert found == timedelta(minutes=20)
    assert pace.time_left(3, found) == timedelta(hours=1)
    assert pace.time_left(0, None) == timedelta(0)
    assert pace.jury_time_left([timedelta(1), None]) is None
    assert pace.jury_time_left([timedelta(1), timedelta(2)]) == timedelta(2)
