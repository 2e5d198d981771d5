from datetime import timedelta
from pathlib import Path

import pytest

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from hackathon.event.imports import services, undo
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.models import Import
from judging.models import Assignment, Juror
from judging.plan import services as plans
from teams.enums import HelpKind
from teams.models import HelpRequest, Membership, Student, Team
from teams.services import membership
from tests.conftest import NOON, make_team, make_user
from tests.imports.conftest import INDEX, state, text_of, whole_database
from tests.imports.files import JURORS, PLAIN, ROOMS, SCODOC, TEAMS, Rows, as_csv, run_import

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("edition", "info", "infocom")]

LATER = NOON + timedelta(minutes=5)


def imported(kind: str, rows: Rows, folder: Path) -> Import:
    code, result = run_import(kind, as_csv(rows), folder, "--move")
    assert (code, result["errors"]) == (0, [])
    return Import.objects.first()  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("students", PLAIN),
        ("students", SCODOC),
        ("teams", TEAMS),
        ("jurors", JURORS),
        ("rooms", ROOMS[::2]),
    ],
)
def test_undo_restores_the_state_before_the_import(kind, rows, eve, infocom, tmp_path):
    jan = make_user("jan.muller@etu.example.org", "J. Müller")
    make_team(infocom, "Bocal à idées", make_user("gus@example.org", "Gus"), room="1")
    membership.join(Team.objects.get(), by=eve, at=NOON, user=jan)
    before = whole_database()

    done = imported(kind, rows, tmp_path)
    assert whole_database() != before
    services.undo_import(done, by=eve, at=LATER)

    assert whole_database() == before
    done.refresh_from_db()
    assert done.undone_at == LATER
    assert JournalEntry.objects.filter(act="import.undone", by=eve).count() == 1


def test_an_import_of_before_a_column_was_added_can_be_undone(eve, tmp_path, monkeypatch):
    """The digests of its rows have no such column."""
    digest = undo._digest
    before = whole_database()
    done = imported("students", PLAIN, tmp_path)
    monkeypatch.setattr(undo, "YOUNGER", {})
    with_all = [digest(Membership.objects.first()), digest(Student.objects.first())]  # type: ignore[arg-type]
    monkeypatch.undo()
    stored = {row[2] for row in done.record["new"]}

    services.undo_import(done, by=eve, at=LATER)

    assert not stored & set(with_all)
    assert whole_database() == before


def test_only_the_last_import_can_be_undone(eve, tmp_path):
    first = imported("teams", TEAMS, tmp_path)
    before = state()
    second = imported("rooms", ROOMS, tmp_path)

    with pytest.raises(Refused) as refused:
        services.undo_import(first, by=eve, at=LATER)
    assert refused.value.refusal.code == ImportRefusal.ACTED_ON
    services.undo_import(second, by=eve, at=LATER)
    assert state() == before
    services.undo_import(first, by=eve, at=LATER)
    assert not Team.objects.exists()


INTO_NEW_TEAM = [
    ("equipe", "nom", "mail"),
    ("Toute Neuve", "DURAND Zoé", "zoe.durand@etu.example.org"),
]
TITLES = ("equipe", "mail", "capitaine")
SECOND: dict[str, Rows] = {
    "captains change places": [
        TITLES,
        ("Les Élans", "jan.muller@etu.example.org", "oui"),
        ("Bocal à idées", "anne.le-goff@etu.example.org", "oui"),
    ],
    "a new captain": [TITLES, ("Les Élans", "new@x.fr", "oui")],
    "accounts before what refers to them": [
        ("mail", "nom", "equipe", "dept"),
        ("zoe@x.fr", "Zoé Petit", "Toute Neuve", "INFO"),
        ("other@x.fr", "Zoé Petit", "Toute Neuve", "INFO"),
        ("new@x.fr", "Luc Petit", "Toute Neuve", "INFO"),
    ],
    "somebody into a new team": INTO_NEW_TEAM,
}


@pytest.mark.parametrize("rows", SECOND.values(), ids=SECOND)
def test_a_second_list_can_be_undone(rows, eve, tmp_path):
    make_user("zoe@x.fr", "Zoé Petit")
    imported("teams", TEAMS, tmp_path)
    before = whole_database()

    done = imported("students", rows, tmp_path)
    assert whole_database() != before
    assert undo.undoing(done).also_deleted == []
    services.undo_import(done, by=eve, at=LATER)

    assert whole_database() == before


def test_a_member_of_an_imported_team_who_came_later_prevents_its_undo(eve, tmp_path):
    imported("teams", TEAMS, tmp_path)
    done = imported("students", INTO_NEW_TEAM, tmp_path)

    join(Team.objects.get(name="Toute Neuve"), eve)

    assert undo.undoing(done).refusal is not None


def sign_in(team: Team, eve: User) -> None:
    User.objects.filter(memberships__team=team).update(last_login=LATER)


def rename(team: Team, eve: User) -> None:
    User.objects.filter(memberships__team=team).update(name="X")


def call(team: Team, eve: User) -> None:
    user = team.memberships.all()[0].user
    HelpRequest.objects.create(
        team=team, kind=HelpKind.TEACHER, requested_at=LATER, requested_by=user
    )


def join(team: Team, eve: User) -> None:
    membership.join(team, by=eve, at=LATER, user=make_user("gus@example.org", "Gus"))


def leave(team: Team, eve: User) -> None:
    membership.remove(team.memberships.order_by("is_captain")[0], by=eve, at=LATER)


def act_as_organizer(team: Team, eve: User) -> None:
    team.edition.organizers.add(team.memberships.all()[0].user)


def regroup(team: Team, eve: User) -> None:
    Student.objects.filter(user__memberships__team=team).update(group="TD9")


@pytest.mark.parametrize("act", [sign_in, rename, call, join, leave, act_as_organizer, regroup])
def test_undo_is_refused_once_an_imported_row_was_changed_or_used(act, eve, tmp_path):
    done = imported("students", PLAIN, tmp_path)
    act(Team.objects.get(name="Les Élans"), eve)  # type: ignore[operator]
    before = state()

    with pytest.raises(Refused) as refused:
        services.undo_import(done, by=eve, at=LATER)

    assert refused.value.refusal.code == ImportRefusal.ACTED_ON
    assert state() == before
    done.refresh_from_db()
    assert done.undone_at is None


def test_undo_is_refused_the_second_time_and_to_others(eve, tmp_path):
    done = imported("students", PLAIN, tmp_path)

    with pytest.raises(Refused):
        services.undo_import(done, by=make_user("x@example.org"), at=LATER)
    services.undo_import(done, by=eve, at=LATER)
    with pytest.raises(Refused) as refused:
        services.undo_import(done, by=eve, at=LATER)

    assert refused.value.refusal.code == ImportRefusal.ALREADY_UNDONE


def test_a_plan_of_readings_follows_jurors_and_teams(eve, info, tmp_path):
    imported("jurors", JURORS, tmp_path)
    make_team(info, "Les Five", make_user("gus@example.org", "Gus"))
    plans.make(department=info, by=eve, at=NOON)
    read = set(Assignment.objects.values_list("juror__user__email", "team__name"))

    teams = imported("teams", TEAMS, tmp_path)
    with_elans = set(Assignment.objects.values_list("team__name", flat=True))
    services.undo_import(teams, by=eve, at=LATER)
    more = [("mail", "jury"), ("third@example.org", "INFO")]
    jurors = imported("jurors", more, tmp_path)
    services.undo_import(jurors, by=eve, at=LATER)

    assert with_elans == {"Les Five", "Les Élans"}
    assert set(Assignment.objects.values_list("juror__user__email", "team__name")) == read
    assert Juror.objects.filter(department=info).count() == 2


def test_the_page_of_an_undo_counts_the_readings_that_go_with_the_teams(
    browser, eve, info, tmp_path
):
    imported("jurors", JURORS, tmp_path)
    teams = imported("teams", TEAMS, tmp_path)
    plans.make(department=info, by=eve, at=NOON)
    readings = Assignment.objects.count()
    url = f"{INDEX}{teams.pk}/annuler/"

    asked = text_of(browser.get(url))
    done = text_of(browser.post(url, follow=True))

    assert readings == 2
    assert 'Disparaît avec : lectures prévues des jurys</dt><dd class="num">2' in asked
    assert "Disparu avec elle : lectures prévues des jurys (2)." in done
    assert not Assignment.objects.exists()


def test_what_an_import_keeps_has_no_file_and_no_names(tmp_path):
    done = imported("students", PLAIN, tmp_path)

    assert done.content is None
    assert "Zoé" not in str(done.record)
    assert "zoe" not in str(done.record)
    assert Membership.objects.count() == 3
