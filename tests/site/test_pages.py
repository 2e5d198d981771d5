from datetime import timedelta

import pytest
import time_machine
from django.conf import settings

from hackathon.event.editions.models import Edition
from tests.conftest import DEADLINE, NOON
from tests.judging.conftest import text_of


def test_the_home_page_says_what_this_is_to_a_stranger(client, edition, infocom):
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


@pytest.mark.parametrize(
    ("at", "changes", "says"),
    [
        (NOON - timedelta(days=40), {}, "Les inscriptions ouvrent le"),
        (NOON - timedelta(days=9), {}, "les autres la rejoignent avec un code"),
        (
            NOON - timedelta(hours=4, minutes=40),
            {},
            "L’épreuve commence le jeudi 13 février à 8:30.",
        ),
        (NOON, {}, "Les équipes travaillent. Elles rendent leur projet avant 23:00."),
        (DEADLINE + timedelta(seconds=1), {}, "L’heure limite est passée. Les jurys notent"),
        (DEADLINE + timedelta(hours=1), {}, "Les jurys notent les projets. Le palmarès paraîtra"),
        (DEADLINE + timedelta(hours=1), {"deliberated_at": DEADLINE}, "Les jurys ont décidé."),
        (DEADLINE + timedelta(hours=1), {"results_published_at": DEADLINE}, "Voir le palmarès"),
    ],
)
def test_a_stranger_reads_what_happens_now(client, edition, infocom, at, changes, says):
    Edition.objects.update(**changes)

    with time_machine.travel(at, tick=False):
        page = text_of(client.get("/"))

    now = page.partition("Et maintenant ?")[2].partition("</section>")[0]
    assert says in now


@pytest.mark.parametrize(
    ("at", "published_at", "offers"),
    [
        (NOON - timedelta(days=9), None, True),
        (NOON, None, True),
        (DEADLINE + timedelta(hours=1), None, False),
        (DEADLINE + timedelta(hours=1), DEADLINE, False),
    ],
)
def test_a_code_of_a_team_can_be_typed_until_the_deposits_close(
    client, edition, at, published_at, offers
):
    Edition.objects.update(results_published_at=published_at)

    with time_machine.travel(at, tick=False):
        page = text_of(client.get("/"))

    assert ("J’ai un code d’équipe" in page) == offers


def test_a_day_that_ends_after_midnight_says_both_dates(client, edition):
    later = DEADLINE + timedelta(hours=2)
    Edition.objects.update(deadline_at=later, judging_opens_at=later + timedelta(hours=8))

    with time_machine.travel(edition.starts_at - timedelta(hours=1), tick=False):
        page = text_of(client.get("/"))

    hero = page.partition('id="hero"')[2].partition("</div>")[0]
    about = page.partition('id="home-about"')[2].partition("</section>")[0]
    for part in (hero, about):
        assert "Du jeudi 13 février à 8:30 au vendredi 14 février à 1:00." in part


def test_no_date_that_is_past_is_announced_for_the_registration(client, edition):
    with time_machine.travel(edition.registration_opens_at + timedelta(hours=1), tick=False):
        page = client.get("/").content.decode()

    assert "Les inscriptions ouvriront bientôt." in page
    assert "Les inscriptions ouvrent le" not in page.partition("home-about")[2]


@pytest.mark.django_db
def test_without_an_edition_the_home_page_says_what_this_is(client):
    page = text_of(client.get("/"))

    assert "C’est quoi ?" in page
    assert "Un client, un sujet, une journée" in page


def test_a_signed_out_code_leads_to_the_field_of_the_code(client, edition):
    assert client.get("/equipe/rejoindre/")["Location"].endswith("?next=/equipe/rejoindre/")


def test_the_rules_are_those_for_teams_and_juries(client, edition):
    page = client.get("/regles/").content.decode()

    assert "À l’heure limite pile, on est à l’heure." in page
    assert "Une note absente n’est pas un zéro." in page
    assert "télécommande" not in page


def test_the_contact_of_the_organizers(client, edition):
    Edition.objects.update(contact="ccd@example.org")

    page = client.get("/contact/").content.decode()

    assert '<a href="mailto:ccd@example.org">' in page


def test_the_site_can_be_installed(client, edition):
    manifest = client.get("/manifest.webmanifest")

    assert manifest["Content-Type"] == "application/manifest+json"
    assert {icon["sizes"] for icon in manifest.json()["icons"]} == {"192x192", "512x512"}
    with time_machine.travel(NOON, tick=False):
        assert 'rel="manifest" href="/manifest.webmanifest"' in client.get("/").content.decode()


def test_the_foot_of_every_page_says_which_version_this_is(client, edition):
    for url in ("/", "/contact/", "/nothing/"):
        assert f"Version {settings.VERSION}" in client.get(url).content.decode()


@pytest.mark.django_db
def test_search_engines_and_finders_of_holes_know_where_to_go(client, settings):
    settings.SITE_URL, settings.SECURITY_CONTACT = "https://ccd.example.org", "ssi@example.org"

    robots = client.get("/robots.txt").content.decode()
    security = client.get("/.well-known/security.txt").content.decode()

    assert "Disallow: /organisation/" in robots
    assert "Contact: mailto:ssi@example.org\n" in security
    assert "Canonical: https://ccd.example.org/.well-known/security.txt" in security
    assert "Expires: 20" in security


def test_a_shared_link_has_a_text_and_a_picture(client, edition):
    page = client.get("/").content.decode()

    assert f'<meta name="description" content="{edition.name}, {edition.school}.' in page
    assert '<meta property="og:image" content="http://testserver/' in page


@time_machine.travel(NOON, tick=False)
def test_without_scripts_a_page_says_until_when_instead_of_counting(client, edition):
    page = text_of(client.get("/", follow=True))

    assert "Prochaine échéance : jeu. 13 fév., 23:00. Sans JavaScript" in " ".join(page.split())
