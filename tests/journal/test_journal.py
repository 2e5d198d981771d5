import csv
import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import Error, connection, transaction
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.accounts import services as accounts
from hackathon.base.core import journal
from hackathon.base.core.models import JournalEntry, JournalRelease
from hackathon.base.core.typography import NARROW, NO_BREAK
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import schedule
from hackathon.run.journal.selectors import Wanted, entries, lines
from hackathon.run.journal.views import PER_PAGE
from submissions.extensions import services as extensions
from teams.services import organizing, teams
from tests.conftest import DEADLINE, NOON, make_team
from tests.queries import queries_of

pytestmark = pytest.mark.database

LATER = DEADLINE + timedelta(minutes=10)


def plain(text: str) -> str:
    return text.replace(NO_BREAK, " ").replace(NARROW, " ")


def texts(edition: Edition, **wanted: Any) -> list[str]:
    return [line.text for line in lines(edition, entries(edition, Wanted(**wanted)))]


def test_the_deadline_that_was_moved_is_read_in_the_zone_of_the_edition(edition, eve, client_of):
    schedule.move(edition=edition, instants={"deadline_at": LATER}, by=eve, at=NOON)

    for url in (reverse("journal:index", args=[edition.slug]), reverse("journal:current")):
        page = client_of(eve).get(url).content.decode()
        assert "Eve a repoussé l’heure limite de 23:00 à 23:10" in page
        assert "13:00:00" in page  # when she did it


def test_the_journal_is_searched_by_person_team_act_and_time(edition, comunik, pixels, ada, eve):
    teams.edit(comunik, by=ada, at=NOON, room="215")
    teams.edit(pixels, by=eve, at=NOON + timedelta(hours=1), room="216")
    extensions.grant(edition, team=pixels, minutes=5, reason="Malade", by=eve, at=LATER)
    (ada_moved,) = texts(edition, text=ada.email.split("@")[0].upper())
    moved, granted = texts(edition, group="team"), texts(edition, group="submission")

    assert "Com’unik" in ada_moved
    assert "214 → 215" in ada_moved.replace("\N{NO-BREAK SPACE}", " ")
    assert len(moved) == 2
    assert texts(edition, text="pixel") == [*granted, moved[0]]
    assert texts(edition, since=LATER) == granted
    assert texts(edition, until=NOON) == [ada_moved]
    assert "Malade" not in granted[0]


def test_what_a_person_of_the_edition_does_with_their_account_is_in_its_journal(
    edition, comunik, ada, loner
):
    accounts.rename(ada, "Ada Lovelace", by=ada, at=NOON)
    accounts.rename(loner, "Personne", by=loner, at=NOON)

    assert texts(edition) == ["Ada Lovelace a changé de nom."]


def test_a_team_that_is_gone_keeps_its_name(edition, info, eve):
    team, longs = make_team(info, "Les Brefs"), make_team(info, "Les Longs")
    teams.edit(team, by=eve, at=NOON, room="3")
    organizing.relocate(edition, [longs], room="4", by=eve, at=NOON)
    teams.edit(longs, by=eve, at=NOON, room="5")
    organizing.merge(longs, team, by=eve, at=NOON)
    teams.dissolve(team, by=eve, at=NOON)

    gone, merged, moved, relocated, edited = map(plain, texts(edition))

    assert "Les Brefs" in gone
    assert merged == "Eve a réuni l’équipe « Les Longs » (aucun membre) avec « Les Brefs »."
    assert moved == "Eve a modifié l’équipe « Les Longs » : salle 4 → 5."
    assert relocated == "Eve a déplacé Les Longs : salle – → 4."
    assert edited == "Eve a modifié l’équipe « Les Brefs » : salle vide → 3."
    assert list(map(plain, texts(edition, text="brefs"))) == [gone, merged, edited]
    assert list(map(plain, texts(edition, text="longs"))) == [merged]


def test_who_goes_to_see_a_team_and_who_no_longer_does(edition, comunik, eve):
    organizing.set_visitor(comunik, going=True, by=eve, at=NOON)
    organizing.set_visitor(comunik, going=False, by=eve, at=NOON)

    assert list(map(plain, texts(edition))) == [
        "Eve ne va plus voir l’équipe « Com’unik ».",
        "Eve va voir l’équipe « Com’unik ».",
    ]


def test_the_members_who_were_moved_are_named(edition, comunik, pixels, eve):
    organizing.move_members(list(comunik.memberships.all()), pixels, by=eve, at=NOON)

    (moved,) = map(plain, texts(edition))
    assert moved == "Eve a fait passer Ada, Ben de Com’unik à « Les Pixels »."


def test_the_file_is_safe_for_a_spreadsheet(edition, info, eve, client_of):
    teams.register(edition, info, "=1+1", by=eve, at=NOON)
    response = client_of(eve).get(reverse("journal:index", args=[edition.slug]), {"export": "csv"})

    body = response.content.decode("utf-8-sig")
    (header, row) = csv.reader(io.StringIO(body), delimiter=";")

    assert response.content.startswith(b"\xef\xbb\xbf")
    assert header[:2] == ["Instant", "Qui"]
    assert row[:3] == ["2020-02-13 13:00:00", "Eve", "Équipes"]
    assert row[4] == "'=1+1"


def test_the_journal_cannot_be_changed(edition, eve):
    schedule.move(edition=edition, instants={"deadline_at": LATER}, by=eve, at=NOON)
    kept = list(JournalEntry.objects.values())
    entry = JournalEntry.objects.get()
    entry.act = "edition.shown"

    for attempt in (
        entry.save,
        entry.delete,
        lambda: JournalEntry.objects.update(by=None),
        lambda: JournalEntry.objects.all().delete(),
    ):
        with pytest.raises(Error), transaction.atomic():
            attempt()

    assert list(JournalEntry.objects.values()) == kept


def test_the_journal_cannot_be_replaced(edition, eve):
    schedule.move(edition=edition, instants={"deadline_at": LATER}, by=eve, at=NOON)
    kept = list(JournalEntry.objects.values())
    if connection.vendor == "sqlite":
        replace = "INSERT OR REPLACE INTO core_journalentry SELECT * FROM core_journalentry"
    else:
        replace = (
            "INSERT INTO core_journalentry SELECT * FROM core_journalentry"
            " ON CONFLICT (id) DO UPDATE SET act = 'edition.shown'"
        )

    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(replace)

    assert list(JournalEntry.objects.values()) == kept


def test_inside_a_release_alone_the_journal_is_changed(edition, eve):
    schedule.move(edition=edition, instants={"deadline_at": LATER}, by=eve, at=NOON)

    with journal.released():
        JournalEntry.objects.update(detail={})
    with pytest.raises(RuntimeError), journal.released():
        JournalEntry.objects.update(by=None)
        raise RuntimeError
    with pytest.raises(Error), transaction.atomic():
        JournalEntry.objects.update(by=None)

    entry = JournalEntry.objects.get()
    assert (entry.detail, entry.by) == ({}, eve)
    assert not JournalRelease.objects.exists()


@pytest.mark.parametrize("reader", ["eve", "diane"])
def test_who_looks_at_marks_is_in_the_journal_once_in_ten_minutes(
    reader, world, edition, diane, client_of, eve
):
    """The organizer gets no page before the publication, and no entry."""
    browser = client_of(eve if reader == "eve" else diane.user)
    url = reverse("judging:deliberation", args=["INFOCOM"])
    for minutes in (0, 9, 11):
        with time_machine.travel(LATER + timedelta(minutes=minutes), tick=False):
            browser.get(url)

    found = texts(edition, group="ranking")

    assert len(found) == (2 if reader == "diane" else 0)


def test_the_journal_shows_nothing_of_another_edition(edition, eve, gil, client_of):
    schedule.move(edition=edition, instants={"deadline_at": LATER}, by=eve, at=NOON)
    edition.organizers.add(gil)
    edition.pk, edition.slug, edition.is_current = None, "ccd-2021", False
    edition.save()
    edition.organizers.add(gil)

    assert texts(edition) == []
    assert client_of(eve).get(reverse("journal:index", args=["ccd-2021"])).status_code == 404


def test_a_page_of_a_long_journal_reads_its_own_entries_with_the_same_queries(
    edition, comunik, ada, eve, client_of
):
    url, browser = reverse("journal:index", args=[edition.slug]), client_of(eve)
    teams.edit(comunik, by=ada, at=NOON, room="1")
    browser.get(url)
    few = queries_of(lambda: browser.get(url))
    entry = JournalEntry.objects.get()
    fields = {f.attname: getattr(entry, f.attname) for f in entry._meta.concrete_fields[1:]}
    JournalEntry.objects.bulk_create(
        [JournalEntry(**fields | {"at": NOON + timedelta(seconds=n)}) for n in range(2_000)]
    )
    read: list[object] = []

    def record(instance: JournalEntry, **_: object) -> None:
        read.append(instance)

    post_init.connect(record, sender=JournalEntry)
    with CaptureQueriesContext(connection) as many:
        page = browser.get(url, {"q": "ada"})
    post_init.disconnect(record, sender=JournalEntry)

    assert "2001" in page.content.decode().replace("\N{NO-BREAK SPACE}", "").replace("\u202f", "")
    assert len(many) == few
    assert len(read) == PER_PAGE
