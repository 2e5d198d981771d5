import pytest
from django.core.exceptions import ValidationError

from hackathon.event.editions.pasted import department


@pytest.mark.parametrize(
    "line",
    [
        "GCCD Génie civil",
        "GCCD - Génie civil",
        "GCCD – Génie civil",
        "GCCD : Génie civil",
        "GCCD, Génie civil",
        "GCCD\tGénie civil",
        "GCCD;Génie civil",
        "GCCD | Génie civil",
        "Génie civil (GCCD)",
        "GCCD (Génie civil)",
        "Génie civil [GCCD]",
        "Génie civil\tGCCD",
        "Génie civil ; GCCD",
        "Génie civil - GCCD",
        "Génie civil GCCD",
        "  GCCD   Génie civil ",
    ],
)
def test_code_and_name_in_either_order(line):
    assert department(line) == ("GCCD", "Génie civil")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("gea Gestion et administration", ("gea", "Gestion et administration")),
        ("Informatique;INFO", ("INFO", "Informatique")),
        ("GEA-2 Gestion - deuxième année", ("GEA-2", "Gestion - deuxième année")),
        ("Informatique\tinfo", ("Informatique", "info")),
    ],
)
def test_which_of_the_two_is_the_code(line, expected):
    assert department(line) == expected


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Informatique", "« Informatique » : il manque le code."),
        ("Génie civil", "« Génie civil » : il manque le code."),
        ("Techniques de commercialisation", "il manque le code."),
        ("INFO", "« INFO » : il manque le nom. Écrivez par exemple « INFO Génie civil »."),
    ],
)
def test_what_is_missing_is_said(line, message):
    with pytest.raises(ValidationError) as error:
        department(line)

    assert message in error.value.messages[0].replace("\u00a0", " ")
