"""The guide on the site, and what leads to it."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from django.conf import settings

from hackathon.base.core import markdown
from hackathon.extras.guide.extra import GUIDES

pytestmark = pytest.mark.django_db

GUIDE = "/documentation/fr/"


def links(page: str) -> list[str]:
    article = page.partition("<article")[2].partition("</article>")[0]
    return [unescape(link) for link in re.findall(r'(?:href|src)="([^"]+)"', article)]


def test_everybody_reads_the_guide_and_its_links_and_pictures_work(client):
    first = client.get("/documentation/", follow=True)
    todo, seen = [first.request["PATH_INFO"]], set[str]()

    assert first.status_code == 200
    while todo:
        address = todo.pop().partition("#")[0]
        if address in seen or not address.startswith("/documentation/"):
            continue
        seen.add(address)
        answer = client.get(unquote(address))
        assert answer.status_code == 200, address
        if address.endswith(".md"):
            todo += [urljoin(address, link) for link in links(answer.content.decode())]
        else:
            assert (answer["Content-Type"], answer.getvalue()[:4]) == ("image/webp", b"RIFF")

    folder = Path(settings.BASE_DIR) / "docs" / "fr"
    assert {f"{GUIDE}{path.name}" for path in folder.glob("*.md")} <= seen
    assert "/documentation/img/page-ecran.webp" in seen


@pytest.mark.parametrize(
    "address",
    ["fr/rien.md", "fr/conf.py", "fr", "fr/../../README.md", "../README.md", "../.env", "img/"],
)
def test_nothing_else_of_the_disk_is_served(address, client):
    assert client.get(f"/documentation/{address}").status_code == 404


def test_texts_have_french_spaces_and_commands_stay_as_they_are():
    html = markdown.document(
        "# Avant : quoi ?\n\nDites « oui ».\n\n`a ; b`\n\n```\nc ; d\n```\n\n<b>e</b>"
    )

    assert '<h1 id="avant--quoi-">Avant\u00a0: quoi\u202f?</h1>' in html
    assert "«\u00a0oui\u00a0»" in html
    assert "<code>a ; b</code>" in html
    assert '<pre tabindex="0"><code>c ; d' in html
    assert "&lt;b&gt;" in html


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("", "avant.md"),
        ("etapes/", "avant.md#le-programme"),
        ("jurys/", "avant.md#les-gens"),
        ("imprimer/", "avant.md#la-salle"),
        ("delais/", "le-jour.md"),
        ("resultats/", "apres.md"),
        ("options/", "avant.md#les-réglages"),
        ("verification/serveur/", "installer.md"),
    ],
)
def test_each_page_of_an_organizer_leads_to_its_guide(path, page, client_of, eve, edition):
    shown = client_of(eve).get(f"/organisation/editions/{edition.slug}/{path}").content.decode()

    assert f'<a href="{GUIDE}{page}">Guide de cette page</a>' in shown


def test_what_the_pages_lead_to_is_there():
    for page in GUIDES.values():
        file, _mark, anchor = page.partition("#")
        text = (Path(settings.BASE_DIR) / "docs" / "fr" / file).read_text()
        assert f' id="{anchor}"' in markdown.document(text) or not anchor
