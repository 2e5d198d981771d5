import re
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from hackathon.base.core.personal_data import EDITION_MONTHS, registry
from hackathon.event.editions.models import Edition
from hackathon.run.privacy.kept import chapters
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def plain(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_everybody_reads_what_is_kept_why_how_long_and_by_whom(client, edition):
    Edition.objects.update(contact="orga@iut.example")

    page = plain(client.get("/donnees/"))

    assert "Vos besoins alimentaires, et quand vous avez donné votre accord" in page
    assert "Gardé 7 jours après l’heure limite" in page
    assert f"jusqu’à {EDITION_MONTHS} mois après la journée" in page
    assert "votre accord explicite" in page
    assert "orga@iut.example" in page
    assert "Ce que vous avez fait reste, sans votre nom." in page


def test_each_declaration_is_on_the_page(client):
    page = plain(client.get("/donnees/")).replace("&#x27;", "'")

    for declared in registry.declarations:
        assert " ".join(str(declared.what).split()) in page
        assert " ".join(str(declared.kept.text).split()) in page


def test_no_name_of_a_field_or_model_is_on_the_page(client):
    page = plain(client.get("/donnees/"))

    names = {n for d in registry.declarations for n in d.fields if "_" in n}
    assert not [name for name in names if name in page]


def test_footer_and_account_lead_to_it(client, ada):
    assert 'href="/donnees/"' in client.get("/contact/").content.decode()
    client.force_login(ada)
    account = client.get("/compte/").content.decode()
    assert 'href="/compte/donnees/"' in account
    assert 'href="/compte/accords/"' in account


def test_the_page_exists_in_english(client):
    with translation.override("en"):
        french = [line.what for c in chapters() for lines in c.kept.values() for line in lines]

    assert not [what for what in french if re.search(r"\b(vous|votre|vos)\b", what)]


@time_machine.travel(NOON, tick=False)
def test_the_sheet_of_the_register_has_the_headings_of_article_30(client, edition, eve):
    Edition.objects.update(school="IUT Nancy-Charlemagne", contact="orga@iut.example")
    client.force_login(eve)

    answer = client.get(reverse("privacy:register", args=[edition.slug]))

    document = pypdfium2.PdfDocument(BytesIO(b"".join(answer.streaming_content)))
    text = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    for heading in ("a) Responsable", "b) Finalité", "c) Personnes", "d) Destinataires"):
        assert heading in text
    for heading in ("e) Transferts", "f) Délais", "g) Mesures"):
        assert heading in text
    assert "IUT Nancy-Charlemagne" in text
    assert "à compléter par l’école" in text
    assert "Votre santé" in text
    assert "article 9.2.a" in text or "9.2.a" in text
