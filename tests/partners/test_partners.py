from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.urls import reverse

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.core.received_files import received_file
from hackathon.event.editions.models import Brief, Edition
from hackathon.event.editions.services import briefs, editions
from hackathon.event.partners import rules, services
from hackathon.event.partners.models import ClientPage, Partner
from tests.conftest import DEADLINE, NOON
from tests.partners.conftest import PNG
from tests.responses import whole_response

CLIENT = "Grande Épicerie Générale de Nancy"
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def page(edition, brief, eve) -> ClientPage:
    # The first brief is public in an hour.
    Brief.objects.update(published_at=LATER)
    return services.write_client(
        edition=edition,
        text="**Une épicerie** de quartier.",
        representatives="Max Client, directeur\nAnne Client",
        link="https://epicerie.example.org/",
        logo=received_file(PNG, "logo.png"),
        documents=[received_file(b"%PDF-1.4 charte", "charte.pdf")],
        by=eve,
        at=NOON,
    )


def addresses(page: ClientPage) -> list[str]:
    document = page.documents.get()
    return [
        reverse("partners:client"),
        reverse("partners:client-logo"),
        reverse("partners:document", args=[document.pk]),
    ]


def test_the_client_is_public_with_the_first_brief(client, client_of, page, ada):
    with time_machine.travel(NOON, tick=False):
        before = [client.get(address).status_code for address in addresses(page)]
        home = client.get(reverse("home")).content.decode()
    with time_machine.travel(LATER, tick=False):
        shown, logo, charter = (client.get(address) for address in addresses(page))
        linked = client_of(ada).get(reverse("editions:briefs")).content.decode()

    assert before == [404, 404, 404]
    assert CLIENT not in home
    for text in (CLIENT, "<strong>Une épicerie</strong>", "Anne Client", "charte.pdf"):
        assert text in shown.content.decode()
    assert logo["Content-Type"] == "image/png"
    assert "PNG" in whole_response(logo)
    assert "%PDF-1.4 charte" in whole_response(charter)
    assert reverse("partners:client") in linked


def test_a_brief_that_is_moved_later_keeps_the_client_secret_at_once(
    client_of, page, brief, ada, eve, settings
):
    """Open pages read the instants once after a message (`fragments.once`)."""
    settings.FRAGMENTS_CACHED = True
    browser, address = client_of(ada), reverse("editions:briefs")
    with time_machine.travel(LATER - timedelta(seconds=1), tick=False):
        browser.get(address)  # reads the instants
    briefs.write(
        department=brief.department,
        title=brief.title,
        body=brief.body,
        published_at=LATER + timedelta(hours=1),
        by=eve,
        at=NOON,
    )

    with time_machine.travel(LATER, tick=False):
        shown = browser.get(address).content.decode()

    assert CLIENT not in shown
    assert reverse("partners:client") not in shown


def test_an_organizer_can_choose_an_earlier_instant(client, page, edition, eve):
    services.write_client(edition=edition, public_at=NOON, by=eve, at=NOON)

    with time_machine.travel(NOON, tick=False):
        assert client.get(reverse("partners:client")).status_code == 200


@pytest.mark.parametrize(
    ("public_at", "briefs", "expected"),
    [
        (None, [], False),
        (None, [LATER, NOON], True),
        (None, [LATER], False),
        (LATER, [NOON], False),  # later than the briefs, if they say so
        (NOON, [], True),
    ],
)
def test_when_the_client_is_public(public_at, briefs, expected):
    assert rules.client_is_public(public_at, briefs, at=NOON) is expected


def test_messages_and_journal_do_not_say_who_it_is(page):
    told = LiveMessage.objects.get(type="client.changed")
    texts = [str(message.data) for message in LiveMessage.objects.all()]
    texts += [str(entry.detail) for entry in JournalEntry.objects.all()]

    assert told.audiences == "|organizers|"
    assert not any(word in text for text in texts for word in ("épicerie", "charte", "Max"))


def test_an_organizer_writes_the_page(client_of, page, edition, eve):
    address = reverse("partners:client-edit", args=[edition.slug])
    browser = client_of(eve)
    opened = browser.get(address).context["form"]["opened"].value()

    answer = browser.post(
        address, {"text": "Autre", "representatives": "", "link": "", "opened": str(opened)}
    )

    assert answer.status_code == 302
    page.refresh_from_db()
    assert (page.text, page.representatives, bool(page.logo)) == ("Autre", "", True)
    assert page.documents.count() == 1
    removed = browser.post(
        reverse("partners:document-remove", args=[edition.slug, page.documents.get().pk])
    )
    assert removed.status_code == 302
    assert not page.documents.exists()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"<svg onload=alert(1)>", "logo.svg", "logo_kind"),
        (b"RIFF0000AVI ", "film.webp", "logo_kind"),
        (PNG + b"0" * rules.LOGO_MAX_BYTES, "grand.png", "logo_too_large"),
    ],
)
def test_a_logo_is_a_small_picture(edition, eve, content, name, code):
    with received_file(content, name) as logo, pytest.raises(Refused) as refused:
        services.save_partner(edition=edition, name="Ville", logo=logo, by=eve, at=NOON)

    assert refused.value.refusal.code == code
    assert not Partner.objects.exists()


def test_partners_are_on_the_home_page_in_their_order(
    client, edition, eve, django_capture_on_commit_callbacks
):
    city, bank = (
        services.save_partner(
            edition=edition,
            name=name,
            sentence=f"{name} offre un repas",
            logo=received_file(PNG, "logo.png"),
            by=eve,
            at=NOON,
        )
        for name in ("Ville", "Banque")
    )
    old = city.logo.name

    with django_capture_on_commit_callbacks(execute=True):
        services.save_partner(
            edition=edition,
            partner=city,
            name="Métropole",
            position=9,
            logo=received_file(PNG, "logo.png"),
            by=eve,
            at=NOON,
        )
    home = client.get(reverse("home")).content.decode()

    assert 0 < home.index("Banque offre") < home.index("Métropole")
    shown = client.get(reverse("partners:partner-logo", args=[bank.pk]))
    assert "PNG" in whole_response(shown)
    assert not default_storage.exists(old)
    address = reverse("partners:partner-logo", args=[city.pk])
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_partner(partner=city, by=eve, at=NOON)
    assert not default_storage.exists(city.logo.name)
    assert client.get(address).status_code == 404


def test_a_clone_gets_client_and_partners(page, edition, eve):
    services.write_client(edition=edition, public_at=NOON, by=eve, at=NOON)
    services.save_partner(
        edition=edition, name="Ville", logo=received_file(PNG, "l.png"), by=eve, at=NOON
    )

    clone = editions.clone(
        source=edition,
        slug="next",
        name="Next",
        starts_at=edition.starts_at + timedelta(days=364),
        parts=["client"],
        by=eve,
        at=DEADLINE,
    )

    copied = ClientPage.objects.get(edition=clone)
    assert (copied.text, copied.public_at) == (page.text, None)
    assert copied.documents.get().filename == "charte.pdf"
    partner = clone.partners.get()
    assert partner.name == "Ville"
    assert partner.logo.name != edition.partners.get().logo.name


def test_number_and_story_are_told_on_the_home_page(client, edition):
    Edition.objects.filter(pk=edition.pk).update(number=9, story="Née en **2012**.")

    home = client.get(reverse("home")).content.decode()

    assert "9<sup>e</sup> édition" in home
    assert "Née en <strong>2012</strong>." in home
