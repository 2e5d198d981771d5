import json
from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from hackathon.base.accounts.models import User
from hackathon.base.core import clock, failures
from hackathon.event.editions import rules
from hackathon.event.editions.enums import Phase
from hackathon.event.editions.models import Edition
from hackathon.run.demo import content, deposits
from submissions.enums import ProgressState
from submissions.inspection.result import Result
from submissions.models import Submission
from submissions.receipts.rules import is_genuine
from submissions.receipts.selectors import forgotten_receipts, teams_due_for_digest
from submissions.versions.progress import progress_of
from teams.enums import HelpState
from teams.models import HelpRequest, Membership, Team

pytestmark = pytest.mark.django_db


def demo(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def test_an_existing_demo_is_shown_again_in_place_of_another_demo_only():
    first = demo("--phase", "registration", "--json")
    made, other = Edition.objects.get(), Edition.objects.get()
    assert made.is_current
    teams = Team.objects.count()
    Edition.objects.update(is_current=False)
    other.pk, other.slug = None, "demo-running"
    other.save()
    other.organizers.set(made.organizers.all())

    assert demo("--phase", "registration", "--json") == first

    assert Edition.objects.get(is_current=True) == made
    assert (Edition.objects.count(), Team.objects.count()) == (2, teams)

    Edition.objects.update(is_current=False)
    Edition.objects.filter(pk=other.pk).update(is_current=True, slug="ccd-2020")
    demo("--phase", "registration")

    assert Edition.objects.get(is_current=True) == other


def test_if_empty_adds_nothing_to_existing_data(edition):
    demo("--if-empty")

    assert list(Edition.objects.all()) == [edition]


def test_a_large_edition_has_copies_of_the_teams_and_of_what_they_handed_in(monkeypatch):
    """In the last minutes, with a call in each state. Files are small: `test_phases` looks at
    drawn ones.
    """
    for extension in ("pdf", "png"):
        monkeypatch.setitem(content.MAKERS, extension, content.MAKERS["zip"])
    monkeypatch.setattr(deposits, "inspect_here", lambda _job: Result())
    answer = json.loads(demo("--phase", "last-minutes", "--teams", "90", "--json"))

    edition = Edition.objects.get(slug=answer["edition"])
    assert edition.is_current
    assert rules.phase(edition, at=clock.now()) == Phase.RUNNING
    assert (edition.teams.count(), edition.memberships.count()) == (90, 400 + 30 * 5)
    found = sorted(progress_of(edition), key=lambda progress: progress.team.pk)
    assert Counter(progress.state for progress in found[:60]) == {
        ProgressState.COMPLETE: 36,
        ProgressState.SOMETHING: 15,
        ProgressState.NOTHING: 9,
    }
    assert [copy.state for copy in found[60:]] == [model.state for model in found[:30]]
    captains = Membership.objects.filter(team__edition=edition, is_captain=True)
    assert captains.count() == 90
    copied = Submission.objects.filter(team__in=[copy.team for copy in found[60:]])
    assert copied
    for submission in copied.select_related("receipt", "inspection"):
        assert is_genuine(submission.receipt)
        assert submission.file.name == "" or submission.file.storage.exists(submission.file.name)
        assert submission.submitted_by in User.objects.filter(memberships__team=submission.team)
    roles = Counter(account["role"] for account in answer["accounts"])
    assert {"organizer", "admin", "juror", "president", "client", "helper", "student"} <= set(roles)
    assert {a["team"] for a in answer["accounts"] if a["role"] == "student"} > set(
        Team.objects.values_list("name", flat=True)
    )
    assert set(answer["accounts"][0]) == {"role", "email", "password", "team", "department"}
    # No periodic task sends a mail about the demo's deposits.
    assert forgotten_receipts(at=clock.now()) == []
    assert teams_due_for_digest(at=clock.now() + timedelta(hours=1)) == []
    states = Counter(HelpRequest.objects.values_list("state", flat=True))
    assert set(states) == set(HelpState)
    assert states[HelpState.WAITING] == 6
    assert HelpRequest.objects.filter(requested_at__gt=clock.now()).count() == 0

    again = json.loads(demo("--phase", "last-minutes", "--teams", "90", "--json"))
    assert again["edition"] == answer["edition"]
    assert answer["edition"].startswith("demo-90-")  # not found where the usual one is wanted


@pytest.mark.parametrize("arguments", [("--teams", "59"), ("--teams", "60", "--phase", "judging")])
def test_a_large_edition_ends_before_the_juries(arguments):
    with pytest.raises(CommandError, match="at least 60"):
        demo(*arguments)

    assert not Edition.objects.exists()


def test_beside_a_running_site_on_sqlite_it_is_refused_with_what_to_do(
    settings, tmp_path, monkeypatch
):
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
