"""What a member chooses and the captain writes, on the page of the team."""

from datetime import timedelta

import pytest
import time_machine

from hackathon.extras.gallery import services
from hackathon.extras.gallery.errors import GalleryRefusal
from hackathon.extras.gallery.models import ProjectSentence
from teams.enums import Circle, ReceiptMails
from teams.errors import TeamRefusal
from teams.services import organizing
from tests.conftest import DEADLINE, NOON, make_team
from tests.extras.gallery.conftest import publish
from tests.judging.conftest import MORNING, text_of
from tests.refusals import refuses
from tests.submissions.conftest import deposit
from tests.teams.works import choose

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOON, tick=False)]


def test_a_member_chooses_and_changes_the_choice(comunik, dossier, ada, ben, client_of):
    browser = client_of(ada)

    without_work = text_of(browser.get("/equipe/"))
    deposit(dossier, comunik, ada)
    before = text_of(browser.get("/equipe/"))
    browser.post("/galerie/mon-choix/", {"circle": "3"})
    one = text_of(browser.get("/equipe/"))
    choose(ben, Circle.EDITION)
    both = text_of(browser.get("/galerie/ma-carte/"))
    browser.post("/galerie/mon-choix/", {"circle": "1"})
    none = text_of(browser.get("/galerie/ma-carte/"))

    assert "Qui peut voir vos travaux" not in without_work
    assert "2 membres sur 2 n’ont pas encore répondu" in before
    assert "1 membre sur 2 n’a pas encore répondu" in one
    assert "vos travaux seront montrés aux participants" in both
    assert "il faudrait l’accord de tous" in none
    membership = ada.memberships.get()
    assert membership.shows_works_to == Circle.NOBODY
    assert membership.receipt_mails == ReceiptMails.DIGEST


@pytest.mark.parametrize("circle", ["", "0", "4", "all"])
def test_an_answer_that_is_none_changes_nothing(circle, comunik, ada, client_of):
    answer = client_of(ada).post("/galerie/mon-choix/", {"circle": circle}, follow=True)

    assert "Choisissez une des réponses." in text_of(answer)
    assert ada.memberships.get().shows_works_to == Circle.UNANSWERED


def test_nobody_reads_who_has_not_agreed(comunik, ada, ben, client_of):
    choose(ada, Circle.EDITION)

    assert ben.name not in text_of(client_of(ada).get("/galerie/ma-carte/"))


def test_a_choice_was_for_the_former_team(comunik, ben, infocom, eve):
    choose(ben, Circle.EVERYBODY)
    other = make_team(infocom, "Les Five")

    organizing.move_members([ben.memberships.get()], other, by=eve, at=NOON)

    assert ben.memberships.get().shows_works_to == Circle.UNANSWERED


def test_the_captain_writes_the_sentence_until_the_results(edition, comunik, ada, ben, client_of):
    browser = client_of(ada)

    answer = browser.post("/galerie/phrase/", {"text": "  Un marché   de quartier. "})
    with refuses(TeamRefusal.NOT_CAPTAIN):
        services.write_sentence(comunik, "Autre", by=ben, at=DEADLINE)
    publish(edition)
    with refuses(GalleryRefusal.SENTENCE_FIXED):
        services.write_sentence(comunik, "Autre", by=ada, at=MORNING + timedelta(minutes=1))

    with time_machine.travel(MORNING + timedelta(minutes=1), tick=False):
        page = client_of(ada).get("/galerie/phrase/").content.decode()

    assert answer.status_code == 302
    assert ProjectSentence.objects.get().text == "Un marché de quartier."
    assert "la phrase de l’équipe ne change plus" in page
    assert 'name="text"' not in page


def test_an_empty_sentence_is_none(comunik, ada):
    services.write_sentence(comunik, "Un marché.", by=ada, at=NOON)
    services.write_sentence(comunik, " ", by=ada, at=NOON)

    assert not ProjectSentence.objects.exists()


def test_a_consent_is_withdrawn_on_the_page_of_consents(comunik, shown, ada, client_of):
    browser, pk = client_of(ada), ada.memberships.get().pk

    before = text_of(browser.get("/compte/accords/"))
    browser.post(f"/compte/accords/travaux/{pk}/retirer/")

    assert "Les travaux de votre équipe peuvent être montrés" in before
    assert "tout le monde" in before
    assert ada.memberships.get().shows_works_to == Circle.NOBODY
    assert "travaux" not in text_of(browser.get("/compte/accords/"))
