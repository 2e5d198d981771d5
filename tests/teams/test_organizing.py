from collections.abc import Callable
from typing import Any

import pytest

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from hackathon.day.questions.models import Question
from hackathon.event.editions.models import Edition
from judging.models import Recusal
from submissions.models import Submission
from teams.enums import HelpKind, HelpState
from teams.errors import TeamRefusal
from teams.models import HelpRequest, Membership, Student, Team
from teams.services import organizing
from tests.conftest import DEADLINE, NOON, make_team
from tests.database import empty_journal
from tests.refusals import refuses
from tests.teams.conftest import EVENING, place_of, published


@pytest.fixture(autouse=True)
def large_teams(edition) -> None:
    Edition.objects.update(team_size_max=5)
    edition.refresh_from_db()


@pytest.fixture
def five(infocom, fay) -> Team:
    return make_team(infocom, "Les Five", fay, room="208", floor=2)


def names(team: Team) -> list[tuple[str, bool]]:
    """The members by name, and who is captain."""
    found = team.memberships.select_related("user")
    return sorted((member.user.name, member.is_captain) for member in found)


def entry() -> tuple[str, dict[str, Any]]:
    """The only entry of the journal."""
    found = JournalEntry.objects.get()
    return found.act, found.detail


def test_people_are_added_by_address_with_or_without_account(comunik, fay, eve, infocom):
    added = organizing.add_people(
        comunik, ["fay@example.org", "zoe@example.org"], by=eve, at=EVENING
    )

    zoe = User.objects.get(email="zoe@example.org")
    assert added == [fay, zoe]
    assert {m.user for m in comunik.memberships.all()} >= {fay, zoe}
    assert (zoe.has_usable_password(), zoe.last_login) == (False, None)
    assert Student.objects.get(user=zoe).department == infocom
    assert entry() == ("membership.added", {"team": comunik.pk, "users": [fay.pk, zoe.pk]})
    assert published() == {
        (f"team:{comunik.pk}", "membership.changed"),
        ("organizers", "membership.changed"),
    }


def test_nobody_is_added_if_one_is_in_another_team(comunik, pixels, cleo, eve):
    with refuses(TeamRefusal.ALREADY_IN_TEAM):
        organizing.add_people(comunik, ["zoe@example.org", cleo.email], by=eve, at=NOON)

    assert not User.objects.filter(email="zoe@example.org").exists()
    assert comunik.memberships.count() == 2


def test_a_captain_who_is_moved_is_no_longer_captain(comunik, pixels, ada, eve):
    organizing.move_members([place_of(ada)], pixels, by=eve, at=NOON)

    assert names(comunik) == [("Ben", True)]
    assert names(pixels) == [("Ada", False), ("Cleo", True)]
    assert entry()[1]["before"] == ["Com’unik"]
    assert published() == {
        (audience, "membership.changed")
        for audience in (f"team:{comunik.pk}", f"team:{pixels.pk}", "organizers")
    }


def test_a_team_whose_last_member_is_moved_keeps_its_deposits(world, five, ada, ben, eve, comunik):
    before = list(Submission.objects.values_list("pk", "team"))

    organizing.move_members([place_of(ada), place_of(ben)], five, by=eve, at=NOON)

    assert names(comunik) == []
    assert list(Submission.objects.values_list("pk", "team")) == before != []


def test_a_merged_team_brings_its_members_calls_questions_notes_and_recusals(
    comunik, five, fay, eve, dan, infocom
):
    organizing.write_note(five, "Vue à 21:10", by=eve, at=NOON)
    HelpRequest.objects.create(
        team=five,
        kind=HelpKind.TEACHER,
        state=HelpState.WITHDRAWN,
        requested_at=NOON,
        requested_by=fay,
        closed_at=NOON,
    )
    Question.objects.create(
        department=infocom,
        team_pk=five.pk,
        team_label=five.name,
        asked_by=fay,
        asked_at=NOON,
        to="client",
        body="Un logo ?",
    )
    Recusal.objects.create(juror=dan, team=five, reason="Sa fille", made_at=NOON, made_by=eve)
    empty_journal()
    gone = five.pk

    organizing.merge(five, comunik, by=eve, at=NOON)

    assert names(comunik) == [("Ada", True), ("Ben", False), ("Fay", False)]
    assert not Team.objects.filter(pk=gone).exists()
    assert [note.text for note in comunik.notes.all()] == ["Vue à 21:10"]
    assert comunik.help_requests.count() == 1
    assert Question.objects.get().team_pk == comunik.pk
    assert list(Recusal.objects.values_list("juror", "team")) == [(dan.pk, comunik.pk)]
    assert entry() == (
        "team.merged",
        {"team": comunik.pk, "name": "Les Five", "gone": gone, "users": [fay.pk]},
    )
    assert ("everyone", "team.dissolved") in published()


def test_a_split_makes_a_team_in_the_same_place(comunik, ben, eve):
    new = organizing.split(comunik, [place_of(ben)], " Les  Deux ", by=eve, at=NOON)

    assert (new.name, new.room, new.department) == ("Les Deux", "214", comunik.department)
    assert names(new) == [("Ben", True)]
    assert names(comunik) == [("Ada", True)]
    assert entry()[0] == "team.split"
    assert ("everyone", "team.registered") in published()


def test_teams_are_relocated_in_one_act(comunik, five, edition, info, eve):
    changed = organizing.relocate(
        edition, [comunik, five], department=info, floor=4, by=eve, at=NOON
    )
    again = organizing.relocate(edition, [comunik, five], department=info, by=eve, at=NOON)

    assert (changed, again) == (2, 0)
    rows = Team.objects.values_list("department", "room", "floor")
    assert set(rows) == {(info.pk, "214", 4), (info.pk, "208", 4)}
    act, detail = entry()
    assert (act, detail["names"]) == ("teams.relocated", ["Com’unik", "Les Five"])


def test_none_is_relocated_if_one_has_handed_in(world, five, edition, info, eve, comunik):
    with refuses(TeamRefusal.CALL_OPEN):
        organizing.relocate(edition, [five, comunik], department=info, by=eve, at=NOON)

    # The open call of `world` is refused first: without it the deposits are.
    HelpRequest.objects.all().delete()
    with refuses(TeamRefusal.DEPOSITS_STAY):
        organizing.relocate(edition, [five, comunik], department=info, by=eve, at=NOON)
    assert not Team.objects.filter(pk=five.pk, department=info).exists()


def test_absent_is_a_state_with_an_instant_and_a_name(comunik, edition, eve):
    first = organizing.set_presence(edition, [comunik], absent=True, by=eve, at=NOON)
    twice = organizing.set_presence(edition, [comunik], absent=True, by=eve, at=EVENING)

    comunik.refresh_from_db()
    assert (first, twice) == ([comunik], [])
    assert (comunik.absent_at, comunik.absent_by) == (NOON, eve)
    department = comunik.department_id
    assert published() == {  # nothing for the public
        ("organizers", "team.updated"),
        ("organizers", "jury.changed"),
        (f"jury:{department}", "jury.changed"),
    }
    organizing.set_presence(edition, [comunik], absent=False, by=eve, at=NOON)
    comunik.refresh_from_db()
    assert (comunik.absent_at, comunik.absent_by) == (None, None)
    acts = JournalEntry.objects.order_by("id").values_list("act", flat=True)
    assert list(acts) == ["teams.absent", "teams.present"]


def test_who_goes_there_until_a_note_is_written(comunik, eve):
    organizing.set_visitor(comunik, going=True, by=eve, at=NOON)
    comunik.refresh_from_db()
    going = comunik.visitor

    note = organizing.write_note(comunik, "Pas  d’ordinateur", by=eve, at=NOON)

    comunik.refresh_from_db()
    assert (going, comunik.visitor) == (eve, None)
    assert (note.text, note.written_by) == ("Pas d’ordinateur", eve)
    assert "ordinateur" not in str(list(JournalEntry.objects.values_list("detail", flat=True)))
    organizing.delete_note(note, by=eve, at=NOON)
    assert not comunik.notes.exists()


ACTS: dict[str, Callable[[Team, Team, User], Any]] = {
    "add": lambda team, other, by: organizing.add_people(team, ["x@y.fr"], by=by, at=NOON),
    "move": lambda team, other, by: organizing.move_members(
        list(team.memberships.all()), other, by=by, at=NOON
    ),
    "merge": lambda team, other, by: organizing.merge(team, other, by=by, at=NOON),
    "split": lambda team, other, by: organizing.split(
        team, list(team.memberships.all())[:1], "Neuf", by=by, at=NOON
    ),
    "relocate": lambda team, other, by: organizing.relocate(
        team.edition, [team], room="9", by=by, at=NOON
    ),
    "absence": lambda team, other, by: organizing.set_presence(
        team.edition, [team], absent=True, by=by, at=NOON
    ),
    "absent members": lambda team, other, by: organizing.note_absent_members(
        team, [], by=by, at=NOON
    ),
    "visit": lambda team, other, by: organizing.set_visitor(team, going=True, by=by, at=NOON),
    "hide": lambda team, other, by: organizing.hide_works(team, because="Non", by=by, at=NOON),
    "note": lambda team, other, by: organizing.write_note(team, "Vue", by=by, at=NOON),
}


@pytest.mark.parametrize("act", ACTS)
def test_only_organizers_act(act, comunik, pixels, ada):
    members = Membership.objects.count()

    with refuses(TeamRefusal.NOT_ORGANIZER):
        ACTS[act](comunik, pixels, ada)

    assert Membership.objects.count() == members
    assert not JournalEntry.objects.exists()


def test_a_team_of_another_edition_is_gone(comunik, edition, eve):
    other = Edition.objects.create(
        slug="ccd-2021",
        name="CCD 2021",
        registration_opens_at=NOON,
        registration_closes_at=NOON,
        starts_at=NOON,
        deadline_at=DEADLINE,
        judging_opens_at=DEADLINE,
    )
    other.organizers.add(eve)

    with refuses(TeamRefusal.TEAM_GONE):
        organizing.set_presence(other, [comunik], absent=True, by=eve, at=NOON)
