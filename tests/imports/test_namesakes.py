"""One person under two addresses, or two people of one name: the preview asks."""

from typing import Any

import pytest
from django.test import Client

from hackathon.accounts.models import User
from judging.models import Juror
from tests.conftest import make_user
from tests.imports.conftest import send, text_of, upload
from tests.imports.files import as_csv

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("edition", "info", "infocom")]


def namesakes(browser: Client) -> Any:
    known = upload(browser, "nom;mail\nZoé Durand;zoe@gmail.example\n".encode())
    send(browser, known, apply="")
    return upload(browser, "nom;mail\nDURAND Zoé;zoe@etu.example\n".encode())


def test_a_namesake_is_asked_about(browser: Client) -> None:
    page = namesakes(browser)
    assert "Une ou deux personnes ?" in text_of(page)

    send(browser, page, apply="")

    assert User.objects.filter(name="Zoé Durand").count() == 2


def test_one_person_with_two_addresses_stays_one(browser: Client) -> None:
    page = send(browser, namesakes(browser), question_0="same")
    assert "<s>zoe@gmail.example</s> → zoe@etu.example" in text_of(page)

    send(browser, page, apply="")

    assert User.objects.get(name="Zoé Durand").email == "zoe@etu.example"


def test_an_answer_that_changes_what_is_done_is_shown_first(browser: Client) -> None:
    page = send(browser, namesakes(browser), question_0="same", apply="")

    assert "Ce qui sera fait a changé." in text_of(page)
    assert User.objects.get(name="Zoé Durand").email == "zoe@gmail.example"


def test_questions_that_are_not_shown_are_counted(browser: Client) -> None:
    known = [["nom", "mail"], *([f"Zoé N{n}", f"{n}@gmail.example"] for n in range(103))]
    send(browser, upload(browser, as_csv(known)), apply="")
    others = [["nom", "mail"], *([f"Zoé N{n}", f"{n}@etu.example"] for n in range(103))]

    text = text_of(upload(browser, as_csv(others)))

    assert "ligne 101 : 99@etu.example" in text
    assert "ligne 102 : 100@etu.example" not in text
    assert "Et 3 autres questions, qui ne sont pas montrées ici" in text


def jurors(browser: Client, *rows: str) -> Any:
    content = "\n".join(["nom;mail;jury", *rows]).encode()
    return upload(browser, content, kind="jurors")


def seats() -> list[tuple[str, str]]:
    return sorted(Juror.objects.values_list("user__email", "department__code"))


def test_a_namesake_of_a_juror_is_asked_about(browser: Client) -> None:
    send(browser, jurors(browser, "Marie Curie;marie@gmail.example;INFO"), apply="")

    page = jurors(browser, "CURIE Marie;marie@iut.example;INFO")
    assert "Une ou deux personnes ?" in text_of(page)
    assert "ligne 2 : marie@iut.example ; l’autre adresse : marie@gmail.example" in text_of(page)
    send(browser, page, apply="")

    assert seats() == [("marie@gmail.example", "INFO"), ("marie@iut.example", "INFO")]


def test_a_juror_with_two_addresses_stays_one_and_gets_the_new_one(browser: Client) -> None:
    send(browser, jurors(browser, "Marie Curie;marie@gmail.example;INFO"), apply="")

    page = jurors(browser, "CURIE Marie;marie@iut.example;INFOCOM")
    page = send(browser, page, question_0="same")
    assert "<s>marie@gmail.example</s> → marie@iut.example" in text_of(page)
    send(browser, page, apply="")

    assert seats() == [("marie@iut.example", "INFO"), ("marie@iut.example", "INFOCOM")]
    assert User.objects.filter(name="Marie Curie").count() == 1


def test_a_juror_who_has_signed_in_keeps_the_address(browser: Client) -> None:
    send(browser, jurors(browser, "Marie Curie;marie@gmail.example;INFO"), apply="")
    Client().force_login(User.objects.get(name="Marie Curie"))

    page = jurors(browser, "CURIE Marie;marie@iut.example;INFO")
    page = send(browser, page, question_0="same")
    assert "garde son adresse marie@gmail.example" in text_of(page)
    send(browser, page, apply="")

    assert seats() == [("marie@gmail.example", "INFO")]


def test_one_file_may_have_a_juror_under_two_addresses(browser: Client) -> None:
    rows = "Marie Curie;marie@gmail.example;INFO", "Marie Curie;marie@iut.example;INFOCOM"

    page = send(browser, jurors(browser, *rows), question_0="same")
    send(browser, page, apply="")

    assert seats() == [("marie@gmail.example", "INFO"), ("marie@gmail.example", "INFOCOM")]


def test_only_jurors_of_the_edition_are_namesakes_of_jurors(browser: Client) -> None:
    make_user("marie@elsewhere.example", "Marie Curie")

    page = jurors(browser, "Marie Curie;marie@iut.example;INFO")

    assert "Une ou deux personnes ?" not in text_of(page)
