import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Edition
from hackathon.extras.standby import boots, peer, selectors, services
from hackathon.extras.standby.errors import StandbyRefusal
from hackathon.extras.standby.management.commands import standby as command
from hackathon.extras.standby.models import Standby
from hackathon.extras.standby.rules import Claim
from tests.conftest import NOON
from tests.extras.standby.conftest import connected

pytestmark = pytest.mark.django_db


def answers(monkeypatch: pytest.MonkeyPatch, claim: Claim | None) -> None:
    monkeypatch.setattr(peer, "ask", lambda: claim)


def acts() -> list[str]:
    return [*JournalEntry.objects.filter(act__startswith="standby.").values_list("act", flat=True)]


def test_who_takes_over_raises_the_epoch_once_and_waits_for_nobody():
    Standby.objects.create(pk=1, server="salle", epoch=1, strict=True, files_until=NOON)

    services.take_over(server="portable", at=NOON)
    again = services.take_over(server="portable", at=NOON)

    assert (again.server, again.epoch, again.strict) == ("portable", 2, False)
    assert again.files_until is None
    assert acts() == ["standby.taken_over"]


def test_without_a_second_server_nothing_is_asked(django_assert_num_queries, monkeypatch):
    monkeypatch.delattr(peer, "ask")

    with django_assert_num_queries(0):
        found = selectors.state(at=NOON)
        reasons = (services.stop_reason(), services.start_refusal(alone=False))

    assert (found.configured, found.serving) == (False, True)
    assert reasons == ("", "")


def test_a_server_whose_peer_has_taken_over_stops_and_stays_stopped(two_servers, monkeypatch):
    services.take_over(server="salle", at=NOON)
    answers(monkeypatch, Claim("portable", 2, serving=True))
    first = services.stop_reason()
    answers(monkeypatch, None)

    later = (services.stop_reason(), services.start_refusal(alone=True))

    assert "« portable » serves (epoch 2)" in first
    assert later == (first, first)
    assert selectors.state(at=NOON).serving is False


def test_an_older_peer_changes_nothing(two_servers, monkeypatch):
    Standby.objects.create(pk=1, server="salle", epoch=3)
    answers(monkeypatch, Claim("portable", 2, serving=True))

    assert services.stop_reason() == ""
    assert (selectors.row().server, selectors.row().epoch) == ("salle", 3)


def test_an_organizer_chooses_strict_and_back(two_servers, eve, edition):
    services.set_strict(True, by=eve, at=NOON)
    is_strict = selectors.is_strict()
    services.set_strict(True, by=eve, at=NOON)
    services.set_strict(False, by=eve, at=NOON)

    assert (is_strict, selectors.is_strict()) == (True, False)
    assert sorted(acts()) == ["standby.asynchronous", "standby.strict"]


def test_strict_is_refused_while_the_second_server_is_away(two_servers, eve, edition, monkeypatch):
    connected(monkeypatch, False)

    with pytest.raises(Refused) as refused:
        services.set_strict(True, by=eve, at=NOON)

    assert refused.value.refusal.code == StandbyRefusal.NOT_CONNECTED
    assert selectors.is_strict() is False


def test_only_organizers_choose(two_servers, ada, edition):
    with pytest.raises(Refused):
        services.set_strict(True, by=ada, at=NOON)

    assert selectors.is_strict() is False


def test_organizers_of_another_edition_do_not_choose(two_servers, ada, edition):
    Standby.objects.create(pk=1, strict=True)
    draft = Edition.objects.get(pk=edition.pk)
    draft.pk, draft.slug, draft.is_current = None, "ccd-2021", False
    draft.save()
    draft.organizers.add(ada)

    with pytest.raises(Refused):
        services.set_strict(False, by=ada, at=NOON)

    assert selectors.is_strict() is True


def test_a_superuser_chooses_before_an_edition_is_shown(two_servers, ada):
    ada.is_superuser = True
    ada.save()

    services.set_strict(True, by=ada, at=NOON)

    assert selectors.is_strict() is True


def test_the_copy_is_as_old_as_the_older_of_its_parts(two_servers):
    Standby.objects.create(
        pk=1,
        files_until=NOON - timedelta(seconds=2),
        database_until=NOON - timedelta(seconds=4.5),
    )
    behind = selectors.state(at=NOON).seconds_behind
    two_servers.S3_BUCKET = "ccd"
    Standby.objects.update(files_until=None)

    assert behind == 4.5
    assert selectors.state(at=NOON).seconds_behind == 4.5  # both have the same bucket


def test_before_the_first_copy_nobody_knows_how_old_it_is(two_servers):
    Standby.objects.create(pk=1, database_until=NOON)

    assert selectors.state(at=NOON).seconds_behind is None


def test_the_command_says_and_changes_who_serves(two_servers, monkeypatch):
    answers(monkeypatch, None)
    said = StringIO()
    monkeypatch.setattr(command.sys, "stdin", StringIO("2020-02-13T22:59:20+01:00\n"))

    call_command("standby", "take-over", "--server", "salle", stdout=StringIO())
    call_command("standby", "files", stdout=StringIO())
    call_command("standby", "strict", "on", stdout=StringIO())
    call_command("standby", "may-serve", "--alone", stdout=StringIO())
    call_command("standby", "state", "--json", stdout=said)

    found = json.loads(said.getvalue())
    assert (found["server"], found["epoch"], found["serving"]) == ("salle", 1, True)
    assert (found["strict"], found["configured"], found["connected"]) == (True, True, True)
    assert found["files_until"] == "2020-02-13T21:59:20+00:00"
    assert found["seconds_behind"] is None


def test_the_command_ends_with_3_if_this_server_may_not_serve(two_servers, monkeypatch):
    answers(monkeypatch, None)
    said = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("standby", "may-serve", stderr=said)

    assert ended.value.code == 3
    assert "does not answer" in said.getvalue()


def may_serve(*options: str) -> bool:
    try:
        call_command("standby", "may-serve", *options, stdout=StringIO(), stderr=StringIO())
    except SystemExit:
        return False
    return True


def start_machine_again(monkeypatch: pytest.MonkeyPatch, directory: Path) -> None:
    other = directory / "boot_id"
    other.write_text("of the next start\n")
    monkeypatch.setattr(boots, "BOOT_ID", other)


@pytest.mark.parametrize("allowed_by", ["take-over", "somebody", "the other server"])
def test_a_server_goes_on_without_an_answer_until_its_machine_starts_again(
    two_servers, monkeypatch, tmp_path, allowed_by
):
    Standby.objects.create(pk=1, server="salle", epoch=2)
    answers(monkeypatch, None)
    before = may_serve()
    if allowed_by == "take-over":
        call_command("standby", "take-over", "--server", "salle", stdout=StringIO())
    elif allowed_by == "somebody":
        assert may_serve("--alone")
    else:
        answers(monkeypatch, Claim("salle", 2, serving=False))
        assert may_serve()
        answers(monkeypatch, None)

    goes_on = (may_serve(), services.start_refusal())
    start_machine_again(monkeypatch, tmp_path)

    assert (before, goes_on) == (False, (True, ""))
    assert may_serve() is False
    assert "does not answer" in services.start_refusal()


def test_a_server_that_is_put_in_charge_of_another_one_gets_no_permission_itself(
    two_servers, monkeypatch
):
    call_command("standby", "take-over", "--server", "portable", stdout=StringIO())

    assert not boots.is_noted()


@pytest.mark.parametrize(
    "other", [Claim("portable", 3, serving=True), Claim("portable", 2, serving=True)]
)
def test_a_server_that_goes_on_still_ends_if_the_other_one_serves(two_servers, monkeypatch, other):
    Standby.objects.create(pk=1, server="salle", epoch=2)
    boots.note()
    answers(monkeypatch, other)

    assert may_serve() is False


def test_a_permission_that_cannot_be_written_is_asked_for_again(two_servers, monkeypatch, tmp_path):
    two_servers.DATA_DIR = tmp_path / "missing"
    answers(monkeypatch, None)

    assert may_serve("--alone") is True
    assert may_serve() is False


@pytest.mark.database
def test_a_new_database_may_be_migrated_unless_the_other_server_serves(two_servers, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE standby_standby RENAME TO not_yet")

    answers(monkeypatch, Claim("portable", 1, serving=True))
    beside_another = may_serve()
    answers(monkeypatch, None)

    assert (beside_another, may_serve()) == (False, True)


def test_the_command_says_what_a_superuser_must_run(two_servers, monkeypatch):
    connected(monkeypatch, False)

    with pytest.raises(CommandError, match="ALTER SYSTEM SET synchronous_standby_names"):
        call_command("standby", "strict", "on")


def test_an_instant_without_a_zone_is_refused(two_servers):
    with pytest.raises(CommandError):
        call_command("standby", "files", "--until", "2020-02-13T22:59:20")
