"""One person under two addresses, or two people of one name: the preview asks."""

from typing import Any

import pytest
from django.test import Client

from hackathon.base.accounts.models import User
from judging.models import Juror
from teams.models import Student
from tests.conftest import make_user
from tests.imports.conftest import Run, places, send, state, text_of, upload
from tests.imports.files import as_csv

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("edition", "info", "infocom")]


def namesakes(browser: Client) -> Any:
    known = upload(browser, "nom;mail\nZoé Durand;zoe@gmail.example\n".encode())
    send(browser, known, apply="")
    return upload(browser, "nom;mail\nDURAND Zoé;zoe@etu.example\n".encode())


def test_a_namesake_is_asked_about(browser):
    page = namesakes(browser)
    assert "Une ou deux personnes ?" in text_of(page)

    send(browser, page, apply="")

    assert User.objects.filter(name="Zoé Durand").count() == 2


def test_one_person_with_two_addresses_stays_one(browser):
    page = send(browser, namesakes(browser), question_0="zoe@gmail.example")
    assert "<s>zoe@gmail.example</s> → zoe@etu.example" in text_of(page)

    send(browser, page, apply="")

    assert User.objects.get(name="Zoé Durand").email == "zoe@etu.example"


def test_an_answer_that_changes_what_is_done_is_shown_first(browser):
    page = send(browser, namesakes(browser), question_0="zoe@gmail.example", apply="")

    assert "Ce qui sera fait a changé." in text_of(page)
    assert User.objects.get(name="Zoé Durand").email == "zoe@gmail.example"


def test_questions_that_are_not_shown_are_counted(browser):
    known = [["nom", "mail"], *([f"Zoé N{n}", f"{n}@gmail.example"] for n in range(103))]
    send(browser, upload(browser, as_csv(known)), apply="")
    others = [["nom", "mail"], *([f"Zoé N{n}", f"{n}@etu.example"] for n in range(103))]

    text = text_of(upload(browser, as_csv(others)))

    assert "99@etu.example · ligne 101" in text
    assert "100@etu.example · ligne 102" not in text
    assert "Et 3 autres questions, qui ne sont pas montrées ici" in text


def jurors(browser: Client, *rows: str) -> Any:
    content = "\n".join(["nom;mail;jury", *rows]).encode()
    return upload(browser, content, kind="jurors")


def seats() -> list[tuple[str, str]]:
    return sorted(Juror.objects.values_list("user__email", "department__code"))


def test_a_namesake_of_a_juror_is_asked_about(browser):
    send(browser, jurors(browser, "Marie Curie;marie@gmail.example;INFO"), apply="")

    page = jurors(browser, "CURIE Marie;marie@iut.example;INFO")
    assert "Une ou deux personnes ?" in text_of(page)
    assert "Marie Curie · marie@iut.example · ligne 2" in text_of(page)
    assert 'value="marie@gmail.example"' in text_of(page)
    send(browser, page, apply="")

    assert seats() == [("marie@gmail.example", "INFO"), ("marie@iut.example", "INFO")]


def test_a_juror_with_two_addresses_stays_one_and_gets_the_new_one(browser):
    send(browser, jurors(browser, "Marie Curie;marie@gmail.example;INFO"), apply="")

    page = jurors(browser, "CURIE Marie;marie@iut.example;INFOCOM")
    page = send(browser, page, question_0="marie@gmail.example")
    assert "<s>marie@gmail.example</s> → marie@iut.example" in text_of(page)
    send(browser, page, apply="")

    assert seats() == [("marie@iut.example", "INFO"), ("marie@iut.example", "INFOCOM")]
    assert User.objects.filter(name="Marie Curie").count() == 1


def test_one_file_may_have_a_juror_under_two_addresses(browser):
    rows = "Marie Curie;marie@gmail.example;INFO", "Marie Curie;marie@iut.example;INFOCOM"

    page = send(browser, jurors(browser, *rows), question_0="marie@gmail.example")
    send(browser, page, apply="")

    assert seats() == [("marie@gmail.example", "INFO"), ("marie@gmail.example", "INFOCOM")]


def test_only_jurors_of_the_edition_are_namesakes_of_jurors(browser):
    make_user("marie@elsewhere.example", "Marie Curie")

    page = jurors(browser, "Marie Curie;marie@iut.example;INFO")

    assert "Une ou deux personnes ?" not in text_of(page)


def number_of(email: str) -> str:
    return Student.objects.get(user__email=email).number


def known_in(run: Run, *rows: str) -> None:
    code, _result = run("students", "\n".join(["nom;mail;département;groupe", *rows]))
    assert code == 0


def test_an_unknown_number_is_not_that_of_a_namesake(run):
    known_in(run, "Nour Gauthier;nour@x.fr;INFO;TD1")
    before = state()

    code, result = run(
        "students",
        "n° étudiant;nom;mail;équipe;département\n"
        "22000254;GAUTHIER Nour;;Comunik 10;INFOCOM\n22000255;Jan Müller;jan@x.fr;;INFOCOM\n",
    )

    assert (code, [(e["row"], e["code"]) for e in result["errors"]]) == (1, [(2, "name_ambiguous")])
    assert state() == before


def test_the_organizer_says_whose_number_it_is(run, browser):
    known_in(run, "Nour Gauthier;nour@x.fr;INFO;TD1")
    page = upload(browser, "numéro étudiant;nom\n22000254;GAUTHIER Nour\n".encode())
    assert "Une ou deux personnes ?" in text_of(page)
    assert "Nour Gauthier · 22000254 · ligne 2" in text_of(page)
    assert "nour@x.fr · INFO · TD1" in text_of(page)
    assert 'name="apply"' not in text_of(page)

    page = send(browser, page, question_0="nour@x.fr", refresh="")
    send(browser, page, apply="")

    assert number_of("nour@x.fr") == "22000254"


def test_a_name_is_looked_for_in_the_department_first(run):
    known_in(run, "Zoé Durand;zoe@x.fr;INFO;TD1", "Zoé Durand;other@x.fr;INFOCOM;TD1")
    text = "équipe;membres\nÉlans;Zoé Durand\n"

    code, _result = run("teams", text, "--department", "INFOCOM")
    again, _result = run("teams", text)

    assert (code, again) == (0, 0)  # by the department of the team, the second time
    assert places() == {"other@x.fr": ("Élans", True)}


def test_a_namesake_of_another_department_is_asked_about(run, browser):
    known_in(run, "Zoé Durand;zoe@x.fr;INFO;TD1")
    content = "équipe;membres;département\nComunik;Zoé Durand;INFOCOM\n".encode()

    code, result = run("teams", content)
    page = upload(browser, content, kind="teams")

    assert (code, [e["code"] for e in result["errors"]]) == (1, ["name_ambiguous"])
    assert "zoe@x.fr · INFO · TD1" in text_of(page)
    page = send(browser, page, question_0="zoe@x.fr", refresh="")
    assert "1 personne change de département" in text_of(page)
    page = send(browser, page, may_move="on", refresh="")
    send(browser, page, apply="")
    assert places() == {"zoe@x.fr": ("Comunik", True)}
