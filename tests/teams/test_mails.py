from django.core import mail

from hackathon.base.core.typography import spaced
from teams.models import Removal
from teams.services import membership, teams
from tests.conftest import NOON
from tests.teams.conftest import place_of


def test_who_registers_joins_or_is_removed_is_mailed(
    edition, infocom, ada, ben, eve, django_capture_on_commit_callbacks
):
    at = edition.registration_opens_at
    with django_capture_on_commit_callbacks(execute=True):
        team = teams.register(edition, infocom, "Com’unik", by=ada, captain=ada, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        membership.join(team, by=ben, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        membership.remove(place_of(ben), by=ada, at=at)

    registered, joined, removed = mail.outbox
    assert [(m.to, m.subject) for m in mail.outbox] == [
        (["ada@example.org"], "Votre équipe Com’unik est inscrite"),
        (["ben@example.org"], "Vous êtes dans l’équipe Com’unik"),
        (["ben@example.org"], "Vous n’êtes plus dans l’équipe Com’unik"),
    ]
    assert f"/equipe/rejoindre/{team.join_code}/" in registered.body
    assert spaced("Avec vous : Ada") in joined.body
    assert team.join_code not in removed.body


def test_who_becomes_captain_is_mailed_if_they_still_are(
    comunik, ada, ben, eve, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        membership.pass_captaincy(comunik, place_of(ben), by=ada, at=NOON)
    with django_capture_on_commit_callbacks() as late:
        membership.pass_captaincy(comunik, place_of(ada), by=ben, at=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        membership.pass_captaincy(comunik, place_of(ben), by=eve, at=NOON)
    for callback in late:
        callback()
    with django_capture_on_commit_callbacks(execute=True):
        membership.remove(place_of(ben), by=eve, at=NOON)

    assert [(m.to, m.subject) for m in mail.outbox] == [
        (["ben@example.org"], "Vous êtes capitaine de l’équipe Com’unik"),
        (["ben@example.org"], "Vous êtes capitaine de l’équipe Com’unik"),
        (["ben@example.org"], "Vous n’êtes plus dans l’équipe Com’unik"),
        (["ada@example.org"], "Vous êtes capitaine de l’équipe Com’unik"),
    ]
    assert "À vous de tenir à jour sa salle et son projet." in mail.outbox[0].body


def test_a_person_who_joined_again_does_not_see_the_removal(
    comunik, ada, ben, eve, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks() as late:
        membership.remove(place_of(ben), by=eve, at=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        membership.join(comunik, by=eve, at=NOON, user=ben)
    mail.outbox.clear()

    for callback in late:
        callback()

    assert mail.outbox == []
    assert not Removal.objects.exists()


def test_a_person_who_leaves_does_not_see_a_removal(comunik, ben, eve):
    membership.leave(place_of(ben), by=ben, at=comunik.edition.registration_opens_at)

    assert not Removal.objects.exists()
