from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client

from hackathon.base.accounts.models import ApiToken, User
from hackathon.base.core import journal
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from hackathon.base.core.typography import NO_BREAK
from hackathon.event.editions.models import Edition
from hackathon.event.people import selectors, services
from hackathon.event.people.errors import PeopleRefusal
from hackathon.run.privacy.errors import PrivacyRefusal
from hackathon.run.privacy.models import ErasureRequest
from hackathon.run.privacy.services import erasure
from submissions.audit.contents import ContentReader
from submissions.audit.seals import verify
from submissions.models import Receipt, Seal
from submissions.receipts.rules import is_genuine
from teams.models import Membership, Student
from teams.services import membership as memberships
from tests.conftest import DEADLINE, NOON
from tests.privacy.markers import Markers, in_database
from tests.refusals import refuses
from tests.tokens import make_token

pytestmark = pytest.mark.database

PAGE = "/compte/supprimer/"


def codes_of(user: User) -> list[str]:
    return [refusal.code for refusal in selectors.obstacles(user)]


def test_a_person_goes_and_what_they_handed_in_stays(world, ben, ada, client_of, comunik):
    receipt = world.objects["submission"].receipt
    memberships.pass_captaincy(comunik, comunik.memberships.get(user=ben), by=ada, at=NOON)
    Student.objects.create(edition=comunik.edition, user=ada, number="22100001")
    make_token(ada)
    browser, elsewhere = client_of(ada), client_of(ada)
    page = browser.get(PAGE).content.decode()

    unticked = browser.post(PAGE)
    answer = browser.post(PAGE, {"confirmed": "on"})

    ada.refresh_from_db()
    name = f"Compte supprimé n° {ada.pk}"
    assert name in page
    assert unticked.status_code == 422
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert "Votre compte est supprimé" in answer.content.decode()
    assert elsewhere.get("/compte/").status_code == 302
    assert (ada.is_active, ada.name, ada.has_usable_password()) == (False, "", False)
    assert "ada@" not in ada.email
    assert not Student.objects.filter(user=ada).exists()
    assert not ApiToken.objects.exists()
    # The team keeps its member, because registration is over.
    shown = client_of(ben).get("/equipe/").content.decode()
    assert name in shown
    assert "Ada" not in shown
    checked = Client().get(f"/recus/{receipt.code}/").content.decode()
    assert is_genuine(Receipt.objects.get(pk=receipt.pk))
    assert receipt.submission.sha256 in checked.replace("\N{WORD JOINER}", "")
    seals = Seal.objects.filter(edition=comunik.edition)
    assert seals
    assert not any(verify(seal, ContentReader()).findings for seal in seals)
    assert JournalEntry.objects.filter(act="user.deleted", by=ada).count() == 1


def test_the_address_is_free_again(ada):
    erasure.erase_own(ada, at=NOON)

    other = User.objects.create_user("ada@example.org")

    assert other.pk != ada.pk


def test_a_person_who_must_hand_over_first_sees_a_refusal(
    edition, comunik, dan, eve, ada, root, client_of
):
    assert codes_of(eve) == [PeopleRefusal.SOLE_ORGANIZER]
    assert codes_of(ada) == [PeopleRefusal.CAPTAIN]
    assert codes_of(dan.user) == [PeopleRefusal.JUROR]
    assert codes_of(root) == [PeopleRefusal.SOLE_ADMINISTRATOR]

    page = client_of(eve).get(PAGE).content.decode()
    refused = client_of(eve).post(PAGE, {"confirmed": "on"})

    assert 'href="/organisation/editions/ccd-2020/personnes/"' in page
    assert 'name="confirmed"' not in page
    assert refused.status_code == 422
    eve.refresh_from_db()
    assert eve.is_active
    with pytest.raises(Refused):
        erasure.erase_own(ada, at=NOON)


def test_after_handing_over_they_may_go(edition, comunik, dan, eve, ada, ben, loner):
    edition.organizers.add(loner)
    comunik.memberships.filter(user=ada).update(is_captain=False)
    comunik.memberships.filter(user=ben).update(is_captain=True)
    Edition.objects.update(results_published_at=DEADLINE)

    for user in (eve, ada, dan.user):
        erasure.erase_own(user, at=DEADLINE)

    assert list(edition.organizers.all()) == [loner]
    dan.refresh_from_db()
    assert str(dan.user) == f"Compte supprimé n° {dan.user_id}"


def test_while_teams_change_the_person_leaves_theirs(edition, comunik, ben):
    at = edition.registration_opens_at

    erasure.erase_own(ben, at=at)

    assert not Membership.objects.filter(user=ben).exists()


def test_a_deleted_account_is_not_enabled_again(edition, comunik, ben, eve):
    erasure.erase_own(ben, at=NOON)

    with refuses(PeopleRefusal.DELETED):
        services.set_active(edition=edition, user=ben, active=True, by=eve, at=NOON)


def test_who_cannot_go_alone_asks_the_organizers(
    edition, comunik, ada, ben, eve, client_of, django_capture_on_commit_callbacks
):
    page = f"/organisation/editions/{edition.slug}/donnees/"
    with time_machine.travel(NOON, tick=False):
        browser = client_of(ada)
        browser.post("/compte/effacement/demander/")
        asked = browser.get(PAGE).content.decode()
        listed = client_of(eve).get(page).content.decode()
        request = ErasureRequest.objects.get()
        answer = f"{page}demandes/{request.pk}/"
        with django_capture_on_commit_callbacks(execute=True):
            done = client_of(eve).post(answer, {"do": "erase"}, follow=True)

    assert "Retirer ma demande" in asked
    assert "Répondez avant le 13 mars 2020" in listed
    assert "Le compte est effacé" in done.content.decode()
    ada.refresh_from_db()
    request.refresh_from_db()
    assert (ada.name, ada.is_active) == ("", False)
    assert request.settled_by == eve
    assert comunik.memberships.get(is_captain=True).user == ben
    (sent,) = [each for each in mail.outbox if each.to == ["ada@example.org"]]
    assert "effacé votre compte" in sent.body
    assert JournalEntry.objects.get(act="user.deleted").by == eve


def test_a_request_is_refused_with_an_answer_by_mail(
    edition, dan, eve, client_of, django_capture_on_commit_callbacks
):
    asked = erasure.ask(dan.user, at=NOON)
    url = f"/organisation/editions/{edition.slug}/donnees/demandes/{asked.pk}/"

    page = client_of(eve).get(url).content.decode()
    erased = client_of(eve).post(url, {"do": "erase"})
    silent = client_of(eve).post(url, {"do": "refuse", "answer": " "})
    with django_capture_on_commit_callbacks(execute=True):
        answered = client_of(eve).post(url, {"do": "refuse", "answer": "Après le jury."})

    assert "Elle siège au jury « Information et Communication »" in page.replace(NO_BREAK, " ")
    assert (erased.status_code, silent.status_code, answered.status_code) == (422, 422, 302)
    dan.user.refresh_from_db()
    assert dan.user.is_active
    assert "Après le jury." in mail.outbox[-1].body
    assert "Après le jury." in client_of(dan.user).get(PAGE).content.decode()


def test_an_organizer_answers_only_people_of_their_edition(edition, loner, eve, client_of):
    asked = erasure.ask(loner, at=NOON)
    url = f"/organisation/editions/{edition.slug}/donnees/demandes/{asked.pk}/"

    assert client_of(eve).post(url, {"do": "erase"}).status_code == 404


def test_each_refusal_of_a_request(edition, comunik, ada, eve):
    act: dict[str, Any] = {"edition": edition, "by": eve, "at": NOON}
    asked = erasure.ask(ada, at=NOON)

    def code_of(call: Callable[[], Any]) -> str:
        with pytest.raises(Refused) as refused:
            call()
        return refused.value.refusal.code

    assert code_of(lambda: erasure.ask(ada, at=NOON)) == PrivacyRefusal.ASKED
    refuse = erasure.refuse_request
    assert code_of(lambda: refuse(asked, answer="", **act)) == PrivacyRefusal.NO_REASON
    erasure.withdraw(ada, at=NOON)
    assert code_of(lambda: erasure.withdraw(ada, at=NOON)) == PrivacyRefusal.SETTLED
    assert code_of(lambda: erasure.grant(asked, **act)) == PrivacyRefusal.SETTLED


def test_what_names_an_erased_person_is_found_nowhere(world, comunik, ada, ben, eve):
    """Nothing is planted in what the declarations keep."""
    memberships.pass_captaincy(comunik, comunik.memberships.get(user=ben), by=ada, at=NOON)
    Student.objects.create(edition=comunik.edition, user=ada, number="22100002")
    journal.record("team.edited", comunik, by=eve, at=NOON, note="Ada@example.org, malade")
    markers = Markers(comunik.edition, [ada])
    markers.write_to(ada, "name", "phone")
    before = in_database(markers)

    erasure.erase_own(ada, at=NOON)

    assert len(before) > 10
    assert in_database(markers) == set()
    entry = JournalEntry.objects.get(act="team.edited", detail__has_key="note")
    assert entry.detail["note"] == "…, malade"
