import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from hackathon.accounts.models import User
from hackathon.core import clock, failures
from hackathon.demo import content, deposits
from hackathon.editions import rules
from hackathon.editions.enums import Phase
from hackathon.editions.models import Edition
from judging.deliberation.selectors.handed_in import lacking
from judging.enums import SheetState
from judging.models import Award, Deliberation, ScoreSheet
from submissions.deposits.progress import progress_of
from submissions.enums import ProgressState
from submissions.inspection.dispatch import FileJob, inspect_here
from submissions.inspection.result import Result
from submissions.models import Submission
from submissions.receipts.rules import is_genuine
from submissions.receipts.selectors import forgotten_receipts, teams_due_for_digest
from teams.enums import HelpState
from teams.models import HelpRequest, Membership, Team

pytestmark = pytest.mark.django_db


REAL = dict(content.MAKERS)
DRAWN = cache(lambda extension: REAL[extension]("Titre", "Sous-titre", seed=1))
INSPECTED: dict[str, Result] = {}  # by extension


@pytest.fixture
def one_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn and inspected once, not for each deposit: that is half of the time."""

    def make(extension: str) -> Callable[..., bytes]:
        return lambda title, _, *, seed: DRAWN(extension) + f"% {title} {seed}".encode()

    def inspect(job: FileJob) -> Result:
        extension = job.name.rpartition(".")[2]
        return INSPECTED.get(extension) or INSPECTED.setdefault(extension, inspect_here(job))

    for extension in ("pdf", "png"):
        monkeypatch.setitem(content.MAKERS, extension, make(extension))
    monkeypatch.setattr(deposits, "inspect_here", inspect)


def demo(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def states_of_teams(edition: Edition) -> Counter[ProgressState]:
    return Counter(team.state for team in progress_of(edition))


@pytest.mark.usefixtures("one_picture")
def test_in_the_last_minutes_nine_of_sixty_teams_have_handed_in_nothing() -> None:
    answer = json.loads(demo("--phase", "last-minutes", "--json").strip().splitlines()[-1])

    edition = Edition.objects.get(slug=answer["edition"])
    assert rules.phase(edition, at=clock.now()) == Phase.RUNNING
    assert edition.is_current
    assert (Team.objects.count(), Membership.objects.count()) == (60, 400)
    assert states_of_teams(edition) == {
        ProgressState.COMPLETE: 36,
        ProgressState.SOMETHING: 15,
        ProgressState.NOTHING: 9,
    }
    roles = Counter(account["role"] for account in answer["accounts"])
    assert {"organizer", "admin", "juror", "president", "client", "helper", "student"} <= set(roles)
    assert {a["team"] for a in answer["accounts"] if a["role"] == "student"} > set(
        Team.objects.values_list("name", flat=True)
    )
    assert set(answer["accounts"][0]) == {"role", "email", "password", "team", "department"}
    # No periodic task sends a mail about the demo's deposits.
    assert forgotten_receipts(at=clock.now()) == []
    assert teams_due_for_digest(at=clock.now() + timedelta(hours=1)) == []


def test_the_command_is_idempotent() -> None:
    first = demo("--phase", "registration", "--json")
    teams = Team.objects.count()

    second = demo("--phase", "registration", "--json")

    assert first == second
    assert Edition.objects.count() == 1
    assert Team.objects.count() == teams


@pytest.mark.usefixtures("one_picture")
def test_an_existing_demo_edition_is_shown_again_after_one_with_calls_in_each_state() -> None:
    first = json.loads(demo("--phase", "registration", "--json"))
    demo("--phase", "running")
    states = Counter(HelpRequest.objects.values_list("state", flat=True))
    assert set(states) == set(HelpState)
    assert states[HelpState.WAITING] == 6
    assert HelpRequest.objects.filter(requested_at__gt=clock.now()).count() == 0
    assert not Edition.objects.get(slug=first["edition"]).is_current

    again = json.loads(demo("--phase", "registration", "--json"))

    assert again == first
    assert Edition.objects.get(is_current=True).slug == first["edition"]


def test_the_deposited_files_are_valid() -> None:
    demo("--phase", "judging")

    edition = Edition.objects.get()
    assert rules.phase(edition, at=clock.now()) == Phase.JUDGING
    assert states_of_teams(edition)[ProgressState.LATE] == 2
    extensions = Counter()
    for submission in Submission.objects.exclude(file="").order_by("pk")[:40]:
        content = submission.file.read()
        submission.file.close()
        extension = submission.filename.rsplit(".")[-1]
        extensions[extension] += 1
        if extension == "pdf":
            assert content.startswith(b"%PDF-")
            assert content.rstrip().endswith(b"%%EOF")
        elif extension == "png":
            Image.open(BytesIO(content)).verify()
        else:
            assert ZipFile(BytesIO(content)).testzip() is None
    assert set(extensions) == {"pdf", "png", "zip"} or set(extensions) == {"pdf", "zip"}
    states = set(ScoreSheet.objects.values_list("state", flat=True))
    assert states == {SheetState.DRAFT, SheetState.FINAL}


@pytest.mark.usefixtures("one_picture")
def test_at_the_ceremony_the_decisions_are_those_of_2020_and_secret() -> None:
    demo("--phase", "ceremony")

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


def test_an_edition_that_is_not_a_demo_stays_current(edition: Edition) -> None:
    demo("--phase", "registration")

    assert Edition.objects.get(is_current=True) == edition


def test_if_empty_adds_nothing_to_existing_data(edition: Edition) -> None:
    demo("--if-empty")

    assert list(Edition.objects.all()) == [edition]


@pytest.mark.usefixtures("one_picture")
def test_a_large_edition_has_copies_of_the_teams_and_of_what_they_handed_in() -> None:
    answer = json.loads(demo("--phase", "last-minutes", "--teams", "90", "--json"))

    edition = Edition.objects.get(slug=answer["edition"])
    assert edition.is_current
    assert (edition.teams.count(), edition.memberships.count()) == (90, 400 + 30 * 5)
    found = progress_of(edition)
    states = Counter(team.state for team in found)
    assert states[ProgressState.COMPLETE] in range(45, 63)
    assert states[ProgressState.NOTHING] in range(9, 21)
    captains = Membership.objects.filter(team__edition=edition, is_captain=True)
    assert captains.count() == 90
    copied = Submission.objects.filter(team=found[-1].team) | Submission.objects.filter(
        team__name__endswith=" 61"
    )
    assert copied
    for submission in copied.select_related("receipt", "inspection"):
        assert is_genuine(submission.receipt)
        assert submission.file.name == "" or submission.file.storage.exists(submission.file.name)
        assert submission.submitted_by in User.objects.filter(memberships__team=submission.team)

    again = json.loads(demo("--phase", "last-minutes", "--teams", "90", "--json"))
    assert again["edition"] == answer["edition"]
    assert answer["edition"].startswith("demo-90-")  # not found where the usual one is wanted


@pytest.mark.parametrize("arguments", [("--teams", "59"), ("--teams", "60", "--phase", "judging")])
def test_a_large_edition_ends_before_the_juries(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="at least 60"):
        demo(*arguments)

    assert not Edition.objects.exists()


def test_beside_a_running_site_on_sqlite_it_is_refused_with_what_to_do(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would write for half a minute: after 20 s the forms of people fail."""
    (tmp_path / "site.sqlite3").touch()
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(failures, "connection", Served(str(tmp_path / "site.sqlite3")))
    running = failures.keep_sqlite_open()
    assert running is not None

    with running, pytest.raises(CommandError, match="Stop the site, run this again"):
        demo("--phase", "registration")

    assert not failures.is_served_by_sqlite()
    assert not Edition.objects.exists()


class Served:
    """The connection of a site on SQLite."""

    vendor = "sqlite"

    def __init__(self, name: str) -> None:
        self.settings_dict = {"NAME": name}
