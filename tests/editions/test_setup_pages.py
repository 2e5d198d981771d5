import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.day.questions.models import CannedAnswer
from hackathon.event.editions.models import Brief, Department, Edition, Milestone
from tests.conftest import NOON
from tests.editions.pages import url
from tests.queries import queries_of

pytestmark = pytest.mark.time_machine(NOON, tick=False)

IDENTITY = {
    "name": "CCD 2020",
    "slug": "ccd-2020",
    "school": "IUT",
    "client": "GEGN",
    "timezone": "Europe/Paris",
    "team_size_min": 1,
    "team_size_max": 6,
    "winners_min": 2,
    "winners_max": 4,
}


def test_an_edition_is_created_from_a_name_and_a_day(edition, eve, client_of):
    answer = client_of(eve).post(
        reverse("editions:create"),
        {
            "name": "Crazy Charly Day 2021",
            "day": "2021-03-28",
            "timezone": "Europe/Paris",
            "usual_milestones": "on",
        },
    )

    created = Edition.objects.get(slug="crazy-charly-day-2021")
    assert answer["Location"] == reverse("setup:edition", args=[created.slug])
    assert created.registration_opens_at == datetime(2021, 3, 7, 7, tzinfo=UTC)
    assert created.state == "draft"
    assert created.deadline_at == datetime(2021, 3, 28, 21, tzinfo=UTC)
    assert created.milestones.count() == 7


def test_a_refused_edition_keeps_what_was_typed(edition, eve, client_of):
    answer = client_of(eve).post(
        reverse("editions:create"),
        {"name": "Neuf", "slug": "ccd-2020", "day": "2021-03-28", "timezone": "Europe/Paris"},
    )

    assert answer.status_code == 422
    assert 'value="Neuf"' in answer.content.decode()
    assert "déjà l’adresse" in answer.content.decode()


def test_a_clone_keeps_the_hours_on_its_day(edition, infocom, eve, client_of):
    wanted = {"name": "CCD 2021", "day": "2021-04-08", "parts": ["criteria"]}
    refused = client_of(eve).post(url("clone"), wanted)
    client_of(eve).post(url("clone"), {**wanted, "parts": ["criteria", "departments"]})

    assert "cochez aussi les départements" in refused.content.decode()

    cloned = Edition.objects.get(slug="ccd-2021")
    assert cloned.starts_at == datetime(2021, 4, 8, 6, 30, tzinfo=UTC)
    assert cloned.deadline_at == datetime(2021, 4, 8, 21, tzinfo=UTC)
    assert cloned.departments.get().code == "INFOCOM"


def test_the_identity_is_changed(edition, eve, client_of):
    browser = client_of(eve)

    refused = browser.post(url("identity"), IDENTITY | {"team_size_max": 0})
    unordered = browser.post(url("identity"), IDENTITY | {"winners_min": 5})
    answer = browser.post(url("identity"), IDENTITY)

    edition.refresh_from_db()
    assert [refused.status_code, unordered.status_code, answer.status_code] == [422, 422, 302]
    assert (edition.client, edition.team_size_max) == ("GEGN", 6)


@pytest.mark.parametrize("choice", ["shares_marks", "is_graded"])
def test_what_becomes_of_marks_is_a_choice_of_the_organizers(choice, edition, eve, client_of):
    browser = client_of(eve)

    browser.post(url("identity"), IDENTITY | {choice: "on"})
    page = browser.get(url("identity")).content.decode()

    edition.refresh_from_db()
    assert getattr(edition, choice)
    assert re.search(rf'name="{choice}"[^>]* checked', page)


def test_an_edition_is_shown(edition, eve, client_of):
    browser = client_of(eve)
    browser.post(url("clone"), {"name": "Autre", "day": "2021-04-08"})
    state = reverse("setup:state", args=["autre"])

    refused = browser.post(state, {"do": "show"})
    page = refused.content.decode()
    assert "est en cours" in page
    assert 'name="typed"' in page
    assert Edition.objects.current() == edition
    browser.post(state, {"do": "show", "typed": edition.name})

    assert Edition.objects.current() == Edition.objects.get(slug="autre")


def test_milestones_are_edited(edition, eve, client_of):
    browser = client_of(eve)
    typed = {"kind": "meal", "label": "Pizzas", "milestone_at": "2020-02-13T19:00"}

    browser.post(url("milestones"), typed)
    milestone = edition.milestones.get()
    assert milestone.at == datetime(2020, 2, 13, 18, tzinfo=UTC)

    browser.post(url("milestone", milestone.pk), typed | {"label": "Repas"})
    assert edition.milestones.get().label == "Repas"

    browser.post(url("milestone-delete", milestone.pk))
    assert not edition.milestones.exists()


def test_departments_are_edited(edition, eve, client_of):
    browser = client_of(eve)

    browser.post(url("departments"), {"departments": "gea Gestion et administration\n\ninfo;Info"})
    department, _ = edition.departments.all()
    assert [d.code for d in edition.departments.all()] == ["GEA", "INFO"]
    assert department.name == "Gestion et administration"
    taken = browser.post(url("departments"), {"departments": "MMI\tx\nGea\tx"})
    wrong = browser.post(url("departments"), {"departments": "MMI Multimédia\nG/2 x\nTC"})
    assert [taken.status_code, wrong.status_code] == [422, 422]
    assert edition.departments.count() == 2
    assert "a déjà le code" in taken.content.decode()
    page = wrong.content.decode()
    assert "MMI Multimédia" in page
    assert "Lettres majuscules, chiffres et tirets." in page
    assert "Ligne 3" in page

    browser.post(url("department", department.pk), {"code": "GEA", "name": "G", "position": "4"})
    department.refresh_from_db()
    assert (department.name, department.position) == ("G", 4)

    browser.post(url("department-delete", department.pk))
    assert edition.departments.get().code == "INFO"


def test_a_brief_is_written_with_files(edition, infocom, eve, client_of):
    browser = client_of(eve)
    page = url("brief-edit", infocom.pk)
    files = [SimpleUploadedFile(name, b"x") for name in ("a.pdf", "b.pdf")]

    answer = browser.post(
        page,
        {
            "title": "Titre",
            "body": "**gras**",
            "published_at": "2020-02-13T15:00",
            "attachments": files,
        },
    )

    brief = Brief.objects.get()
    assert answer["Location"] == page
    assert brief.published_at == datetime(2020, 2, 13, 14, tzinfo=UTC)
    assert [a.filename for a in brief.attachments.all()] == ["a.pdf", "b.pdf"]

    browser.post(url("attachment-remove", brief.attachments.get(filename="a.pdf").pk))
    assert [a.filename for a in brief.attachments.all()] == ["b.pdf"]


def test_a_brief_that_appears_or_disappears_at_once_is_asked(
    infocom, brief, comunik, eve, client_of
):
    browser, page = client_of(eve), url("brief-edit", infocom.pk)
    typed = {"title": brief.title, "body": brief.body}
    Brief.objects.update(published_at=NOON)

    def asked(published_at: str) -> str:
        before = Brief.objects.get()
        sent = typed | {"published_at": published_at}
        answer = browser.post(page, sent)
        brief.refresh_from_db()
        assert (answer.status_code, brief.published_at) == (200, before.published_at)
        assert browser.post(page, sent | {"confirmed": "brief"}).status_code == 200
        confirmed = sent | {"confirmed": answer.context["move"].key}
        assert browser.post(page, confirmed).status_code == 302
        return answer.content.decode().replace("\xa0", " ")

    assert "mais 2 étudiants l’ont peut-être déjà lu" in asked("2020-02-13T16:00")
    assert "Le sujet paraît aussitôt, pour 2 étudiants" in asked("2020-02-13T12:00")
    corrected = typed | {"published_at": "2020-02-13T12:00", "body": "Autre"}
    assert browser.post(page, corrected).status_code == 302


def test_a_preview_saves_nothing(infocom, eve, client_of):
    browser = client_of(eve)
    page = url("brief-edit", infocom.pk)
    typed = {"preview": "1", "title": "x", "published_at": "2020-02-13T15:00", "body": "**gras**"}

    part = browser.post(page, typed, headers={"HX-Request": "true"})
    whole = browser.post(page, typed)

    assert part.content.strip() == b'<div class="prose"><p><strong>gras</strong></p>\n</div>'
    assert "<strong>gras</strong>" in whole.content.decode()
    assert whole.status_code == 200
    assert not Brief.objects.exists()


@pytest.mark.parametrize("name", ["departments", "milestones"])
def test_query_counts_do_not_depend_on_rows(name, edition, infocom, brief, eve, client_of):
    browser = client_of(eve)
    counts = []

    for number in (1, 3):
        for i in range(1, number):
            user = User.objects.create_user(f"o{i}@example.org")
            edition.organizers.add(user)
            Milestone.objects.create(edition=edition, kind="meal", label="x", at=NOON)
            department = Department.objects.create(edition=edition, code=f"D{i}", name="x")
            Brief.objects.create(department=department, title="x", body="x", published_at=NOON)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url(name)).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_query_count_of_the_list_of_editions_does_not_depend_on_rows(edition, eve, client_of):
    browser = client_of(eve)
    counts = []

    for number in (1, 3):
        for i in range(1, number):
            browser.post(url("clone"), {"name": f"n{i}", "day": "2021-04-08"})
        counts.append(queries_of(lambda: browser.get(reverse("editions:list"))))

    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("timezone", "Europe/Pariss", "Fuseau inconnu"),
        ("timezone", "../etc/passwd", "Fuseau inconnu"),
        ("team_size_min", "0", "supérieure ou égale à 1"),
        ("winners_min", "0", "supérieure ou égale à 1"),
        ("winners_max", "99999", "inférieure ou égale à 1000"),
    ],
)
def test_an_unknown_time_zone_and_impossible_sizes_are_errors_of_their_fields(
    field, typed, message, edition, eve, client_of
):
    browser = client_of(eve)

    answer = browser.post(url("identity"), IDENTITY | {field: typed})

    assert answer.status_code == 422
    assert message in str(answer.context["form"].errors[field])
    assert typed in answer.content.decode()
    assert browser.get("/").status_code == 200


def test_canned_answers_are_added_changed_and_deleted(edition, eve, client_of):
    browser, canned = client_of(eve), reverse("questions:canned", args=[edition.slug])

    browser.post(canned, {"text": "Lisez le sujet."})
    made = CannedAnswer.objects.get()
    browser.post(
        reverse("questions:canned-edit", args=[edition.slug, made.pk]),
        {"text": "Lisez le sujet, section 2."},
    )
    shown = browser.get(canned).content.decode()
    browser.post(reverse("questions:canned-delete", args=[edition.slug, made.pk]))

    assert "Lisez le sujet, section 2." in shown
    assert not CannedAnswer.objects.exists()
