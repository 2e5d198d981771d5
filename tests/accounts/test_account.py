import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.urls import reverse

from hackathon.base.accounts.models import ApiToken, User
from hackathon.base.accounts.tasks import Unlogged
from hackathon.base.core.models import JournalEntry
from tests.conftest import make_user


def test_a_name_is_changed(client_of, ada):
    answer = client_of(ada).post("/compte/", {"name": "  Ada   Lovelace "})

    ada.refresh_from_db()
    assert answer.status_code == 302
    assert ada.name == "Ada Lovelace"
    assert JournalEntry.objects.get().detail == {}


def test_an_empty_name_is_refused(client_of, ada):
    answer = client_of(ada).post("/compte/", {"name": " "})

    ada.refresh_from_db()
    assert answer.status_code == 422
    assert ada.name == "Ada"


def test_a_phone_number_is_read_by_organizers_only_and_can_be_removed(
    client_of, comunik, ada, ben, eve
):
    browser, sheet = client_of(ada), reverse("control_room:sheet", args=[comunik.pk])

    wrong = browser.post("/compte/telephone/", {"phone": "chez moi"})
    browser.post("/compte/telephone/", {"phone": " 06 12 34 56 78 "})

    assert "Écrivez un numéro" in wrong.content.decode()
    page = client_of(eve).get(sheet).content.decode()
    assert 'href="tel:0612345678">06 12 34 56 78<' in page
    assert "06 12 34 56 78" in browser.get("/compte/").content.decode()
    assert "06 12 34 56 78" not in client_of(ben).get("/equipe/").content.decode()
    browser.post("/compte/telephone/", {"phone": ""})
    assert User.objects.get(pk=ada.pk).phone == ""
    without = client_of(eve).get(sheet).content.decode().partition("<footer")[0]
    assert "tel:" not in without
    entries = JournalEntry.objects.order_by("pk")
    assert [(e.act, e.detail) for e in entries] == [("phone.changed", {}), ("phone.removed", {})]


def test_a_first_password_is_chosen(client_of, db):
    fay = User.objects.create_user("fay@example.org", name="Fay")
    browser = client_of(fay)
    assert "Choisir un mot de passe" in browser.get("/compte/").content.decode()

    answer = browser.post(
        "/compte/mot-de-passe/choisir/",
        {"password1": "lampes-allumees", "password2": "lampes-allumees"},
    )

    fay.refresh_from_db()
    assert answer.headers["Location"] == "/compte/"
    assert fay.check_password("lampes-allumees")


def test_a_password_is_changed_with_the_current_one(client_of, ada):
    browser = client_of(ada)
    new = {"password1": "lampes-allumees", "password2": "lampes-allumees"}

    wrong = browser.post("/compte/mot-de-passe/", {"oldpassword": "no", **new})
    differ = browser.post(
        "/compte/mot-de-passe/", {"oldpassword": "secret-of-tests", **new, "password2": "autre"}
    )
    browser.post("/compte/mot-de-passe/", {"oldpassword": "secret-of-tests", **new})

    ada.refresh_from_db()
    assert "Ce n’est pas votre mot de passe actuel." in wrong.content.decode()
    assert "Les deux mots de passe sont différents." in differ.content.decode()
    assert ada.check_password("lampes-allumees")


@pytest.mark.parametrize(
    "guessable", ["Nancy-2026!!", "crazy.charly.day", "I.U.T. Charlemagne 54", "ada@example.org"]
)
def test_a_password_that_people_of_the_school_guess_is_refused(client_of, ada, guessable):
    new = {"password1": guessable, "password2": guessable}

    refused = client_of(ada).post(
        "/compte/mot-de-passe/", {"oldpassword": "secret-of-tests", **new}
    )

    assert refused.status_code in (200, 422)
    ada.refresh_from_db()
    assert ada.check_password("secret-of-tests")
    validate_password("Nancy, deux lapins sous la lune", ada)


def test_token_prints_a_working_token_last(client, ada, capsys):
    call_command("token", "ADA@example.org")

    token = capsys.readouterr().out.splitlines()[-1]
    answer = client.get("/api/v1/deliverables/", headers={"Authorization": f"Token {token}"})
    assert answer.status_code == 200
    assert token.startswith("ccd_")
    assert not ApiToken.objects.filter(digest=token).exists()


@pytest.mark.parametrize("email", ["nobody@example.org", "gone@example.org"])
def test_token_names_an_unknown_address(db, email):
    make_user("gone@example.org", is_active=False)

    with pytest.raises(CommandError, match=f"Aucun compte actif n’a l’adresse « {email} »"):
        call_command("token", email)


def test_texts_of_mails_are_hidden_in_log_lines():
    line = "{!r}".format(("task", Unlogged("1234-5678")))

    assert "1234" not in line


def test_the_admin_creates_an_account_without_a_password(client_of, db):
    root = User.objects.create_superuser("root@example.org", "secret-of-tests")

    answer = client_of(root).post(
        "/admin/accounts/user/add/",
        {"email": "Dan@Example.org", "name": "Dan", "usable_password": "false"},
    )

    dan = User.objects.get(name="Dan")
    assert answer.status_code == 302
    assert (dan.email, dan.has_usable_password()) == ("dan@example.org", False)


@pytest.mark.parametrize("path", ["", "add/", "{pk}/change/"])
def test_admin_pages_of_accounts(client_of, db, path):
    root = User.objects.create_superuser("root@example.org", "secret-of-tests")

    answer = client_of(root).get(f"/admin/accounts/user/{path.format(pk=root.pk)}")

    assert answer.status_code == 200
