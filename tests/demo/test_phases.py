"""The demo of the phases that tests in browsers use too: made once for each run."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.db import connection
from PIL import Image

from hackathon.base.core import clock
from hackathon.event.editions import rules
from hackathon.event.editions.enums import Phase
from hackathon.event.editions.models import Edition
from judging.deliberation.selectors.handed_in import lacking
from judging.enums import SheetState
from judging.models import Award, Deliberation, ScoreSheet
from submissions.enums import ProgressState
from submissions.models import Submission
from submissions.versions.progress import progress_of
from teams.models import Membership, Team
from tests.browser.site import demo_site

type Open = Callable[[str], Path]

pytestmark = pytest.mark.system  # a fork of the site makes the demo


@pytest.fixture
def open_demo(monkeypatch, django_db_blocker, tmp_path) -> Iterator[Open]:
    """Lets the models read a copy of the demo of a phase; gives its data directory.

    SQLite would write files beside a database that it opens, while others copy the directory.
    """

    def open_demo(phase: str) -> Path:
        data, _accounts = demo_site(phase)
        connection.close()
        for path in data.glob("hackathon.sqlite3*"):
            shutil.copy2(path, tmp_path)
        monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "hackathon.sqlite3"))
        return data

    with django_db_blocker.unblock():
        yield open_demo
        connection.close()


def test_the_deposited_files_are_valid(open_demo):
    deposits = open_demo("judging") / "deposits"

    assert (Team.objects.count(), Membership.objects.count()) == (60, 400)
    edition = Edition.objects.get()
    assert rules.phase(edition, at=clock.now()) == Phase.JUDGING
    assert Counter(team.state for team in progress_of(edition))[ProgressState.LATE] == 2
    extensions = set()
    for submission in Submission.objects.exclude(file="").order_by("pk")[:40]:
        path = deposits / submission.file.name
        extension = submission.filename.rsplit(".")[-1]
        extensions.add(extension)
        if extension == "pdf":
            assert path.read_bytes().startswith(b"%PDF-")
            assert path.read_bytes().rstrip().endswith(b"%%EOF")
        elif extension == "png":
            Image.open(path).verify()
        else:
            assert ZipFile(path).testzip() is None
    assert extensions in ({"pdf", "png", "zip"}, {"pdf", "zip"})
    states = set(ScoreSheet.objects.values_list("state", flat=True))
    assert states == {SheetState.DRAFT, SheetState.FINAL}


def test_at_the_ceremony_the_decisions_are_those_of_2020_and_secret(open_demo):
    open_demo("ceremony")

    edition = Edition.objects.get()
    assert rules.phase(edition, at=clock.now()) == Phase.DELIBERATED
    assert edition.results_published_at is None
    first = Award.objects.filter(deliberation__department__code="INFOCOM", rank=1)
    assert {award.team.name for award in first} == {"Com’unik", "Les Five"}
    for decided in Deliberation.objects.all():
        winners = {award.team_id for award in decided.awards.all()}
        assert winners
        assert not winners & lacking(decided.department).keys()
        assert "reversed" not in {d["kind"] for d in decided.record["decision"]["departures"]}
