"""The lasting pages of editions: palmarès, envelopes and press page, whichever edition is shown."""

import json
import re
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hackathon.base.core.received_files import received_file
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Brief, Department, Edition
from hackathon.event.editions.services import editions
from hackathon.event.partners.models import ClientPage
from judging.ceremony.services import publication
from judging.ceremony.services import screens as ceremony
from judging.deliberation import envelope
from judging.models import Award, Ceremony, Deliberation, NominationSeal
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind
from submissions.inspection import services as inspections
from submissions.inspection.result import Result
from submissions.models import Deliverable, Seal
from submissions.seals import services as seals
from teams.enums import Circle
from teams.models import Membership, Team
from tests.conftest import NOON, make_user
from tests.judging.ceremony.past_editions import LATER, SENTENCE, YEAR, decide, past_edition
from tests.judging.conftest import MORNING, NIGHT, text_of
from tests.refusals import refuses

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(LATER, tick=False)]

PATHS = [
    "",
    "enveloppes/",
    "enveloppes/INFO.txt",
    "scelle/",
    "presse/",
    "presse.txt",
    "presse/?export=csv",
]


def answers(client: Client, slug: str) -> list[int]:
    return [client.get(f"/editions/{slug}/{path}").status_code for path in PATHS]


def test_three_editions_have_their_pages_while_a_fourth_is_live(client, edition, comunik):
    for years in (1, 2, 3):
        past_edition(str(2020 - years), years)

    index = text_of(client.get("/editions/"))
    pages = {year: text_of(client.get(f"/editions/{year}/")) for year in ("2019", "2018", "2017")}
    codes = {year: answers(client, year) for year in (*pages, "ccd-2020", "unknown")}

    assert codes == {
        **{year: [200] * len(PATHS) for year in pages},
        **{slug: [404] * len(PATHS) for slug in ("ccd-2020", "unknown")},
    }
    assert re.findall(r'href="/editions/([\w-]+)/"', index) == ["2019", "2018", "2017"]
    assert [f"Équipe INFO 0 de {year}" in index for year in pages] == [True] * 3
    for year, page in pages.items():
        for words in (
            f"<h1>Édition {year}</h1>",
            f"{int(year) - 2011}<sup>e</sup> édition",
            f"Histoire <strong>{year}</strong>",
            f"<dt>Client</dt> <dd> Client {year} </dd>",
            f"Partenaire {year}",
            f"Sujet : Sujet {year}",
            f"<b>Équipe INFO 0 de {year}</b>",
            f"Était aussi nommée :</span> <b>Équipe INFO 2 de {year}</b>",
        ):
            assert words in page, words
        assert not [other for other in pages if other != year and f"de {other}" in page]


def test_the_shown_edition_has_the_same_pages_and_keeps_its_own(client, locked, edition, eve):
    digest = Deliberation.objects.get().digest
    assert {client.get(f"/editions/ccd-2020/{path}").status_code for path in PATHS} == {404}

    publication.publish(edition=edition, by=eve, at=MORNING)

    lasting = text_of(client.get("/editions/ccd-2020/"))
    palmares = text_of(client.get("/palmares/"))
    for page in (lasting, palmares):
        assert "Com’unik" in page
        assert "Les Five" in page
    assert 'href="/editions/ccd-2020/"' in palmares
    files = [
        client.get(f"{base}enveloppes/INFOCOM.txt").content for base in ("/", "/editions/ccd-2020/")
    ]
    assert [sha256(file).hexdigest() for file in files] == [digest, digest]
    envelopes = text_of(client.get("/editions/ccd-2020/enveloppes/"))
    assert f'data-digest="{digest}"' in envelopes
    assert "Recalculée par le serveur : c’est l’empreinte annoncée." in envelopes
    assert 'href="/editions/ccd-2020/enveloppes/INFOCOM.txt"' in text_of(client.get("/enveloppes/"))


def test_the_pages_stay_when_another_edition_is_shown_and_go_when_theirs_is_hidden(
    client, locked, edition, eve
):
    edition = publication.publish(edition=edition, by=eve, at=MORNING)
    before = main_of(client, "/editions/ccd-2020/")
    next_year = past_edition("2021", -1)
    next_year.organizers.add(eve)
    Edition.objects.filter(pk=next_year.pk).update(results_published_at=None)

    editions.show(edition=next_year, by=eve, at=LATER, typed=edition.name)
    while_another_is_shown = main_of(client, "/editions/ccd-2020/")
    edition.refresh_from_db()
    editions.hide(edition=edition, by=eve, at=LATER, archived=True)
    archived = main_of(client, "/editions/ccd-2020/")
    editions.hide(edition=edition, by=eve, at=LATER)

    assert before == while_another_is_shown == archived
    assert {client.get(f"/editions/ccd-2020/{path}").status_code for path in PATHS} == {404}
    assert "ccd-2020" not in text_of(client.get("/editions/"))


def main_of(client: Client, address: str) -> str:
    """Without what makes it follow the shown edition."""
    main = text_of(client.get(address)).partition("<main")[2].partition("</main>")[0]
    return re.sub(r' data-shows="[^"]*"', "", main)


@pytest.mark.parametrize("who", ["anonymous", "ada", "diane_user", "eve"])
@pytest.mark.parametrize("published_at", [None, LATER + timedelta(seconds=1)])
def test_before_the_publication_an_edition_looks_like_an_unknown_one(
    who, published_at, locked, edition, client_of, request
):
    """Also by its queries, and while the ceremony shows the winners."""
    Edition.objects.update(deliberated_at=NIGHT, results_published_at=published_at)
    eve = request.getfixturevalue("eve")
    if published_at is None:
        edition.refresh_from_db()
        ceremony.start(edition=edition, rehearsal=False, by=eve, at=MORNING)
        Ceremony.objects.update(step=99)
    browser = Client() if who == "anonymous" else client_of(request.getfixturevalue(who))

    def seen(slug: str, path: str) -> tuple[int, str, list[str]]:
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get(f"/editions/{slug}/{path}")
        body = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"\w+"', "", text_of(answer))
        body = body.replace("/ccd-2020/chercher/", "")  # an organizer's link, of the shown edition
        queries = [query["sql"].replace(slug, "…") for query in captured]
        return answer.status_code, body.replace(slug, "…"), queries

    browser.get("/editions/ccd-2020/")  # what the process keeps is read
    for path in PATHS:
        assert seen("ccd-2020", path) == seen("unknown", path)
        assert seen("ccd-2020", path)[0] == 404
    assert "ccd-2020" not in main_of(browser, "/editions/")


def test_a_secret_client_and_brief_stay_secret_in_a_published_edition(client):
    edition = past_edition("2019", 1)
    ClientPage.objects.create(edition=edition, text="Texte", public_at=LATER + timedelta(days=1))
    Brief.objects.update(published_at=LATER + timedelta(days=1))

    for path in ("/editions/", "/editions/2019/", "/editions/2019/presse/"):
        page = text_of(client.get(path))
        assert "Édition 2019" in page
        assert "Client 2019" not in page
        assert "Sujet 2019" not in page
    assert "Client 2019" not in client.get("/editions/2019/presse.txt").content.decode()


def test_names_and_pictures_are_of_winners_who_agreed(client, locked, edition, comunik, eve, ada):
    poster = Deliverable.objects.create(
        department=locked, name="Affiche", kind=DeliverableKind.FILE
    )
    file = received_file(b"%PDF-1.4 poster", "affiche.pdf")
    work = deposits.deposit(poster, comunik, file=file, begun_at=NOON, by=ada, at=NOON)
    inspections.record(work, Result({"type": "pdf"}, thumbnail=b"RIFF"), at=NOON)
    publication.publish(edition=edition, by=eve, at=MORNING)
    Membership.objects.filter(user=ada).update(shows_name=True)
    nominated = Team.objects.get(name="Bocal à idées")
    Membership.objects.create(
        edition=edition,
        team=nominated,
        user=make_user("zoe@example.org", "Zoé"),
        joined_at=NOON,
        shows_name=True,
    )

    without = text_of(client.get("/palmares/")) + text_of(client.get("/editions/ccd-2020/presse/"))
    Membership.objects.filter(team=comunik).update(shows_works_to=Circle.EVERYBODY)

    assert "palmares/images" not in without
    assert "palmares/images" in text_of(client.get("/palmares/"))
    for path in ("", "presse/", "presse.txt", "presse/?export=csv"):
        page = client.get(f"/editions/ccd-2020/{path}").content.decode()
        assert ada.name in page, path
        assert "Ben" not in page
        assert "Zoé" not in page
        assert "palmares/images" not in page
        assert "example.org" not in page.replace("example.org/", "")


def test_the_seals_over_all_are_public_and_those_of_departments_are_not(client, edition):
    past = past_edition("2019", 1)
    Edition.objects.filter(slug="2019").update(results_published_at=None)
    past.refresh_from_db()
    seals.make_due(past, at=past.deadline_at + YEAR)
    Edition.objects.filter(slug="2019").update(results_published_at=LATER)
    past_edition("2018", 2)
    over_all = Seal.objects.filter(department=None)
    files = {
        (slug, seal.pk): client.get(f"/editions/{slug}/scelle/{seal.pk}.json")
        for slug in ("2019", "2018", "ccd-2020")
        for seal in Seal.objects.all()
    }

    page = text_of(client.get("/editions/2019/scelle/"))

    assert len(over_all) == 2
    for seal in over_all:
        assert f'href="/editions/2019/scelle/{seal.pk}.json"' in page
        assert json.loads(files["2019", seal.pk].content) == seal.manifest
    answered = {pks for pks, file in files.items() if file.status_code == 200}
    assert answered == {("2019", seal.pk) for seal in over_all}
    assert "Équipe INFO" not in page
    assert "Aucun scellé" in text_of(client.get("/editions/2018/scelle/"))


def test_the_press_page_says_the_same_as_text_and_as_a_file(client):
    edition = past_edition("2019", 1)
    Award.objects.create(
        deliberation=Deliberation.objects.get(), team=Team.objects.last(), title="Audace & <cran>"
    )

    page = text_of(client.get("/editions/2019/presse/"))
    file = client.get("/editions/2019/presse.txt")
    table = client.get("/editions/2019/presse/?export=csv").content.decode("utf-8-sig")

    text = file.content.decode().replace("\xa0", " ").replace("\u202f", " ")
    assert file["Content-Disposition"] == 'attachment; filename="presse-2019.txt"'
    assert text.splitlines() == [
        "Édition 2019",
        "8e édition · mercredi 13 février 2019 · IUT",
        "",
        SENTENCE,
        "",
        "Client : Client 2019",
        "Partenaires : Partenaire 2019",
        "Équipes : 3",
        "Participants : 3",
        "Palmarès : http://testserver/editions/2019/",
        "",
        "DÉPT INFO",
        "Sujet : Sujet 2019",
        "1er prix : Équipe INFO 0 de 2019, Projet 0",
        "2e prix : Équipe INFO 1 de 2019, Projet 1",
        "Audace & <cran> : Équipe INFO 2 de 2019, Projet 2",
        "",
        "Histoire **2019**",
    ]
    assert "Audace &amp; &lt;cran&gt;" in page
    assert "Audace & <cran>" not in page
    assert f"DÉPT INFO Sujet : {edition.name.replace('Édition', 'Sujet')}" in page
    assert '"Équipe INFO 0 de 2019";"Projet 0"' in table


@pytest.mark.parametrize(
    "address", ["", "2019/", "2019/enveloppes/", "2019/scelle/", "2019/presse/"]
)
def test_queries_do_not_grow_with_winners_departments_and_editions(
    client, edition, comunik, address
):
    def queries() -> int:
        client.get(f"/editions/{address}")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/editions/{address}").status_code == 200
        return len(captured)

    small = past_edition("2019", 1, winners=1)
    few = queries()
    small.slug = "2014"
    small.save()
    past_edition("2019", 1, winners=4, departments=3)
    for years in (2, 3, 4):
        past_edition(str(2020 - years), years)

    assert queries() == few


def test_two_acts_cost_no_query_for_each_department(client):
    def queries() -> int:
        client.get("/editions/2019/enveloppes/")
        with CaptureQueriesContext(connection) as captured:
            page = text_of(client.get("/editions/2019/enveloppes/"))
        assert page.count("équipes nommées") == Deliberation.objects.count()
        return len(captured)

    def announce_nominations() -> None:
        for decision in Deliberation.objects.filter(nomination_seal=None):
            nominees = decision.nominations.values_list("team__name", flat=True)
            results = envelope.results_of(
                edition="2019",
                department=decision.department.code,
                locked_at=NIGHT,
                nominees=list(nominees),
            )
            salt, digest = envelope.close(results)
            NominationSeal.objects.create(
                deliberation=decision,
                locked_at=NIGHT,
                locked_by=decision.locked_by,
                salt=salt,
                digest=digest,
                record={"results": results},
            )

    edition = past_edition("2019", 1)
    announce_nominations()
    few = queries()
    for code in ("GEA", "MMI"):
        department = Department.objects.create(edition=edition, code=code, name=code)
        decide(department, winners=2, before=YEAR)
    announce_nominations()

    assert queries() == few


def test_the_home_page_leads_to_other_editions_if_there_are_any(client, locked, edition, eve):
    def leads() -> bool:
        return 'href="/editions/"' in text_of(client.get("/"))

    alone = leads()
    publication.publish(edition=edition, by=eve, at=MORNING)
    only_itself = leads()
    past_edition("2019", 1)
    with_another = leads()
    Edition.objects.filter(pk=edition.pk).update(results_published_at=None)
    not_yet_published = leads()
    Edition.objects.filter(pk=edition.pk).update(is_current=False)
    without_a_shown_one = leads()

    assert (alone, only_itself) == (False, False)
    assert (with_another, not_yet_published, without_a_shown_one) == (True, True, True)


def test_the_slug_changes_until_the_publication_and_then_stays(edition, locked, eve):
    edition = editions.update(edition=edition, slug="2020", by=eve, at=MORNING)
    publication.publish(edition=edition, by=eve, at=MORNING)

    with refuses(EditionRefusal.SLUG_IS_PUBLIC):
        editions.update(edition=edition, slug="2021", name="Nom", by=eve, at=LATER)
    renamed = editions.update(edition=edition, slug="2020", name="Nom", by=eve, at=LATER)

    assert (renamed.slug, renamed.name) == ("2020", "Nom")
