import re
from datetime import timedelta
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from hackathon.base.core import qr
from hackathon.base.core.colors import contrast
from hackathon.base.core.errors import Refused
from hackathon.base.core.mail import compose
from hackathon.event.appearance import rules, services
from hackathon.event.appearance.enums import PictureKind
from hackathon.event.editions.enums import Theme
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import editions
from hackathon.event.printing import sheets
from tests.appearance.pictures import png
from tests.conftest import NOON
from tests.sources import ROOT

BLUE, GREEN = "#1b4f9c", "#2e8b57"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>alert(1)</script>'
    '<rect width="9" height="9" fill="#1b4f9c"/>{more}</svg>'
)
COLORS = st.binary(min_size=3, max_size=3).map(lambda parts: f"#{parts.hex()}")


@pytest.fixture
def valmont(edition, eve) -> Edition:
    return services.update(
        edition=edition,
        pictures={PictureKind.LOGO: png(), PictureKind.SIGNATURE: png(9)},
        by=eve,
        at=NOON,
        short_name="Nuit",
        color=BLUE,
        accent=GREEN,
        theme=Theme.PLAIN,
        sender="IUT de Valmont",
        signatory="Anne Morel, directrice",
        own_rules="* Le hall ferme à **1 h**.",
    )


@given(COLORS, COLORS)
def test_text_can_be_read_in_any_two_colors(color, accent):
    found = rules.palette(color, accent)

    assert contrast(found["action"], "#ffffff") >= rules.TEXT
    assert contrast(found["link"], rules.LIGHT_PAGE) >= rules.TEXT
    assert contrast(found["link_dark"], rules.DARK_SURFACE) >= rules.TEXT
    assert contrast(found["lamp"], found["night"]) >= rules.TEXT
    assert contrast(found["lamp"], rules.INK) >= rules.TEXT
    assert contrast(found["dusk"], "#ffffff") >= rules.TEXT


def test_a_readable_color_stays_as_it_is():
    assert rules.palette(BLUE, "")["action"] == BLUE
    assert not rules.is_mended(BLUE, "")
    assert rules.is_mended("#ffff00", "")


def test_pages_have_the_colors_the_logo_and_the_name(client, valmont):
    page = client.get(reverse("home")).content.decode()
    styles = re.findall(r'<link rel="stylesheet" href="(/apparence/[^"]+)"', page)
    icons = re.findall(r'<link rel="icon" href="([^"]+)"', page)
    installed = client.get(reverse("site:manifest")).json()

    assert styles == ["/apparence/plain/1b4f9c-2e8b57.css"]
    assert BLUE in client.get(styles[0]).content.decode()
    assert client.get(icons[0])["Content-Type"] == "image/png"
    (mark,) = re.findall(r'class="brand-mark" src="([^"]+)"', page)
    assert client.get(mark).content[16:24] != client.get(icons[0]).content[16:24]  # its size
    assert 'data-sky="20"' in page
    assert "data-sky-band" not in page
    assert (installed["name"], installed["short_name"]) == (valmont.name, "Nuit")
    assert {client.get(icon["src"]).status_code for icon in installed["icons"]} == {200}


@pytest.mark.parametrize("address", ["neon/x-x.css", "night/red-x.css", "0000/64.png"])
def test_other_addresses_are_not_found(client, valmont, address):
    assert client.get(f"/apparence/{address}").status_code == 404
    assert client.get(f"/apparence/{valmont.logo}/63.png").status_code == 404


def test_a_signature_has_no_address(client, valmont):
    signature = valmont.pictures.get(kind=PictureKind.SIGNATURE)

    assert client.get(f"/apparence/{signature.digest}/64.png").status_code == 404


def sent(organizer: Client, edition: Edition, **data: Any) -> Any:
    data = {"theme": Theme.NIGHT, **data}
    return organizer.post(reverse("appearance:edit", args=[edition.slug]), data)


@pytest.mark.system
def test_an_svg_is_drawn_and_its_script_is_gone(client_of, edition, eve):
    logo = SimpleUploadedFile("logo.svg", SVG.format(more="").encode())

    answer = sent(client_of(eve), edition, logo=logo)

    assert answer.status_code == 302
    content = bytes(edition.pictures.get().content)
    assert content.startswith(b"\x89PNG")
    assert b"alert" not in content


@pytest.mark.system
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (SVG.format(more='<image href="/etc/passwd" width="9" height="9"/>').encode(), "s’ouvre"),
        (b"PK\x03\x04", "s’ouvre"),
        (b"<svg>" + b" " * 2_000_001, "2 Mo"),
    ],
)
def test_a_bad_picture_is_refused_and_the_form_keeps_the_rest(
    client_of, edition, eve, content, message
):
    logo = SimpleUploadedFile("logo.svg", content)

    page = sent(client_of(eve), edition, logo=logo, sender="IUT de Valmont").content.decode()

    assert message in page
    assert "IUT de Valmont" in page
    edition.refresh_from_db()
    assert (edition.logo, edition.sender) == ("", "")


def test_only_organizers_change_it(client_of, valmont, ada):
    assert sent(client_of(ada), valmont).status_code == 404
    with pytest.raises(Refused):
        services.update(edition=valmont, pictures={PictureKind.LOGO: png()}, by=ada, at=NOON)


def test_pictures_are_removed(client_of, valmont, eve):
    sent(client_of(eve), valmont, remove_logo="on", remove_signature="on")

    valmont.refresh_from_db()
    assert not valmont.logo
    assert not valmont.pictures.exists()


def test_sheets_have_the_logo(valmont):
    badge = {"name": "Ada", "team": "A", "room": "", "department": "", "qr": qr.svg("a")}
    pdf = sheets.pdf(valmont, "badges", title="", how="Scannez", items=[badge])
    kinds = {shown.type for shown in pdfium.PdfDocument(pdf)[0].get_objects()}

    assert raw.FPDF_PAGEOBJ_IMAGE in kinds


@pytest.mark.parametrize("named", [True, False])
def test_mails_name_the_sender(valmont, named):
    context = {"edition": valmont} if named else {}
    message: EmailMessage = compose("Sujet", "privacy/email/erased", context, to="a@b.example")

    assert message.from_email.startswith("IUT de Valmont <") is named


@pytest.mark.parametrize("replaces", [True, False])
def test_own_rules_replace_those_of_the_site_or_are_added(client, valmont, replaces):
    Edition.objects.update(replaces_rules=replaces)

    page = client.get(reverse("site:rules")).content.decode()

    assert "<strong>1 h</strong>" in page
    assert ("L’heure qui compte est celle du serveur" not in page) is replaces


@time_machine.travel(NOON, tick=False)
def test_a_clone_looks_the_same(valmont, eve):
    starts_at = valmont.starts_at + timedelta(days=364)
    clone = editions.clone(
        source=valmont, slug="next", name="Next", starts_at=starts_at, by=eve, at=NOON
    )

    assert (clone.look, clone.logo) == (valmont.look, valmont.logo)
    assert clone.pictures.count() == 2


def test_the_name_of_the_event_is_in_settings_only():
    folders = ("templates", "hackathon", "judging", "teams", "submissions")
    product = [path for folder in folders for path in (ROOT / folder).rglob("*.*")]
    named = {
        str(path.relative_to(ROOT))
        for path in product
        if path.suffix in (".py", ".html", ".txt", ".js", ".typ")
        if "demo" not in str(path)
        if "Crazy Charly Day" in path.read_text()
    }

    assert named == {"hackathon/settings.py"}
