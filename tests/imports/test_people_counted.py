"""The people who stand in a file are in the plan or named as left out, whatever the list looks like
and as whatever it is read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from hackathon.event.imports import services, summary
from hackathon.event.imports.enums import ImportKind
from hackathon.event.imports.plan import Plan
from hackathon.event.imports.reading import Table
from hackathon.event.imports.selectors import Options
from tests.conftest import NOON
from tests.imports.conftest import examples

KINDS = st.sampled_from([ImportKind.STUDENTS, ImportKind.TEAMS, ImportKind.JURORS])
# The fourth person is « Zoé Nomqd » with the address p4@x.fr.
TOKEN = re.compile(r"p(\d+)\b|nomq([a-z])", re.IGNORECASE)
DEPARTMENT = st.sampled_from(["INFO", "INFOCOM", "Informatique", "MMI", ""])
OTHER_COLUMNS = ["Groupe", "Capacité", "Remarques", "Salle", "Horodateur", "Téléphone", "Qualité"]
OTHER_CELL = st.sampled_from(["TD1", "2", "oui", "Présidente", "membre", "client", "très bien", ""])


@dataclass
class Written:
    """A table, and the numbers of the people in it."""

    rows: list[list[str]] = field(default_factory=list)
    people: set[int] = field(default_factory=set)

    def person(self, draw: st.DrawFn) -> int:
        number = len(self.people) + 1
        self.people.add(number)
        return number


def name_of(draw: st.DrawFn, number: int) -> str:
    forms = ("Zoé {}", "{} Zoé", "{}", "Élo?se {}", "Mme {} Zoé")
    return draw(st.sampled_from(forms)).format(family_name(number))


def family_name(number: int) -> str:
    """Without a digit, which no name has."""
    return f"Nomq{ascii_lowercase[number - 1]}"


def address_of(draw: st.DrawFn, number: int) -> str:
    forms = ("p{n}@x.fr", "p{n}@x.fr", "P{n}@X.FR ", "mailto:p{n}@x.fr", "p{n}@", "p{n} @x.fr")
    return draw(st.sampled_from(forms)).format(n=number)


def with_name(draw: st.DrawFn, number: int) -> str:
    form = draw(st.sampled_from(["{name} <p{n}@x.fr>", "p{n}@x.fr ({name})", "{name} p{n}@x.fr"]))
    return form.format(name=f"{family_name(number)} Zoé", n=number)


@st.composite
def by_person(draw: st.DrawFn) -> Written:
    """A row for each person, perhaps with a friend in another column."""
    written = Written()
    friend = draw(st.sampled_from(["", "", "Mail 2", "Voisin", "Mail du capitaine", "Adresse 2"]))
    # « Contact » is a column of addresses only if no other one is.
    own = ["Mail", "Adresse e-mail", "Courriel universitaire", *([] if friend else ["Contact"])]
    mail = draw(st.sampled_from(own))
    name = draw(st.sampled_from(["Nom complet", "Étudiant", "Nom et prénom", "Juré"]))
    titles = [name, mail, *([friend] if friend else []), "Département"]
    if draw(st.booleans()):
        titles.append("Équipe")
    others = draw(st.lists(st.sampled_from(OTHER_COLUMNS), max_size=2, unique=True))
    written.rows.append([*titles, *others])
    for _row in range(draw(st.integers(1, 5))):
        number = written.person(draw)
        cells = dict.fromkeys(titles, "")
        cells[name] = name_of(draw, number)
        cells[mail] = address_of(draw, number) if draw(st.integers(0, 5)) else ""
        if friend and cells[mail] and draw(st.booleans()):
            cells[friend] = f"p{written.person(draw)}@x.fr"
        cells["Département"] = draw(DEPARTMENT)
        cells["Équipe"] = draw(st.sampled_from(["Les Élans", "Bocal", ""]))
        written.rows.append(
            [*(cells[title] for title in titles), *(draw(OTHER_CELL) for _ in others)]
        )
    return written


@st.composite
def by_team(draw: st.DrawFn) -> Written:
    """A row for each team, as an online form gives it."""
    written = Written()
    forms = ("{what} du membre {n}", "{what} membre n° {n}", "{what} {n}", "{what} du {n}e membre")
    form = draw(st.sampled_from([*forms, "Membre {n}", "Membre {n} (facultatif)"]))
    both = draw(st.booleans()) and "{what}" in form
    count = draw(st.integers(2, 4))
    whats = ("Mail", "Nom") if both else ("Mail",)
    members = [form.format(what=what, n=n) for n in range(1, count + 1) for what in whats]
    written.rows.append(
        [draw(st.sampled_from(["Équipe", "Nom de votre équipe"])), "Dept", *members]
    )
    for row in range(draw(st.integers(1, 3))):
        cells = [f"Équipe {'ABC'[row]}", draw(DEPARTMENT)]
        for place in range(count):
            number = written.person(draw) if place == 0 or draw(st.booleans()) else 0
            if both:
                cells += [address_of(draw, number), name_of(draw, number)] if number else ["", ""]
            elif number:
                cells.append(draw(st.sampled_from([f"p{number}@x.fr", with_name(draw, number)])))
            else:
                cells.append("")
        written.rows.append(cells)
    return written


@st.composite
def by_cell(draw: st.DrawFn) -> Written:
    """All members of a team in one cell."""
    written = Written(rows=[["Équipe", "Département", "Membres"]])
    separator = draw(st.sampled_from([", ", "; ", "\n"]))
    for row in range(draw(st.integers(1, 3))):
        numbers = [written.person(draw) for _member in range(draw(st.integers(1, 4)))]
        members = separator.join(with_name(draw, number) for number in numbers)
        written.rows.append([f"Équipe {'ABC'[row]}", draw(DEPARTMENT), members])
    return written


@st.composite
def lists(draw: st.DrawFn) -> tuple[Written, Table]:
    written = draw(st.one_of(by_person(), by_team(), by_cell()))
    rows = written.rows
    if draw(st.booleans()):
        rows.append(["Total", str(len(rows) - 1)])
    if draw(st.booleans()):
        rows.insert(1, list(rows[0]))
    if draw(st.booleans()):
        rows.insert(0, ["IUT de Nancy", f"écrire à p{written.person(draw)}@x.fr"])
    others: dict[str, list[list[str]]] = {}
    if draw(st.booleans()):
        others["TD2"] = [["Mail"], [f"p{written.person(draw)}@x.fr"]]
    table = [[cell.strip() for cell in row] for row in rows]
    return written, Table(table, others=others)


def numbers_in(texts: Sequence[str]) -> set[int]:
    found = (match for text in texts for match in TOKEN.findall(text.lower()))
    return {int(digits or ascii_lowercase.index(letter) + 1) for digits, letter in found}


def in_plan(plan: Plan) -> set[int]:
    wrong = plan.wrong
    people = [*plan.rows_of_address.items(), *plan.rows_of_name.items()]
    return numbers_in([text for text, rows in people if not rows <= wrong])


def left_out(plan: Plan) -> set[int]:
    return numbers_in([one.person for one in plan.left_out])


def check(edition: Edition, kind: ImportKind, written: Written, table: Table) -> None:
    aside: dict[int, str] = {}
    while True:
        plan = services.preview(edition, kind, table, Options(aside=aside), at=NOON)
        if not plan.is_of_rows:  # a column is missing: nothing can be imported, which the page says
            assert plan.problems
            return
        assert in_plan(plan) | left_out(plan) == written.people
        assert not in_plan(plan) & left_out(plan)
        assert summary.in_file(plan) == len(written.people)
        if not plan.problems:
            break
        aside |= dict.fromkeys(plan.wrong, "wrong")
    with transaction.atomic():
        services.apply(edition, kind, table, Options(aside=aside), by=None, at=NOON)
        stored = numbers_in(list(User.objects.values_list("email", flat=True)))
        transaction.set_rollback(True)
    assert stored == in_plan(plan)


@examples(200, 3000)
@pytest.mark.usefixtures("info", "infocom")
def test_people_of_the_file_are_in_the_plan_or_named_as_left_out(count, edition):
    @settings(max_examples=count)
    @given(kind=KINDS, drawn=lists())
    def check_all(kind: ImportKind, drawn: tuple[Written, Table]) -> None:
        check(edition, kind, *drawn)

    check_all()
