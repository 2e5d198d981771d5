import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.core.models import JournalEntry
from hackathon.base.core.personal_data import registry
from hackathon.day.site import rules
from hackathon.day.site.enums import Conformity
from hackathon.day.site.errors import LegalNoticeRefusal
from hackathon.day.site.models import LegalNotice
from hackathon.day.site.services import update_legal_notice
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Edition
from hackathon.run.privacy.kept import chapters
from tests.conftest import NOON
from tests.legal_notice import AUDIT, COMPLETE, fill_in
from tests.refusals import refuses

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOON, tick=False)]

EDIT = "/organisation/mentions-legales/"
PUBLIC = "/mentions-legales/"
TO_FILL = "à compléter"


def plain(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


# ---------------------------------------------------------------- what everybody reads


def test_the_pages_say_what_is_missing_and_invent_nothing(client, edition):
    Edition.objects.update(school="IUT Nancy-Charlemagne", contact="orga@iut.example")

    legal, declaration = plain(client.get(PUBLIC)), plain(client.get("/accessibilite/"))

    assert legal.count(TO_FILL) == 9
    assert "Ce site est non conforme au RGAA" in legal
    assert declaration.count(TO_FILL) == 4  # scheme, plan, contact, delay
    assert "aucun audit n’a été fait" in declaration
    assert plain(client.get("/donnees/")).count(TO_FILL) == 2
    for page in (legal, declaration):
        assert "IUT des Lampes" not in page


def test_the_pages_show_what_was_filled_in(client, edition):
    fill_in()

    legal, declaration = plain(client.get(PUBLIC)), plain(client.get("/accessibilite/"))
    kept = plain(client.get("/donnees/"))

    of_accessibility = ("accessibility_contact", "accessibility_days", "scheme", "action_plan")
    for name, value in COMPLETE.items():
        if name != "audit":
            assert str(value) in (declaration if name in of_accessibility else legal)
    assert "Réponse en 3 jours au plus" in declaration
    assert "IUT des Lampes s’engage" in declaration
    assert "Délégué à la protection des données : Service des données · dpo@example.org" in kept
    assert not [page for page in (legal, declaration, kept) if TO_FILL in page]


def test_an_audit_changes_the_declaration_and_the_foot_of_every_page(client, edition):
    fill_in(**AUDIT)

    declaration, contact = client.get("/accessibilite/"), client.get("/contact/")

    page = plain(declaration)
    assert "Le site est partiellement conforme au référentiel" in page
    assert "L’audit du 20 janvier 2020, fait par Cabinet Clair, montre que 72,50 %" in page
    for text in ("Accueil", "Rendu", "Un tableau sans titre.", "Les vidéos des clients."):
        assert text in page
    assert "non conforme" not in page
    assert "Accessibilité : partiellement conforme" in plain(contact)
    assert "Accessibilité : partiellement conforme" in plain(client.get("/nothing/"))


@pytest.mark.parametrize(
    ("rate", "state"),
    [
        (None, Conformity.NONE),
        (Decimal("49.99"), Conformity.NONE),
        (Decimal(50), Conformity.PARTIAL),
        (Decimal("99.99"), Conformity.PARTIAL),
        (Decimal(100), Conformity.FULL),
    ],
)
def test_the_state_follows_from_the_rate_of_the_audit(rate, state):
    assert rules.conformity(LegalNotice(audit="done", audit_rate=rate)) == state
    assert rules.conformity(LegalNotice(audit="none", audit_rate=rate)) == Conformity.NONE


def test_the_foot_leads_to_the_notice(client):
    assert f'href="{PUBLIC}"' in client.get("/contact/").content.decode()


def test_the_sheet_of_the_register_names_the_officer(client, edition, eve):
    fill_in()
    client.force_login(eve)

    answer: Any = client.get(reverse("privacy:register", args=[edition.slug]))

    document = pypdfium2.PdfDocument(BytesIO(b"".join(answer.streaming_content)))
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    assert "Service des données · dpo@example.org" in " ".join(text.split())


def test_the_page_of_personal_data_says_that_the_names_are_public():
    (declared,) = registry.of(LegalNotice)

    assert {"director", "dpo"} <= set(declared.fields)
    lines = [line for c in chapters() for found in c.kept.values() for line in found]
    assert str(declared.what) in [line.what for line in lines]


# ---------------------------------------------------------------- filling it in


def test_organizers_fill_it_in_and_the_journal_names_nobody(edition, eve, client_of, client):
    browser = client_of(eve)
    assert f'href="{EDIT}"' in browser.get(reverse("editions:list")).content.decode()

    answer = browser.post(EDIT, {**COMPLETE, **AUDIT, "audit_rate": "72.5"})

    assert answer["Location"] == PUBLIC
    found: Any = LegalNotice.objects.values().get()
    assert {name: found[name] for name in (COMPLETE | AUDIT)} == COMPLETE | AUDIT
    entry = JournalEntry.objects.get(act="legal_notice.updated")
    assert entry.edition_pk == edition.pk
    assert entry.detail["changes"]["host"] == ["", "Hébergeur du Port"]
    assert "Directrice" not in str(entry.detail)
    assert "Service des données" not in str(entry.detail)
    assert "Hébergeur du Port" in plain(client.get(PUBLIC))


def test_nothing_has_to_be_filled_in_at_once_and_what_is_the_same_is_no_change(
    edition, eve, client_of
):
    browser = client_of(eve)
    page = browser.get(EDIT).content.decode()
    assert page.count("facultatif") == 2  # failures and derogations: there may be none

    assert browser.post(EDIT, {"director": "Paule"}).status_code == 302
    assert browser.post(EDIT, {"director": "Paule"}).status_code == 302

    assert LegalNotice.objects.get().director == "Paule"
    assert JournalEntry.objects.filter(act="legal_notice.updated").count() == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"auditor": ""}, "L’audit a été fait : donnez son taux"),
        ({"audited_on": date(2020, 2, 14)}, "L’audit ne peut pas dater de demain"),
        ({"audit_rate": "101"}, "inférieure ou égale à 100"),
        ({"accessibility_days": "0"}, "supérieure ou égale à 1"),
        ({"host": "x" * 201}, "200"),
    ],
)
def test_what_is_wrong_is_said_and_stays_in_the_form(wrong, says, edition, eve, client_of):
    answer = client_of(eve).post(EDIT, {**COMPLETE, **AUDIT, "audit_rate": "72.5", **wrong})

    assert answer.status_code == 422
    assert says in plain(answer)
    assert "Paule Directrice" in answer.content.decode()
    assert not LegalNotice.objects.exists()


@pytest.mark.parametrize("name", ["audit_rate", "auditor", "audited_on", "audit_sample"])
def test_an_audit_is_complete(name, edition, eve):
    fields = {**AUDIT, name: None if name in ("audit_rate", "audited_on") else ""}

    with refuses(LegalNoticeRefusal.AUDIT_INCOMPLETE):
        update_legal_notice(by=eve, at=NOON, **fields)


def test_the_service_refuses_who_organizes_nothing(edition, ada, root):
    with refuses(EditionRefusal.NOT_ORGANIZER):
        update_legal_notice(by=ada, at=NOON, host="x")
    assert not LegalNotice.objects.exists()

    update_legal_notice(by=root, at=NOON, host="x")  # before there is an edition, too

    assert LegalNotice.objects.get().host == "x"


def test_others_find_no_form(edition, ada, client_of):
    for answer in (client_of(ada).get(EDIT), client_of(ada).post(EDIT, COMPLETE)):
        assert answer.status_code == 404
    assert not LegalNotice.objects.exists()


@pytest.mark.database
@pytest.mark.parametrize(
    "row",
    [
        {"pk": 2},
        {"pk": 1, "audit": "perhaps"},
        {"pk": 1, "audit_rate": 101},
        {"pk": 1, **AUDIT, "auditor": ""},
        {"pk": 1, **AUDIT, "audit_rate": None},
    ],
)
def test_the_database_refuses(row):
    with pytest.raises(IntegrityError):
        LegalNotice.objects.create(**row)


def test_pages_of_a_shown_edition_read_the_state_once(client, edition, settings):
    settings.FRAGMENTS_CACHED = True
    fill_in(**AUDIT)

    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            assert "partiellement conforme" in plain(client.get("/contact/"))
        return [q["sql"] for q in queries if LegalNotice._meta.db_table in q["sql"]]

    assert len(asked()) <= 1
    assert asked() == []
