"""Recusals and who reads whom, on their pages."""

import re
from collections.abc import Callable

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.accounts.models import User
from hackathon.core.models import JournalEntry, LiveMessage
from hackathon.editions.models import Department
from judging.jury import readings
from judging.models import Assignment, Juror, JuryRules, Recusal
from judging.plan import selectors as plan_selectors
from judging.plan import services as assignments
from judging.plan.selectors import Reading
from judging.setup.services import recusals
from teams.models import Team
from tests.conftest import NOON, make_team, make_user
from tests.judging.conftest import NIGHT, Fill, text_of
from tests.site import World

type Browser = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _at_night() -> object:
    with time_machine.travel(NIGHT, tick=False):
        yield


@pytest.fixture
def eves(client_of: Browser, eve: User) -> Client:
    """The organizer's browser."""
    return client_of(eve)


@pytest.fixture
def dans(client_of: Browser, dan: Juror) -> Client:
    """Dan's tablet."""
    return client_of(dan.user)


@pytest.fixture
def dianes(client_of: Browser, diane: Juror) -> Client:
    """The president's laptop."""
    return client_of(diane.user)


def at(name: str, *arguments: object) -> str:
    return reverse(f"judging:{name}", args=arguments)


# ---------------------------------------------------------------- recusals


def test_an_organizer_enters_a_recusal_and_takes_it_back(
    eves: Client, infocom: Department, dan: Juror, comunik: Team, dans: Client
) -> None:
    sent = {"juror": dan.pk, "team": comunik.pk, "reason": "Son  fils"}

    eves.post(at("recusal-create", infocom.pk), sent)
    recusal = Recusal.objects.get()
    page = text_of(eves.get(at("setup", infocom.pk)))
    sheet = dans.get(at("sheet", "INFOCOM", comunik.pk))
    eves.post(at("recusal-withdraw", infocom.pk, recusal.pk))

    assert recusal.reason == "Son fils"
    assert "ne juge pas Com’unik" in page
    assert sheet.url == at("my-recusals", "INFOCOM")
    assert not Recusal.objects.exists()


def test_a_juror_recuses_themself_and_takes_it_back(
    dans: Client, dan: Juror, comunik: Team, five: Team
) -> None:
    address = at("recuse", "INFOCOM", comunik.pk)

    silent = dans.post(address, {"reason": ""})
    done = dans.post(address, {"reason": "Je les ai suivis"})
    own = text_of(dans.get(at("my-recusals", "INFOCOM")))
    again = dans.post(address, {"reason": "Autre"})
    recusal = Recusal.objects.get()
    dans.post(at("my-recusal-withdraw", "INFOCOM", recusal.pk))

    assert (silent.status_code, done.status_code, again.status_code) == (422, 302, 302)
    assert "Je les ai suivis" in own
    assert recusal.made_by == dan.user
    assert not Recusal.objects.exists()


def test_who_does_not_recuse_themself_goes_back_to_the_sheet(
    dans: Client, dan: Juror, comunik: Team, five: Team, eve: User
) -> None:
    address = at("recuse", "INFOCOM", comunik.pk)
    back = f'href="{at("sheet", "INFOCOM", comunik.pk)}">Annuler'

    before = dans.get(address).content.decode()
    recusals.make(juror=dan, team=comunik, reason="Oui", by=eve, at=NIGHT)
    after = dans.get(address).content.decode()

    assert back in before
    assert back not in after


def test_a_juror_does_not_take_back_what_the_organizers_said(
    dans: Client, dan: Juror, comunik: Team, eve: User
) -> None:
    recusal = recusals.make(juror=dan, team=comunik, reason="Oui", by=eve, at=NOON)

    answer = dans.post(at("my-recusal-withdraw", "INFOCOM", recusal.pk), follow=True)

    assert "saisi par l’organisation" in text_of(answer)
    assert Recusal.objects.exists()


def test_the_reason_is_read_by_the_juror_the_president_and_the_organizers(
    client_of: Browser,
    dans: Client,
    dianes: Client,
    eves: Client,
    infocom: Department,
    dan: Juror,
    max: Juror,  # noqa: A002
    comunik: Team,
    eve: User,
) -> None:
    recusals.make(juror=dan, team=comunik, reason="Marqueur", by=eve, at=NIGHT)
    maxs = client_of(max.user)

    def reads(browser: Client, *addresses: str) -> bool:
        return any("Marqueur" in text_of(browser.get(address)) for address in addresses)

    own = at("my-recusals", "INFOCOM")
    assert reads(dans, own)
    assert reads(dianes, own)
    assert reads(eves, at("setup", infocom.pk))
    assert not reads(maxs, own, at("index"), at("recuse", "INFOCOM", comunik.pk))
    assert maxs.get(at("setup", infocom.pk)).status_code == 404


def test_a_recused_juror_reads_nothing_of_the_team(
    world: World, client_of: Browser, eves: Client
) -> None:
    dan, team, submission = (world.objects[name] for name in ("juror", "team", "submission"))
    eve = world.objects["organizer"]
    browser = client_of(dan.user)
    doors = [
        at("sheet", "INFOCOM", team.pk),
        at("content", submission.pk),
        at("thumbnail", submission.pk),
        at("archive-team", "INFOCOM", team.pk),
    ]

    def answers() -> set[int]:
        found = set()
        for door in doors:
            answer = browser.get(door)
            if answer.streaming:
                list(answer.streaming_content)  # to the end: that closes the file
            found.add(answer.status_code)
        return found

    assert answers() == {200}

    recusals.make(juror=dan, team=team, reason="Marqueur", by=eve, at=NIGHT)

    assert browser.get(doors.pop(0)).url == at("my-recusals", "INFOCOM")  # which says why
    assert answers() == {404}
    assert team.name not in text_of(browser.get(at("index")))


def test_no_reason_is_in_the_journal_or_in_a_message(dan: Juror, comunik: Team, eve: User) -> None:
    recusal = recusals.make(juror=dan, team=comunik, reason="Marqueur", by=eve, at=NIGHT)
    recusals.withdraw(recusal=recusal, by=eve, at=NIGHT)

    written = [str(entry.detail) for entry in JournalEntry.objects.all()]
    written += [str(message.data) for message in LiveMessage.objects.all()]
    assert len(written) >= 4
    assert not any("Marqueur" in text for text in written)


def test_a_recused_sheet_is_kept_and_counts_again(
    infocom: Department, dan: Juror, comunik: Team, fill: Fill, eve: User
) -> None:
    sheet = fill(dan, comunik, 12, 12)

    recusal = recusals.make(juror=dan, team=comunik, reason="Oui", by=eve, at=NIGHT)
    without = list(readings.final_sheets(infocom))
    recusals.withdraw(recusal=recusal, by=eve, at=NIGHT)

    assert without == []
    assert list(readings.final_sheets(infocom)) == [sheet]


# ---------------------------------------------------------------- the plan


def test_the_plan_is_made_changed_and_given_up_on_its_page(
    eves: Client,
    infocom: Department,
    dan: Juror,
    diane: Juror,
    max: Juror,  # noqa: A002
    comunik: Team,
    five: Team,
) -> None:
    address = at("plan-change", infocom.pk)

    before = text_of(eves.get(at("plan", infocom.pk)))
    made = text_of(eves.post(address, {"do": "plan"}, follow=True))
    again = text_of(eves.post(address, {"do": "redraw"}, follow=True))
    rows = Assignment.objects.count()
    eves.post(address, {"do": "nonsense"})
    dropped = text_of(eves.post(address, {"do": "drop"}, follow=True))

    assert "Établir un plan à 3 lectures" in before
    assert "Plan établi" in made
    assert "Autre tirage : le plan est nouveau." in again
    assert rows == 6
    assert "Tous lisent toutes les équipes" in dropped
    assert not Assignment.objects.exists()


def test_what_is_short_is_named_with_what_to_do(
    eves: Client, infocom: Department, dan: Juror, diane: Juror, comunik: Team, eve: User
) -> None:
    assignments.plan(department=infocom, by=eve, at=NIGHT)

    page = text_of(eves.get(at("plan", infocom.pk)))

    assert "1 équipe manque de lectures" in page
    assert "2 sur 3" in page
    assert "Le jury n’a que 2 jurés : ajoutez-en" in page


def test_a_plan_that_no_longer_fits_offers_to_be_mended(
    eves: Client,
    infocom: Department,
    dan: Juror,
    diane: Juror,
    max: Juror,  # noqa: A002
    comunik: Team,
    eve: User,
) -> None:
    assignments.plan(department=infocom, by=eve, at=NIGHT)
    assert "Réparer le plan" not in text_of(eves.get(at("plan", infocom.pk)))
    make_team(infocom, "Arrivée sans bruit")

    page = text_of(eves.get(at("plan", infocom.pk)))
    eves.post(at("plan-change", infocom.pk), {"do": "mend"})

    assert "Réparer le plan" in page
    assert "réparez le plan" in page
    assert Assignment.objects.count() == 6


def test_a_juror_is_given_a_team_on_top_and_keeps_it(
    eves: Client,
    dans: Client,
    infocom: Department,
    dan: Juror,
    diane: Juror,
    max: Juror,  # noqa: A002
    comunik: Team,
    five: Team,
    eve: User,
) -> None:
    JuryRules.objects.create(department=infocom, readings=1)
    assignments.plan(department=infocom, by=eve, at=NIGHT)
    team = next(t for t in (comunik, five) if t not in readings.judged_teams(dan))
    sheet = at("sheet", "INFOCOM", team.pk)
    assert dans.get(sheet).status_code == 404

    empty = eves.post(at("plan", infocom.pk), {"juror": "", "team": team.pk})
    given = eves.post(at("plan", infocom.pk), {"juror": dan.pk, "team": team.pk})
    again = eves.post(at("plan", infocom.pk), {"juror": dan.pk, "team": team.pk})
    assignments.plan(department=infocom, by=eve, at=NIGHT)

    assert (empty.status_code, given.status_code, again.status_code) == (422, 302, 302)
    assert dans.get(sheet).status_code == 200
    assert Assignment.objects.count() == 3
    plan = plan_selectors.plan_of(infocom)
    row = next(line for line in plan.teams if line.team == team)
    assert [cell.reading for cell in row.cells if cell.juror == dan] == [Reading.PLANNED]


def test_a_plan_needs_jurors_and_teams(eves: Client, infocom: Department) -> None:
    page = text_of(eves.get(at("plan", infocom.pk)))
    answer = text_of(eves.post(at("plan-change", infocom.pk), {"do": "plan"}, follow=True))

    assert "Nommez d’abord les jurés" in page
    assert "Il faut au moins un juré" in answer


@pytest.mark.parametrize("name", ["setup", "plan"])
def test_the_same_queries_for_more_teams_and_jurors(
    eves: Client, infocom: Department, dan: Juror, comunik: Team, eve: User, fill: Fill, name: str
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert eves.get(at(name, infocom.pk)).status_code == 200
        return len(found)

    fill(dan, comunik, 12, 12)
    recusals.make(juror=dan, team=make_team(infocom, "Une"), reason="Oui", by=eve, at=NIGHT)
    assignments.plan(department=infocom, by=eve, at=NIGHT)
    queries()
    with_one = queries()
    for n in range(3):
        juror = Juror.objects.create(department=infocom, user=make_user(f"j{n}@example.org"))
        team = make_team(infocom, f"Équipe {n}")
        recusals.make(juror=juror, team=team, reason="Oui", by=eve, at=NIGHT)
    assignments.plan(department=infocom, by=eve, at=NIGHT)

    assert queries() == with_one


def test_the_jurys_list_takes_the_same_queries_with_a_plan(
    dans: Client, infocom: Department, dan: Juror, comunik: Team, eve: User
) -> None:
    assignments.plan(department=infocom, by=eve, at=NIGHT)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert dans.get(at("index")).status_code == 200
        return len(found)

    queries()
    with_one = queries()
    for n in range(3):
        make_team(infocom, f"Équipe {n}")
    assignments.plan(department=infocom, by=eve, at=NIGHT)

    assert queries() == with_one
    assert len(readings.judged_teams(dan)) == 4


def test_second_readings_are_the_jurys_secret(
    eves: Client,
    infocom: Department,
    eve: User,
    dan: Juror,
    diane: Juror,
    comunik: Team,
) -> None:
    """Who is read again leads: the organizers' pages are the same to the byte."""
    make_team(infocom, "Encore une", make_user("captain@example.org"))
    JuryRules.objects.create(department=infocom, readings=1)
    assignments.plan(department=infocom, by=eve, at=NIGHT)
    row = Assignment.objects.filter(juror=dan).first()
    assert row is not None

    def shown() -> list[str]:
        pages = [text_of(eves.get(at(name, infocom.pk))) for name in ("plan", "setup")]
        return [re.sub(r"[A-Za-z0-9]{64}", "token", page) for page in pages]

    before = shown()
    Assignment.objects.create(juror=diane, team=row.team, position=9, kind="second")

    assert shown() == before
