# A juror who has finished is asked for one more reading, and nothing tells why this team.

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.event.editions.enums import ClonedPart
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services import editions
from hackathon.extras.offered_readings import services
from hackathon.extras.offered_readings.errors import OfferRefusal
from hackathon.extras.offered_readings.models import Offering
from judging.enums import ReadingKind
from judging.errors import JudgingRefusal
from judging.jury.readings import judged_teams
from judging.models import Assignment, Juror, JuryRules, Recusal, Skip
from judging.plan import services as plans
from teams.models import Team
from tests.conftest import make_team, make_user
from tests.judging.conftest import NIGHT, live_messages, text_of
from tests.refusals import refuses

pytestmark = pytest.mark.time_machine(NIGHT, tick=False)


TITLE = "Votre lecture départagera"


@pytest.fixture
def teams(comunik, five, third) -> Sequence[Team]:
    return comunik, five, third


@pytest.fixture
def read(infocom, dan, diane, max, teams, fill) -> Department:  # noqa: A002
    # Each team is read twice; Com’unik and Les Five are close, Bocal à idées is far behind.
    comunik, five, third = teams
    JuryRules.objects.create(department=infocom, readings=2)
    Offering.objects.create(department=infocom)
    marks = {
        dan: {comunik: 15, third: 7},
        diane: {five: 16, third: 5},
        max: {comunik: 17, five: 14},
    }
    for juror, own in marks.items():
        for position, (team, mark) in enumerate(own.items()):
            Assignment.objects.create(juror=juror, team=team, position=position)
            fill(juror, team, mark, mark)
    return infocom


def given() -> list[tuple[Juror, Team]]:
    rows = Assignment.objects.filter(kind=ReadingKind.SECOND).order_by("pk")
    return [(row.juror, row.team) for row in rows.select_related("juror", "team")]


def accept(juror: Juror) -> Team:
    return services.accept(juror=juror, by=juror.user, at=NIGHT)


# ---------------------------------------------------------------- services


def test_an_accepted_reading_is_the_last_of_the_jurors_list(read, dan, five):
    team = accept(dan)

    assert team == five
    assert judged_teams(dan)[-1] == five
    assert given() == [(dan, five)]
    assert ("organizers", {"department": "INFOCOM"}) in live_messages("jury.changed")


def test_a_second_tap_gives_no_second_reading(read, dan, five, fill):
    assert accept(dan) == accept(dan) == five
    assert given() == [(dan, five)]

    fill(dan, five, 16, 16)
    with refuses(OfferRefusal.NOTHING_OFFERED):
        accept(dan)


def test_two_jurors_get_two_different_teams(read, dan, diane, comunik, five):
    assert (accept(dan), accept(diane)) == (five, comunik)


def test_a_declined_team_is_put_off_and_a_late_answer_has_no_effect(read, dan, five, comunik):
    decline = {"juror": dan, "by": dan.user, "at": NIGHT}

    services.decline(team_pk=comunik.pk, **decline)
    assert not Skip.objects.exists()
    services.decline(team_pk=five.pk, **decline)

    assert Skip.objects.get().team == five
    with pytest.raises(Refused):
        accept(dan)
    assert given() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("off", OfferRefusal.NOTHING_OFFERED),
        ("no plan", OfferRefusal.NOTHING_OFFERED),
        ("pause", OfferRefusal.NOTHING_OFFERED),
        ("recused", OfferRefusal.NOTHING_OFFERED),
        ("left", JudgingRefusal.NOT_JUROR),
        ("early", JudgingRefusal.JUDGING_NOT_OPEN),
    ],
)
def test_nothing_is_given_then(read, dan, five, edition, change, code):
    at = edition.judging_opens_at - timedelta(minutes=1) if change == "early" else NIGHT
    if change == "off":
        Offering.objects.all().delete()
    elif change == "no plan":
        Assignment.objects.update(kind=ReadingKind.GIVEN)
    elif change == "pause":
        Juror.objects.filter(pk=dan.pk).update(paused_until=NIGHT + timedelta(minutes=5))
    elif change == "left":
        Juror.objects.filter(pk=dan.pk).update(left_at=NIGHT)
    elif change == "recused":
        Recusal.objects.create(juror=dan, team=five, made_at=NIGHT, made_by=dan.user)

    with refuses(code):
        services.accept(juror=dan, by=dan.user, at=at)

    assert given() == []


def test_a_late_juror_keeps_the_reading_that_another_one_accepts(read, dan, third, max, eve):  # noqa: A002
    # Dan leaves Bocal à idées unfinished: it has fewer sheets than planned, and comes first.
    dan.sheets.filter(team=third).update(state="draft", finished_at=None)
    dan.sheets.get(team=third).scores.all().delete()

    team = accept(max)

    assert team == third
    assert third in judged_teams(dan)
    plans.make(department=read, by=eve, at=NIGHT)  # a repair changes nothing of both
    assert third in judged_teams(dan)
    assert given() == [(max, third)]


def test_the_president_and_organizers_switch_it(infocom, dan, diane, eve):
    for by, offers_readings in ((diane.user, True), (eve, False)):
        services.switch(department=infocom, offers=offers_readings, by=by, at=NIGHT)
        assert Offering.objects.exists() == offers_readings

    with refuses(JudgingRefusal.NOT_PRESIDENT):
        services.switch(department=infocom, offers=True, by=dan.user, at=NIGHT)

    acts = JournalEntry.objects.filter(act__startswith="readings.").order_by("pk")
    assert [entry.act for entry in acts] == ["readings.offered", "readings.withheld"]


# ---------------------------------------------------------------- pages


def test_the_list_asks_for_one_reading(client_of, read, dan, five):
    browser, address = client_of(dan.user), reverse("offered_readings:answer", args=["INFOCOM"])

    page = text_of(browser.get(reverse("judging:index")))
    done = browser.post(address, {"team": five.pk})
    again = browser.post(address, {"team": five.pk})

    assert TITLE in page
    assert "Lire Les Five" in page
    sheet = reverse("judging:sheet", args=["INFOCOM", five.pk])
    assert done["Location"] == again["Location"] == sheet
    assert browser.get(sheet).status_code == 200
    assert TITLE not in text_of(browser.get(reverse("judging:index")))


def test_who_answers_late_learns_that_it_is_another_team_or_none(
    client_of, read, dan, comunik, five
):
    browser, address = client_of(dan.user), reverse("offered_readings:answer", args=["INFOCOM"])

    other = browser.post(address, {"team": comunik.pk}, follow=True)
    Offering.objects.all().delete()
    Assignment.objects.filter(kind=ReadingKind.SECOND).delete()
    none = browser.post(address, {"team": five.pk}, follow=True)

    assert "L’autre lecture vient d’être prise" in text_of(other)
    assert other.redirect_chain[-1][0] == reverse("judging:sheet", args=["INFOCOM", five.pk])
    assert "Plus aucune lecture n’est proposée" in text_of(none)


def test_a_juror_may_decline(client_of, read, dan, five):
    browser, address = client_of(dan.user), reverse("offered_readings:answer", args=["INFOCOM"])

    answer = browser.post(address, {"team": five.pk, "decline": "1"}, follow=True)

    assert TITLE not in text_of(answer)
    assert given() == []


def test_a_juror_with_a_sheet_to_finish_is_not_asked(client_of, read, dan):
    make_team(read, "Une de plus")
    Assignment.objects.create(juror=dan, team=Team.objects.latest("pk"), position=9)

    assert TITLE not in text_of(client_of(dan.user).get(reverse("judging:index")))


def test_the_question_comes_when_a_pause_is_over(client_of, read, dan):
    until = NIGHT + timedelta(minutes=5)
    Juror.objects.filter(pk=dan.pk).update(paused_until=until)

    paused = client_of(dan.user).get(reverse("judging:index")).content.decode()
    with time_machine.travel(until, tick=False):
        later = text_of(client_of(dan.user).get(reverse("judging:index")))

    assert TITLE not in paused
    assert f'data-at="{until.isoformat()}"' in paused  # an open page asks again then
    assert TITLE in later


def test_the_question_says_nothing_of_ranks_marks_or_other_teams(client_of, read, dan, max, teams):  # noqa: A002
    def question(juror: Juror, team: Team) -> str:
        page = client_of(juror.user).get(reverse("judging:index")).content.decode()
        form = page[page.index("data-offer") :].split("</form>")[0]
        form = re.sub(r'value="[A-Za-z0-9]{64}"', "", form)
        form = re.sub(r'<span class="small">salle \w+</span>', "", form)
        form = form.replace(team.name, "…").replace(f'value="{team.pk}"', "")
        return " ".join(form.split())

    leader = question(dan, teams[1])  # it may decide the first place
    dan.sheets.filter(team=teams[2]).update(state="draft", finished_at=None)
    dan.sheets.get(team=teams[2]).scores.all().delete()
    last = question(max, teams[2])  # one sheet short

    assert leader == last
    assert not any(team.name in leader for team in teams)
    assert not re.search(r"\d[,.]\d|%|rang|tête|premi", leader)


def test_neither_messages_nor_the_journal_name_the_team(read, dan, five):
    LiveMessage.objects.all().delete()

    accept(dan)

    entry = JournalEntry.objects.get(act="reading.accepted")
    assert (entry.detail, entry.target) == ({}, f"editions.department:{read.pk}")
    messages = [message.data for message in LiveMessage.objects.all()]
    assert messages == [{"department": "INFOCOM"}]


def test_organizers_see_no_accepted_reading(client_of, read, dan, eve):
    names = ("progress", "plan", "setup")

    def shown() -> list[str]:
        pages = [client_of(eve).get(reverse(f"judging:{name}", args=[read.pk])) for name in names]
        varying = r'[A-Za-z0-9]{64}|data-live-after="\d+"'
        return [re.sub(varying, "", text_of(page)) for page in pages]

    before = shown()
    accept(dan)

    assert shown() == before


def test_the_president_switches_it_on_the_progress_page(client_of, read, diane, dan):
    address = reverse("judging:progress-report", args=["INFOCOM"])
    switch = reverse("offered_readings:switch", args=[read.pk])

    client_of(diane.user).post(switch, {"offers": "no"})

    assert TITLE not in text_of(client_of(dan.user).get(reverse("judging:index")))
    assert "En proposer aux jurés qui ont fini" in text_of(client_of(diane.user).get(address))
    assert client_of(dan.user).post(switch, {"offers": "yes"}).status_code == 404
    assert not Offering.objects.exists()


def test_more_teams_and_jurors_need_no_more_queries_for_an_offer(client_of, read, dan, fill):
    browser = client_of(dan.user)
    browser.get(reverse("judging:index"))
    with CaptureQueriesContext(connection) as few:
        assert TITLE in text_of(browser.get(reverse("judging:index")))
    for n in range(3):
        juror = Juror.objects.create(department=read, user=make_user(f"more{n}@example.org"))
        team = make_team(read, f"Équipe {n}")
        Assignment.objects.create(juror=juror, team=team, position=0)
        fill(juror, team, 10, 11)

    with CaptureQueriesContext(connection) as more:
        assert TITLE in text_of(browser.get(reverse("judging:index")))

    assert len(more) == len(few)


def test_without_the_extra_nothing_is_asked(client_of, read, dan, diane, five):
    Edition.objects.update(extras=[])
    browser = client_of(dan.user)

    page = text_of(browser.get(reverse("judging:index")))
    report = client_of(diane.user).get(reverse("judging:progress-report", args=["INFOCOM"]))
    address = reverse("offered_readings:answer", args=["INFOCOM"])

    assert TITLE not in page
    assert "Lectures de plus" not in text_of(report)
    assert browser.post(address, {"team": five.pk}).status_code == 404


def test_a_clone_offers_readings_in_the_same_juries(read, edition, eve):
    clone = editions.clone(
        source=edition,
        slug="next",
        name="Next",
        starts_at=edition.starts_at + timedelta(days=364),
        parts=[ClonedPart.DEPARTMENTS, "offered_readings"],
        by=eve,
        at=NIGHT,
    )

    assert Offering.objects.get(department__edition=clone).department.code == "INFOCOM"
