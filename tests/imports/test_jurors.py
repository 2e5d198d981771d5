import pytest
from django.core import mail

from judging.enums import JurorKind
from judging.models import Juror
from tests.conftest import make_team, make_user
from tests.imports.conftest import ZOE, counted, state
from tests.imports.files import (
    JURORS,
)

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("edition", "info", "infocom")]


def test_jurors_of_departments(run):
    code, result = run("jurors", JURORS)
    before = state()
    again = run("jurors", JURORS)

    seats = Juror.objects.values_list(
        "user__email", "user__name", "department__code", "kind", "is_president"
    )
    assert (code, counted(result), result["errors"]) == (0, (2, 2, 0, 0, 0), [])
    assert set(seats) == {
        ("marie.curie@example.org", "Marie Curie", "INFO", JurorKind.TEACHER, True),
        ("jo@epicerie.example", "Jo Épicier", "INFO", JurorKind.CLIENT, False),
        ("jo@epicerie.example", "Jo Épicier", "INFOCOM", JurorKind.CLIENT, False),
    }
    assert not Juror.objects.filter(seated_at=None).exists()
    assert counted(again[1]) == (2, 0, 0, 2, 0)
    assert state() == before
    assert mail.outbox == []


def test_a_juror_changes(run):
    run("jurors", JURORS)

    code, result = run("jurors", "mail;jury;rôle\nmarie.curie@example.org;INFO;client\n")

    assert (code, counted(result)) == (0, (1, 0, 1, 0, 0))
    assert Juror.objects.get(user__email="marie.curie@example.org").kind == JurorKind.CLIENT


def test_a_member_of_a_team_is_no_juror_of_its_department(run, info):
    make_team(info, "Élans", make_user(ZOE, "Zoé"))

    code, result = run("jurors", f"mail;jury\n{ZOE};INFO\n")

    assert (code, result["errors"][0]["code"]) == (1, "juror_in_team")


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("INFO et INFOCOM", {"INFO", "INFOCOM"}),
        ("info & infocom", {"INFO", "INFOCOM"}),
        ("INFO | Information et Communication", {"INFO", "INFOCOM"}),
        ("BUT Information et Communication", {"INFOCOM"}),
        ("Information et Communication et BUT Informatique", {"INFO", "INFOCOM"}),
        ("Tous", {"INFO", "INFOCOM"}),
        ("tous sauf INFO", {"INFOCOM"}),
    ],
)
def test_several_juries_in_one_cell(run, cell, codes):
    code, result = run("jurors", f"mail;jury\na@x.fr;{cell}\n")

    assert (code, result["errors"]) == (0, [])
    assert set(Juror.objects.values_list("department__code", flat=True)) == codes


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ("a@x.fr;INFO et MMI;\n", (2, "jury", "department_unknown")),
        ("a@x.fr;INFO, MMI;\n", (2, "jury", "department_unknown")),
        ("a@x.fr;INFO;oui\nb@x.fr;INFO;\na@x.fr;INFO;non\n", (4, "président", "conflict")),
    ],
)
def test_rows_that_would_lose_a_seat_are_refused(run, rows, error):
    code, result = run("jurors", f"mail;jury;président\n{rows}")

    assert (code, [(e["row"], e["column"], e["code"]) for e in result["errors"]]) == (1, [error])


@pytest.mark.parametrize(
    ("titles", "cells", "expected"),
    [
        ("Rôle;Qualité", "Présidente;enseignante", (JurorKind.TEACHER, True)),
        ("Rôle;Qualité", "Membre du jury;professionnel", (JurorKind.CLIENT, False)),
        ("Qualité;Fonction", "PRAG;Président du jury", (JurorKind.TEACHER, True)),
        ("Fonction;Qualité", "Présidente, enseignante;client", (JurorKind.CLIENT, True)),
        ("Rôle;Préside", "Vice-présidente;", (JurorKind.TEACHER, False)),
        ("Rôle;Préside", "Présidente;non", (JurorKind.TEACHER, True)),
    ],
)
def test_place_and_kind_of_a_juror_may_be_in_two_columns(run, titles, cells, expected):
    code, _result = run("jurors", f"mail;jury;{titles}\na@x.fr;INFO;{cells}\n")

    assert code == 0
    assert Juror.objects.values_list("kind", "is_president").get() == expected
