"""The question to a person, the list for the photographer, and what erasure does."""

import pytest

from hackathon.base.core.errors import NotFound
from hackathon.event.printing.selectors import teams_to_print
from hackathon.extras.photographs import services, sheets
from hackathon.extras.photographs.models import ImageRight, Photograph
from hackathon.run.privacy.services import consents, effects
from tests.conftest import NOON
from tests.extras.photographs.conftest import agree
from tests.extras.photographs.pictures import drawn
from tests.judging.conftest import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOON, tick=False)]


def test_a_member_answers_on_the_page_of_the_team_and_changes_it(client_of, comunik, ada):
    browser = client_of(ada)

    asked = text_of(browser.get("/equipe/"))
    browser.post("/equipe/photos/", {"agrees": "yes"})
    agreed = text_of(browser.get("/equipe/"))
    browser.post("/equipe/photos/", {"agrees": "no"})
    refused = text_of(browser.get("/equipe/"))
    wrong = text_of(browser.post("/equipe/photos/", {"agrees": "peut-être"}, follow=True))

    assert "Sans réponse, c’est non" in asked
    assert "Vous avez répondu oui" in agreed
    assert "Vous avez répondu non" in refused
    assert "Choisissez une des réponses." in wrong
    assert ImageRight.objects.get().agrees is False


def test_a_consent_is_withdrawn_only_by_its_person_also_without_a_team(edition, comunik, ada, ben):
    agree(edition, ada)
    pk = ada.image_rights.get().pk
    ada.memberships.all().delete()

    with pytest.raises(NotFound):
        consents.withdraw(ben, "photos", pk, at=NOON)
    consents.withdraw(ada, "photos", pk, at=NOON)

    assert ada.image_rights.get().agrees is False
    assert [one.kind for one in consents.consents_of(ada) if one.kind == "photos"] == []


def test_the_list_names_who_is_not_photographed_by_room(
    edition, comunik, pixels, ada, ben, cleo, monkeypatch
):
    agree(edition, ada, agrees=False)
    agree(edition, cleo)
    printed = {}
    monkeypatch.setattr(sheets, "pdf", lambda _edition, _layout, **data: printed.update(data))

    sheets.no_photographs(edition, teams_to_print(edition, None))

    assert [line[1:] for line in printed["items"]] == [["Com’unik", "Ada", "Ben"]]
    assert "214" in printed["items"][0][0]


def test_an_organizer_prints_it_and_a_student_does_not(client_of, edition, comunik, ada, eve):
    address = "/organisation/editions/ccd-2020/photos/pas-de-photo.pdf"

    pdf = client_of(eve).get(address)

    assert b"".join(pdf.streaming_content).startswith(b"%PDF")
    assert client_of(ada).get(address).status_code == 404


def test_erasing_a_person_deletes_the_pictures_of_the_team_and_the_answer(
    edition, group, ada, ben, eve, django_capture_on_commit_callbacks
):
    agree(edition, ada, ben)
    services.keep(edition, [drawn("salle.jpg")], by=eve, at=NOON)
    storage, name = group.large.storage, group.large.name

    with django_capture_on_commit_callbacks(execute=True):
        effects.erase(ada)

    assert [photograph.teams.count() for photograph in Photograph.objects.all()] == [0]
    assert not storage.exists(name)
    assert [right.user for right in ImageRight.objects.all()] == [ben]


def test_anonymisation_keeps_only_pictures_of_nobody(edition, group, eve):
    services.keep(edition, [drawn("salle.jpg"), drawn("inconnus.jpg")], by=eve, at=NOON)
    hall = Photograph.objects.exclude(pk=group.pk).first()
    Photograph.objects.filter(pk=hall.pk).update(shows_nobody=True)

    effects.anonymise(edition, {}, with_pictures=True)

    assert list(Photograph.objects.all()) == [hall]
    assert not ImageRight.objects.exists()
