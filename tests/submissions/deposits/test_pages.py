import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hackathon.event.editions.models import Edition
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind, Health
from submissions.inspection import services as inspections
from submissions.inspection.result import FindingCode, Result
from submissions.models import Deliverable, Inspection, Submission
from tests.conftest import DEADLINE, NOON
from tests.submissions.conftest import MINUTE, PDF, SECOND, deposit, extend

pytestmark = pytest.mark.time_machine(NOON, tick=False)

PAGE = "/rendu/"


def pdf(content: bytes = PDF, name: str = "dossier.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def text_of(html: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.decode()))


def test_missing_deliverables_are_listed(client_of, ada, comunik, dossier, site_link):
    page = text_of(client_of(ada).get(PAGE).content)

    assert "2 livrables" in page
    assert "Com’unik" in page
    assert "salle 214" in page
    assert "Dossier de stratégie PDF ou ZIP, 5 Mo au plus." in page
    assert "Un envoi commencé avant 23:00 peut finir jusqu’à 23:10" in page


def test_what_is_to_do_comes_first_and_is_open_below_it_are_rows(
    client_of, ada, comunik, dossier, site_link, pitch
):
    Deliverable.objects.filter(pk=pitch.pk).update(due_at=DEADLINE + timedelta(hours=9))
    comunik.edition.late_policy = "refuse"
    comunik.edition.save()
    browser = client_of(ada)

    def cards_at(at: datetime) -> list[tuple[int, bool]]:
        """Ids in their order, and whether each is open."""
        with time_machine.travel(at, tick=False):
            page = browser.get(PAGE).content.decode()
        pattern = r'<article.*?id="deliverable-(\d+)".*?deliverable-fold"( open)?'
        found = re.findall(pattern, page, re.DOTALL)
        return [(int(pk), bool(is_open)) for pk, is_open in found]

    file, link, text = dossier.pk, site_link.pk, pitch.pk
    empty = cards_at(NOON)
    submission = deposit(dossier, comunik, ada)
    one = cards_at(NOON)
    night = cards_at(DEADLINE + timedelta(hours=1))
    inspections.record(submission, Result().with_finding(FindingCode.UNREADABLE), at=NOON)
    broken, too_late = cards_at(NOON), cards_at(DEADLINE + timedelta(hours=1))

    assert empty == [(file, True), (link, True), (text, True)]
    assert one == [(link, True), (text, True), (file, False)]
    assert night == [(text, True), (link, False), (file, False)]
    assert broken == [(file, True), (link, True), (text, True)]
    assert too_late == [(text, True), (file, True), (link, False)]


def test_a_file_that_does_not_open_is_not_shown_as_complete(client_of, ada, comunik, dossier):
    submission = deposit(dossier, comunik, ada)
    Inspection.objects.update_or_create(
        submission=submission, defaults={"health": Health.BROKEN, "inspected_at": NOON}
    )

    html = client_of(ada).get(PAGE).content.decode()

    assert re.findall(r'class="window is-(\w+)', html) == ["something", "something"]
    assert html.count('aria-label="ne s’ouvre pas"') == 2
    assert "à l’heure" not in html
    assert "tout est reçu, mais" in html
    assert 'class="deliverable-received alarm"' in html


def test_deposit_without_script(client_of, ada, comunik, dossier):
    browser = client_of(ada)

    answer = browser.post(f"{PAGE}{dossier.pk}/", {"file": pdf()}, follow=True)

    page = text_of(answer.content)
    assert answer.redirect_chain == [(f"{PAGE}#deliverable-{dossier.pk}", 302)]
    assert "Dossier de stratégie : reçu à 13:00:00, version 1." in page
    assert "Reçu à 13:00:00" in page
    assert "tout est rendu" in page


def test_all_versions_are_listed(client_of, ada, comunik, dossier):
    first = deposit(dossier, comunik, ada, name="brouillon.pdf")
    deposit(dossier, comunik, ada, name="final.pdf")
    browser = client_of(ada)

    page = browser.get(PAGE).content

    assert "version 2 compte" in text_of(page)
    assert "1 autre version" in text_of(page)
    assert "Télécharger : Dossier de stratégie, version 1" in text_of(page)
    assert "brouillon.pdf" in text_of(page)
    content = browser.get(reverse("submissions:content", args=[first.pk]))
    assert b"".join(content.streaming_content) == PDF
    assert content["Content-Disposition"].startswith("attachment")


def test_refused_link_and_text_keep_what_was_typed(client_of, ada, comunik, site_link, pitch):
    browser = client_of(ada)
    sentence = "Notre idée " * 2000

    link = browser.post(f"{PAGE}{site_link.pk}/", {"url": "http://localhost:3000/a"})
    text = browser.post(f"{PAGE}{pitch.pk}/", {"text": sentence})

    assert (link.status_code, text.status_code) == (422, 422)
    assert 'value="http://localhost:3000/a"' in link.content.decode()
    assert "ne s’ouvre que sur votre machine" in link.content.decode()
    assert sentence.strip() in text.content.decode()


def test_for_the_address_of_a_git_remote_its_page_is_offered(client_of, ada, comunik, site_link):
    answer = client_of(ada).post(f"{PAGE}{site_link.pk}/", {"url": "git@git.example.org:a/b.git"})

    assert answer.status_code == 422
    assert "Essayez https://git.example.org/a/b" in text_of(answer.content)
    assert not Submission.objects.exists()


def test_fields_and_buttons_name_their_deliverable(client_of, ada, comunik, dossier, site_link):
    html = client_of(ada).get(PAGE).content.decode()
    labels = re.findall(r'<input[^>]* aria-label="([^"]*)"', html)

    for deliverable, field in ((dossier, "Fichier"), (site_link, "Adresse")):
        name = f"deliverable-{deliverable.pk}-name"
        assert f"{field} : {deliverable.name}" in [one.replace("\xa0", " ") for one in labels]
        assert f'aria-labelledby="{name}"' in html
        assert f'<h2 id="{name}">{deliverable.name}</h2>' in html
        assert f'<span class="sr-only">: {deliverable.name}</span>' in html


def test_reload_after_a_refusal_shows_the_page(client_of, ada, comunik, dossier):
    answer = client_of(ada).get(f"{PAGE}{dossier.pk}/")

    assert answer.status_code == 200


def test_htmx_gets_201_only_when_received(client_of, ada, comunik, dossier):
    browser = client_of(ada)
    script = {"HX-Request": "true"}

    received = browser.post(f"{PAGE}{dossier.pk}/", {"file": pdf()}, headers=script)
    refused = browser.post(f"{PAGE}{dossier.pk}/", {"file": pdf(b"")}, headers=script)
    missing = browser.post(f"{PAGE}{dossier.pk}/", {}, headers=script)

    assert [a.status_code for a in (received, refused, missing)] == [201, 422, 422]
    assert "reçu à 13:00:00" in received.content.decode()
    assert "vide" in refused.content.decode()
    assert "Choisissez d’abord un fichier" in missing.content.decode()
    assert "<html" not in refused.content.decode()


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (NOON - timedelta(hours=6), "Le rendu ouvre le"),
        (DEADLINE, "Un envoi commencé avant 23:00 peut finir jusqu’à 23:10"),
        (DEADLINE + SECOND, "Seuls les envois commencés avant peuvent encore finir"),
        (DEADLINE + 11 * MINUTE, "Le rendu est clos depuis 23:10"),
    ],
)
def test_rule_that_applies_now(at, sentence, client_of, ada, comunik, dossier):
    browser = client_of(ada)

    with time_machine.travel(at, tick=False):
        page = browser.get(PAGE).content

    accepts = at == DEADLINE
    assert sentence in text_of(page)
    assert f'data-accepts="{"yes" if accepts else "no"}"' in page.decode()


@time_machine.travel(DEADLINE + 20 * MINUTE, tick=False)
def test_late_deposit_is_marked_where_it_is_accepted(client_of, ada, comunik, dossier):
    Edition.objects.update(late_policy="accept")
    deposit(dossier, comunik, ada, at=NOON)
    browser = client_of(ada)

    browser.post(f"{PAGE}{dossier.pk}/", {"file": pdf()})

    page = text_of(browser.get(PAGE).content)
    assert "est accepté, marqué « en retard »" in page
    assert "La version 2, arrivée en retard à 23:20:00, ne remplace pas la version 1." in page


@pytest.mark.parametrize("late_policy", ["accept", "refuse"])
def test_after_the_publication_the_page_names_no_false_instant_of_the_end(
    late_policy, client_of, ada, comunik, dossier
):
    published_at = DEADLINE + 20 * MINUTE
    Edition.objects.update(late_policy=late_policy, results_published_at=published_at)
    browser = client_of(ada)

    with time_machine.travel(published_at + SECOND, tick=False):
        page = text_of(browser.get(PAGE).content)

    assert "Le rendu est clos. Ce qui compte est ci-dessous." in page
    assert "Le rendu est clos depuis" not in page


def test_extension_is_shown(client_of, ada, eve, comunik, dossier):
    extend(eve, 15, team=comunik)

    page = text_of(client_of(ada).get(PAGE).content)

    assert "Délai accordé : +15 min, Panne de réseau" in page
    assert "commencé avant 23:15 peut finir jusqu’à 23:25" in page


def test_without_a_team_the_page_offers_nothing_that_may_be_closed(client_of, dan_user, edition):
    page = client_of(dan_user).get(PAGE).content.decode()

    assert "pas encore d’équipe" in page
    assert reverse("teams:mine") in page
    assert "Rejoignez" not in page


def test_without_an_edition(client_of, ada):
    assert client_of(ada).get(PAGE).status_code == 200


def test_fragment_does_not_contain_the_forms(client_of, ada, comunik, dossier, site_link):
    browser = client_of(ada)

    fragment = browser.get("/rendu/etat/").content.decode()

    assert "<form" not in fragment
    assert fragment.count("hx-swap-oob") == 9
    # By this the page finds out that the list of deliverables has changed.
    assert f'data-shown="{dossier.pk}-{site_link.pk}"' in fragment


def test_a_link_is_opened_and_not_downloaded(client_of, ada, eve, comunik, site_link):
    first, second = (
        deposits.deposit(site_link, comunik, url=url, begun_at=NOON, by=ada, at=NOON)
        for url in ("https://a.example/1", "https://a.example/2")
    )
    team, organizer = client_of(ada), client_of(eve)

    entry = reverse("submissions:entry", args=[comunik.pk])
    page, receipt = team.get(PAGE), team.get(reverse("submissions:receipt", args=[second.pk]))
    entered = organizer.get(f"{entry}?deliverable={site_link.pk}")
    control = organizer.get(reverse("control_room:team", args=[comunik.pk]))

    for address in (first.url, second.url):
        for answer in (page, entered):
            link = re.compile(f'href="{address}" rel="noopener [^>]*>\\s*Ouvrir le lien\\s*<')
            assert link.search(answer.content.decode())
    for answer in (page, entered):
        assert "Télécharger<" not in answer.content.decode()
    for answer in (receipt, control):
        assert f'href="{second.url}" rel="noopener' in answer.content.decode()
        assert "Ouvrir le lien" in answer.content.decode()


def test_same_number_of_queries_for_one_and_three(
    client_of, ada, comunik, infocom, dossier, django_assert_max_num_queries
):
    browser = client_of(ada)
    deposit(dossier, comunik, ada)
    counts = []
    for rows in (1, 3):
        while infocom.deliverables.count() < rows:
            other = Deliverable.objects.create(
                department=infocom, name=f"Lien {rows}", kind=DeliverableKind.LINK
            )
            deposits.deposit(
                other, comunik, url="https://a.example", begun_at=NOON, by=ada, at=NOON
            )
        with django_assert_max_num_queries(30) as captured:
            browser.get(PAGE)
        counts.append(len(captured))

    assert counts[0] == counts[1]
