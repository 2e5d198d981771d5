import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hackathon.base.core.models import JournalEntry, LiveMessage
from judging.jury import readings
from judging.models import Assignment, JuryRules, Recusal
from judging.plan import selectors as plan_selectors
from judging.plan import services as plans
from judging.plan import views
from judging.plan.selectors import ReadingState
from judging.setup.services import recusals
from teams.models import Team
from tests.conftest import make_team, make_user
from tests.judging.conftest import NIGHT, at, text_of

pytestmark = pytest.mark.time_machine(NIGHT, tick=False)


# ---------------------------------------------------------------- recusals


def test_an_organizer_enters_and_withdraws_a_recusal(eve_client, infocom, dan, comunik, dan_client):
    sent = {"juror": dan.pk, "team": comunik.pk, "reason": "Son  fils"}

    eve_client.post(at("recusal-create", infocom.pk), sent)
    recusal = Recusal.objects.get()
    page = text_of(eve_client.get(at("setup", infocom.pk)))
    sheet = dan_client.get(at("sheet", "INFOCOM", comunik.pk))
    eve_client.post(at("recusal-withdraw", infocom.pk, recusal.pk))

    assert recusal.reason == "Son fils"
    assert "ne juge pas Com’unik" in page
    assert sheet.url == at("my-recusals", "INFOCOM")
    assert not Recusal.objects.exists()


def test_a_juror_enters_and_withdraws_a_recusal(dan_client, dan, comunik, five):
    address = at("recuse", "INFOCOM", comunik.pk)

    silent = dan_client.post(address, {"reason": ""})
    done = dan_client.post(address, {"reason": "Je les ai suivis"})
    own = text_of(dan_client.get(at("my-recusals", "INFOCOM")))
    again = dan_client.post(address, {"reason": "Autre"})
    recusal = Recusal.objects.get()
    dan_client.post(at("my-recusal-withdraw", "INFOCOM", recusal.pk))

    assert (silent.status_code, done.status_code, again.status_code) == (422, 302, 302)
    assert "Je les ai suivis" in own
    assert recusal.made_by == dan.user
    assert not Recusal.objects.exists()


def test_the_reason_is_read_by_the_juror_the_president_and_the_organizers(
    client_of,
    dan_client,
    diane_client,
    eve_client,
    infocom,
    dan,
    max,  # noqa: A002
    comunik,
    eve,
):
    recusals.make(juror=dan, team=comunik, reason="Marqueur", by=eve, at=NIGHT)
    max_client = client_of(max.user)

    def reads(browser: Client, *addresses: str) -> bool:
        return any("Marqueur" in text_of(browser.get(address)) for address in addresses)

    own = at("my-recusals", "INFOCOM")
    assert reads(dan_client, own)
    assert reads(diane_client, own)
    assert reads(eve_client, at("setup", infocom.pk))
    assert not reads(max_client, own, at("index"), at("recuse", "INFOCOM", comunik.pk))
    assert max_client.get(at("setup", infocom.pk)).status_code == 404


def test_a_recused_juror_reads_nothing_of_the_team(world, client_of, eve_client):
    dan, team, submission = (world.objects[name] for name in ("juror", "team", "submission"))
    eve = world.objects["organizer"]
    browser = client_of(dan.user)
    pages = [
        at("sheet", "INFOCOM", team.pk),
        at("content", submission.pk),
        at("thumbnail", submission.pk),
        at("archive-team", "INFOCOM", team.pk),
    ]

    def answers() -> set[int]:
        found = set()
        for address in pages:
            answer = browser.get(address)
            if answer.streaming:
                list(answer.streaming_content)  # closes the file
            found.add(answer.status_code)
        return found

    assert answers() == {200}

    recusals.make(juror=dan, team=team, reason="Marqueur", by=eve, at=NIGHT)

    assert browser.get(pages.pop(0)).url == at("my-recusals", "INFOCOM")  # it shows the recusal
    assert answers() == {404}
    assert team.name not in text_of(browser.get(at("index")))


def test_no_reason_is_in_the_journal_or_in_a_message(dan, comunik, eve):
    recusal = recusals.make(juror=dan, team=comunik, reason="Marqueur", by=eve, at=NIGHT)
    recusals.withdraw(recusal=recusal, by=eve, at=NIGHT)

    written = [str(entry.detail) for entry in JournalEntry.objects.all()]
    written += [str(message.data) for message in LiveMessage.objects.all()]
    assert len(written) >= 4
    assert not any("Marqueur" in text for text in written)


def test_a_recused_sheet_is_kept_and_counts_again(infocom, dan, comunik, fill, eve):
    sheet = fill(dan, comunik, 12, 12)

    recusal = recusals.make(juror=dan, team=comunik, reason="Oui", by=eve, at=NIGHT)
    without = list(readings.final_sheets(infocom))
    recusals.withdraw(recusal=recusal, by=eve, at=NIGHT)

    assert without == []
    assert list(readings.final_sheets(infocom)) == [sheet]


# ---------------------------------------------------------------- the plan


def test_the_plan_is_made_changed_and_dropped_on_its_page(
    eve_client,
    infocom,
    dan,
    diane,
    max,  # noqa: A002
    comunik,
    five,
):
    address = at("plan-change", infocom.pk)

    before = text_of(eve_client.get(at("plan", infocom.pk)))
    made = text_of(eve_client.post(address, {"do": "plan"}, follow=True))
    again = text_of(eve_client.post(address, {"do": "redraw"}, follow=True))
    rows = Assignment.objects.count()
    eve_client.post(address, {"do": "nonsense"})
    dropped = text_of(eve_client.post(address, {"do": "drop"}, follow=True))

    assert "Établir un plan à 3 lectures" in before
    assert "Plan établi" in made
    assert "Autre tirage : le plan est nouveau." in again
    assert rows == 6
    assert "Tous lisent toutes les équipes" in dropped
    assert not Assignment.objects.exists()


def test_teams_with_too_few_readers_are_named_with_advice(
    eve_client, infocom, dan, diane, comunik, eve
):
    plans.make(department=infocom, by=eve, at=NIGHT)

    page = text_of(eve_client.get(at("plan", infocom.pk)))

    assert "1 équipe manque de lectures" in page
    assert "2 sur 3" in page
    assert "Le jury n’a que 2 jurés : ajoutez-en" in page


def test_a_plan_of_many_teams_has_pages(eve_client, infocom, dan, comunik, five, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 1)

    def shown(page: int) -> list[Team]:
        answer = eve_client.get(at("plan", infocom.pk), {"page": page})
        return [line.team for line in answer.context["page"]]

    assert shown(1) + shown(2) == [comunik, five]


def test_a_plan_that_no_longer_fits_offers_a_repair(
    eve_client,
    infocom,
    dan,
    diane,
    max,  # noqa: A002
    comunik,
    eve,
):
    plans.make(department=infocom, by=eve, at=NIGHT)
    assert "Réparer le plan" not in text_of(eve_client.get(at("plan", infocom.pk)))
    make_team(infocom, "Arrivée sans bruit")

    page = text_of(eve_client.get(at("plan", infocom.pk)))
    eve_client.post(at("plan-change", infocom.pk), {"do": "mend"})

    assert "Réparer le plan" in page
    assert "réparez le plan" in page
    assert Assignment.objects.count() == 6


def test_a_juror_keeps_a_team_that_was_added(
    eve_client,
    dan_client,
    infocom,
    dan,
    diane,
    max,  # noqa: A002
    comunik,
    five,
    eve,
):
    JuryRules.objects.create(department=infocom, readings=1)
    plans.make(department=infocom, by=eve, at=NIGHT)
    team = next(t for t in (comunik, five) if t not in readings.judged_teams(dan))
    sheet = at("sheet", "INFOCOM", team.pk)
    assert dan_client.get(sheet).status_code == 404

    empty = eve_client.post(at("plan", infocom.pk), {"juror": "", "team": team.pk})
    given = eve_client.post(at("plan", infocom.pk), {"juror": dan.pk, "team": team.pk})
    again = eve_client.post(at("plan", infocom.pk), {"juror": dan.pk, "team": team.pk})
    plans.make(department=infocom, by=eve, at=NIGHT)

    assert (empty.status_code, given.status_code, again.status_code) == (422, 302, 302)
    assert dan_client.get(sheet).status_code == 200
    assert Assignment.objects.count() == 3
    plan = plan_selectors.plan_of(infocom)
    row = next(line for line in plan.teams if line.team == team)
    assert [cell.reading for cell in row.cells if cell.juror == dan] == [ReadingState.PLANNED]


def test_the_jurys_list_takes_the_same_queries_with_a_plan(dan_client, infocom, dan, comunik, eve):
    plans.make(department=infocom, by=eve, at=NIGHT)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert dan_client.get(at("index")).status_code == 200
        return len(found)

    queries()
    with_one = queries()
    for n in range(3):
        make_team(infocom, f"Équipe {n}")
    plans.make(department=infocom, by=eve, at=NIGHT)

    assert queries() == with_one
    assert len(readings.judged_teams(dan)) == 4


def test_the_organizers_pages_do_not_change_with_second_readings(
    eve_client, infocom, eve, dan, diane, comunik
):
    make_team(infocom, "Encore une", make_user("captain@example.org"))
    JuryRules.objects.create(department=infocom, readings=1)
    plans.make(department=infocom, by=eve, at=NIGHT)
    row = Assignment.objects.filter(juror=dan).first()
    assert row is not None

    def shown() -> list[str]:
        pages = [text_of(eve_client.get(at(name, infocom.pk))) for name in ("plan", "setup")]
        return [re.sub(r"[A-Za-z0-9]{64}", "token", page) for page in pages]

    before = shown()
    Assignment.objects.create(juror=diane, team=row.team, position=9, kind="second")

    assert shown() == before


def test_who_reads_whom_is_a_file(eve_client, infocom, dan, comunik, five, fill):
    fill(dan, five, 12, 13)

    file = eve_client.get(at("plan", infocom.pk), {"export": "csv"})

    lines = csv.reader(io.StringIO(file.content.decode("utf-8-sig")), delimiter=";")
    assert list(lines) == [
        ["Juré", "Équipe", "Salle", "Étage", "Lecture"],
        ["Dan", "Com’unik", "214", "2", "prévue"],
        ["Dan", "Les Five", "208", "2", "terminée"],
    ]
