"""What a list of ten thousand rows may cost: nothing grows by the square of its length."""

import re

import pytest
from django.db.models import Model

from hackathon.event.editions.models import Edition
from hackathon.event.imports import cells, services
from hackathon.event.imports.enums import ImportKind
from hackathon.event.imports.people import NAMESAKES_MAX
from hackathon.event.imports.plan import Plan
from hackathon.event.imports.reading import Table
from hackathon.event.imports.selectors import Options
from tests.conftest import NOON

LONG = 500_000  # by the square, this takes hours


def plan_of(edition: Edition, kind: ImportKind, rows: list[list[str]]) -> Plan:
    return services.preview(edition, kind, Table(rows), Options(), at=NOON)


@pytest.mark.parametrize(
    ("kind", "titles", "jury"),
    [
        (ImportKind.STUDENTS, ["nom", "mail"], []),
        (ImportKind.JURORS, ["nom", "mail", "jury"], ["INFO"]),
    ],
)
def test_a_person_is_compared_with_few_namesakes(edition, info, kind, titles, jury):
    rows = [["Zoé Durand", f"a{number}@x.fr", *jury] for number in range(40)]

    plan = plan_of(edition, kind, [titles, *rows])

    first = sum(range(NAMESAKES_MAX))
    compared = sum(len(question.others) for question in plan.questions)
    assert compared == first + NAMESAKES_MAX * (40 - NAMESAKES_MAX)


def test_members_of_a_large_team_are_not_compared_with_each_other(edition, info, monkeypatch):
    compared = []
    equal = Model.__eq__

    def counted(one: Model, other: object) -> bool:
        compared.append(one)
        return equal(one, other)

    monkeypatch.setattr(Model, "__eq__", counted)
    members = ",".join(f"a{number}@x.fr" for number in range(200))

    plan = plan_of(
        edition, ImportKind.TEAMS, [["équipe", "département", "membres"], ["X", "INFO", members]]
    )

    assert [problem.refusal.code for problem in plan.problems] == ["team_full"]
    assert len(compared) < 200


@pytest.mark.parametrize(
    "cell", ["a" * LONG, " " * LONG + "b", "," * LONG + "b", "<" * LONG, "(" * LONG, ", " * LONG]
)
def test_a_long_cell_is_read_once(cell):
    assert cells.person(f"a{cell}")[0] == ""
    assert len(cells.people(f"a@x.fr {cell} b@x.fr")) in (1, 2)


@pytest.mark.parametrize("cell", ["a" + " " * LONG + "b", "a@" + " " * LONG + "b"])
def test_a_long_address_is_refused(cell):
    with pytest.raises(cells.Wrong):
        cells.email(cell)


@pytest.mark.parametrize(
    "text", ["a @ x . fr", "a@x.fr", "a  @x.fr ", "A. B@x .fr", " @ x", "a .@. b", "a\n@\tx"]
)
def test_spaces_around_signs_of_an_address_are_removed_as_by_one_pattern(text):
    assert cells.without_gaps(text) == re.sub(r"\s*([@.])\s*", r"\1", text)
