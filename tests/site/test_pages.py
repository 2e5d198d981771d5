from datetime import timedelta

import time_machine
from django.test import Client

from hackathon.editions.models import Department, Edition
from tests.conftest import NOON


def test_the_home_page_says_what_this_is_to_a_stranger(
    client: Client, edition: Edition, infocom: Department
) -> None:
    Edition.objects.update(place="2 ter boulevard Charlemagne, Nancy")

    with time_machine.travel(edition.registration_opens_at + timedelta(hours=1), tick=False):
        page = client.get("/").content.decode()

    for text in (
        "Un client, un sujet, une journée",
        "Le jeudi 13 février, de 8:30 à 23:00.",
        "2 ter boulevard Charlemagne, Nancy",
        infocom.name,
        "les autres la rejoignent avec un code",
        "J’ai un code d’équipe",
        'href="/regles/"',
        'href="/contact/"',
    ):
        assert text in page
    assert "facade-legend" not in page  # nothing is handed in before the launch


def test_a_signed_out_code_leads_to_the_field_of_the_code(client: Client, edition: Edition) -> None:
    assert client.get("/equipe/rejoindre/")["Location"].endswith("?next=/equipe/rejoindre/")


def test_the_rules_are_those_for_teams_and_juries(client: Client, edition: Edition) -> None:
    page = client.get("/regles/").content.decode()

    assert "À l’heure limite pile, on est à l’heure." in page
    assert "Une note absente n’est pas un zéro." in page
    assert "télécommande" not in page


def test_the_contact_of_the_organizers(client: Client, edition: Edition) -> None:
    Edition.objects.update(contact="ccd@example.org")

    page = client.get("/contact/").content.decode()

    assert '<a href="mailto:ccd@example.org">' in page


def test_the_site_can_be_installed(client: Client, edition: Edition) -> None:
    manifest = client.get("/manifest.webmanifest")

    assert manifest["Content-Type"] == "application/manifest+json"
    assert {icon["sizes"] for icon in manifest.json()["icons"]} == {"192x192", "512x512"}
    with time_machine.travel(NOON, tick=False):
        assert 'rel="manifest" href="/manifest.webmanifest"' in client.get("/").content.decode()
