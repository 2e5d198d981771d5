import pytest

from hackathon.event.imports import cells
from hackathon.event.imports.errors import ImportRefusal
from judging.enums import JurorKind

CLIENT, TEACHER = JurorKind.CLIENT, JurorKind.TEACHER


@pytest.mark.parametrize("cell", ["zoe", "zoe@", "@x.fr", "zoe@x", "zoe durand@x.fr", "zoé@x.fr"])
def test_what_is_no_address(cell):
    with pytest.raises(cells.Wrong) as wrong:
        cells.email(cell)

    assert wrong.value.refusal.code == ImportRefusal.EMAIL_INVALID


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *[
            ("2", 2),
            ("2.0", 2),
            ("10,0", 10),
            ("2e", 2),
            ("2ème", 2),
            ("2ᵉ", 2),
            ("1er", 1),
            ("R+3", 3),
        ],
        *[("étage 3", 3), ("RDC", 0), ("Rez-de-chaussée", 0), ("-1", -1), ("sous-sol", -1)],
        *[("-1e sous-sol", -1), ("", None)],
    ],
)
def test_floors(cell, value):
    assert cells.floor(cell) == value


@pytest.mark.parametrize("cell", ["haut", "2 ou 3", "208B", "99", "-9", "2.5"])
def test_what_is_no_floor(cell):
    with pytest.raises(cells.Wrong):
        cells.floor(cell)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("DURAND Zoé", "Zoé Durand"),
        ("Zoé DURAND", "Zoé Durand"),
        ("LE GOFF Anne Marie", "Anne Marie Le Goff"),
        ("DURAND-MÜLLER Jean-Paul", "Jean-Paul Durand-Müller"),
        ("DURAND, Zoé", "Zoé Durand"),
        ("Anne de LA TOUR", "Anne de La Tour"),
        ("Zoé Durand", "Zoé Durand"),
        ("ZOÉ DURAND", "Zoé Durand"),
        ("Mme DURAND Zoé", "Zoé Durand"),
        ("M. Jean Le Goff", "Jean Le Goff"),
        ("MLLE DURAND, Zoé", "Zoé Durand"),
        ("DURAND (née MARTIN) Zoé", "Zoé Durand"),
        ("  Zoé   Durand ", "Zoé Durand"),
        ("", ""),
    ],
)
def test_a_name_in_one_cell(cell, value):
    assert cells.full_name(cell, family_first=False) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Durand Zoé", "Zoé Durand"),
        ("de la Tour Anne", "Anne de la Tour"),
        ("DURAND ZOE", "Zoe Durand"),
        ("Durand", "Durand"),
    ],
)
def test_a_name_that_begins_with_the_family(cell, value):
    assert cells.full_name(cell, family_first=True) == value


@pytest.mark.parametrize(
    ("first", "last", "value"),
    [
        ("Zoé", "DURAND", "Zoé Durand"),
        ("JEAN-PAUL", "o'brien", "Jean-Paul O'Brien"),
        ("", "X", "X"),
        ("Zoé", "Mme DURAND", "Zoé Durand"),
        ("M.", "DURAND", "M. Durand"),
    ],
)
def test_a_name_in_two_cells(first, last, value):
    assert cells.name_of(first, last) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        *[
            ("enseignant", (TEACHER, None)),
            ("Prof.", (TEACHER, None)),
            ("Maître de conférences", (TEACHER, None)),
            ("interne", (TEACHER, None)),
        ],
        *[("équipe enseignante", (TEACHER, None)), ("Juré", (None, None)), ("", (None, None))],
        ("vice-présidente", (None, None)),
        *[("Client", (CLIENT, None)), ("CLIENTE", (CLIENT, None)), ("entreprise", (CLIENT, None))],
        *[("présidente", (None, True)), ("Enseignante, présidente", (TEACHER, True))],
    ],
)
def test_kinds_of_jurors(cell, value):
    assert cells.kind(cell) == value


def test_another_kind_of_juror_is_wrong():
    with pytest.raises(cells.Wrong):
        cells.kind("dentiste")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Oui", True),
        ("x", True),
        ("1.0", True),
        ("✓", True),
        ("NON", False),
        ("0", False),
        ("", None),
    ],
)
def test_yes_and_no(cell, value):
    assert cells.yes_or_no(cell) is value


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("a@x.fr, b@x.fr", [("a@x.fr", ""), ("b@x.fr", "")]),
        ("Zoé Durand <a@x.fr>\nb@x.fr", [("a@x.fr", "Zoé Durand"), ("b@x.fr", "")]),
        ("DURAND Zoé ; LE GOFF Anne", [("", "Zoé Durand"), ("", "Anne Le Goff")]),
        ("a@x.fr b@x.fr", [("a@x.fr", ""), ("b@x.fr", "")]),
        ("a@x.fr et b@x.fr", [("a@x.fr", ""), ("b@x.fr", "")]),
        ("Zoé a@x.fr Anne <b@x.fr>", [("a@x.fr", "Zoé"), ("b@x.fr", "Anne")]),
        ("a@x.fr (Zoé) b@x.fr (Anne)", [("a@x.fr", "Zoé"), ("b@x.fr", "Anne")]),
    ],
)
def test_several_people_in_a_cell(cell, people):
    assert cells.people(cell) == people


def test_one_word_of_a_name_is_not_better():
    assert cells.is_poorer("DURAND", "Zoé Durand")
    assert not cells.is_poorer("Zoé", "Zoe")
    assert not cells.is_poorer("Zoé Durand", "Durand")
