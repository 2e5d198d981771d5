"""One tap, and who the visitors are."""

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from hackathon.extras.public_demo import periodic
from hackathon.extras.public_demo.models import PublicDemo
from teams.models import Student
from tests.conftest import NOON, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def enter(role, browser=None):
    browser = browser or Client()
    browser.answer = browser.post("/demonstration/entrer/", {"role": role})
    return browser


def person(browser):
    return User.objects.filter(pk=browser.session.get("_auth_user_id")).first()


def test_without_the_setting_nothing_of_it_exists(client, edition, django_assert_num_queries):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get("/")

    assert "Démonstration" not in page.content.decode()
    assert "X-Robots-Tag" not in page
    assert not [each for each in queries if "public_demo" in each["sql"]]
    assert client.get("/demonstration/").status_code == 404
    assert client.post("/demonstration/entrer/", {"role": "organizer"}).status_code == 404
    assert client.post("/demonstration/remise-a-zero/", {"moment": "running"}).status_code == 404
    with django_assert_num_queries(0):
        periodic.reset_if_due()


def test_each_page_says_so_and_no_search_engine_keeps_it(client, shown):
    for address in (
        "/",
        "/demonstration/",
        "/demonstration/remise-a-zero/",
        "/regles/",
        "/nulle-part/",
    ):
        page = client.get(address)
        assert "tout est effacé à 4:00" in page.content.decode(), address
        assert page["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("student", "/rendu/"),
        ("organizer", "/pilotage/"),
        ("juror", "/jury/"),
        ("president", "/jury/"),
        ("helper", "/appels/"),
    ],
)
def test_one_tap_signs_in_for_each_role(role, page, shown, comunik, dossier, criteria, dan, diane):
    shown_edition = Edition.objects.get()
    shown_edition.duties.create(user=make_user("tess@example.org"), kind="technical")
    assert f'value="{role}"' in Client().get("/").content.decode()

    visitor = enter(role)

    assert visitor.answer["Location"] == "/accueil/"
    assert visitor.get("/accueil/", follow=True).request["PATH_INFO"] == page


def test_who_wants_to_mark_is_led_to_the_night_of_the_juries(client, shown):
    assert "rien à noter" in client.get("/demonstration/").content.decode()

    PublicDemo.objects.update(moment="judging")

    assert "rien à noter" not in client.get("/demonstration/").content.decode()


def test_two_visitors_are_two_people_and_both_stay_signed_in(shown, comunik, pixels):
    first, second = enter("student"), enter("student")

    assert {person(first), person(second)} == {
        User.objects.get(name="Ada"),
        User.objects.get(name="Cleo"),
    }
    second.post("/compte/deconnexion/")
    assert person(second) is None
    assert first.get("/equipe/").status_code == 200


def test_the_next_student_is_of_the_team_that_waited_longest(shown, comunik, infocom, pixels):
    make_team(infocom, "Trois", make_user("dora@example.org", "Dora"))
    names = [person(enter("student")).name for _visitor in range(4)]

    assert names[:3] == ["Ada", "Cleo", "Dora"]


def test_who_changes_the_role_comes_back_as_the_same_person(shown, comunik, pixels):
    visitor = enter("organizer")
    first = person(visitor)
    enter("student", visitor)
    assert person(visitor).name == "Ada"

    enter("organizer", visitor)

    assert person(visitor) == first
    assert person(enter("organizer")) != first


def test_a_visitor_imports_a_list_into_an_edition_that_no_other_visitor_sees(shown, edition):
    maker, other = enter("organizer"), enter("organizer")
    typed = {"name": "Essai", "slug": "essai", "day": "2020-03-12", "timezone": "Europe/Paris"}
    index = "/organisation/editions/essai/importer/"

    maker.post("/organisation/editions/nouvelle/", {**typed, "options": "all"})
    assert "N’importez pas de vraies personnes" in maker.get(index).content.decode()
    pasted = "Nom;Prénom;Mail\nMartin;Zoé;zoe@exemple.fr\n"
    preview = maker.post(index, {"kind": "students", "pasted": pasted})["Location"]
    form = maker.get(preview).context["form"]
    values = {form.add_prefix(name): form[name].value() or "" for name in form.fields}
    maker.post(preview, {**values, "apply": ""})

    assert Student.objects.get(edition__slug="essai").user.email == "zoe@exemple.fr"
    assert other.get(index).status_code == 404
    assert Edition.objects.get(is_current=True) == edition


def test_after_two_hundred_organizers_they_share_accounts(shown, edition, monkeypatch):
    monkeypatch.setattr("hackathon.extras.public_demo.services.ORGANIZERS", 1)
    enter("organizer")

    shared = enter("organizer")

    assert shared.answer["Location"] == "/accueil/"
    assert User.objects.filter(email__startswith="visite-").count() == 1


def test_a_role_that_nobody_has_any_more_leads_to_the_reset(shown):
    assert enter("juror").answer["Location"] == "/demonstration/remise-a-zero/"
    assert enter("admin").answer.status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/compte/",
        "/compte/mot-de-passe/",
        "/compte/mot-de-passe/choisir/",
        "/compte/mot-de-passe/oublie/",
        "/compte/nom/",
        "/compte/adresse/",
        "/compte/telephone/",
        "/compte/jetons/",
        "/compte/double/application/",
        "/compte/double/cles/ajouter/",
        "/compte/sessions/fermer/",
        "/compte/autre-appareil/",
        "/compte/notifications/marche/",
        "/compte/supprimer/",
        "/compte/effacement/demander/",
        "/organisation/mentions-legales/",
        "/organisation/editions/ccd-2020/etat/",
        "/organisation/editions/ccd-2020/repetition/",
    ],
)
def test_an_account_and_what_the_site_shows_are_not_changed(address, shown, edition):
    Edition.objects.update(slug="ccd-2020")
    visitor = enter("organizer")
    before = User.objects.values().get(pk=person(visitor).pk)
    typed = {"do": "hide", "typed": edition.name, "name": "Toto", "email": "a@b.fr"}
    secret = {"password": "long-enough-2026", "password1": "long-enough-2026"}

    answer = visitor.post(address, {**typed, **secret, "password2": "long-enough-2026"})

    assert answer["Location"] == "/demonstration/"
    assert "cela ne se change pas" in visitor.get("/demonstration/").content.decode()
    assert User.objects.values().get(pk=person(visitor).pk) == before
    assert Edition.objects.get().is_current


def test_superusers_and_passwords_are_no_way_in(shown, root):
    browser = Client()

    for address in ("/admin/", "/admin/login/", "/installation/"):
        assert browser.get(address).status_code == 404
    for address in ("/compte/connexion/", "/compte/connexion/code/"):
        typed = {"login": root.email, "password": "secret-of-tests"}
        assert browser.post(address, typed)["Location"] == "/demonstration/"
    assert "Choisissez qui vous êtes" in browser.get("/demonstration/").content.decode()
    assert person(browser) is None
    cache.clear()
