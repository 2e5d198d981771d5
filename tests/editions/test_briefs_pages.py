from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.core.received_files import received_file
from hackathon.event.editions.models import Brief, BriefAttachment, Department, Milestone
from hackathon.event.editions.services import briefs
from tests.conftest import NOON

MARKER = "Zanzibar"
SECOND = timedelta(seconds=1)


@pytest.fixture
def secret(infocom, eve) -> Brief:
    return briefs.save(
        department=infocom,
        title=f"{MARKER} titre",
        body=f"{MARKER} texte",
        published_at=NOON,
        attachments=[received_file(MARKER.encode(), f"{MARKER}.txt")],
        by=eve,
        at=NOON - timedelta(days=1),
    )


@pytest.fixture
def attachment(secret) -> BriefAttachment:
    return secret.attachments.get()


def content(response: Any) -> bytes:
    found = response.getvalue() if response.streaming else response.content
    return text_of(found).encode() if found.startswith(b"%PDF") else found


def pages(attachment: BriefAttachment) -> list[str]:
    return [
        reverse("editions:briefs"),
        reverse("editions:brief", args=["INFOCOM"]),
        reverse("editions:brief-pdf", args=["INFOCOM"]),
        reverse("editions:attachment", args=[attachment.pk]),
    ]


@pytest.mark.parametrize("who", ["ada", "gil", "dan_user"])
def test_a_brief_is_404_before_its_instant(who, client_of, attachment, comunik, dan, request):
    browser = client_of(request.getfixturevalue(who))

    with time_machine.travel(NOON - SECOND, tick=False):
        answers = [browser.get(page) for page in pages(attachment)]

    assert [answer.status_code for answer in answers] == [200, 404, 404, 404]
    for answer in answers:
        assert MARKER.encode() not in content(answer)
    assert str(attachment.pk).encode() not in content(answers[0])


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize("offset", [0, 1])
def test_a_brief_is_readable_from_its_instant_on(offset, client_of, attachment, gil):
    browser = client_of(gil)

    with time_machine.travel(NOON + offset * SECOND, tick=False):
        answers = [browser.get(page) for page in pages(attachment)]

    for answer in answers:
        assert answer.status_code == 200
        assert MARKER.encode() in content(answer)


def test_the_pdf_has_the_whole_brief_and_reads_no_markup_of_typst(client_of, secret, gil):
    secret.body = (
        "# Une tête\n\nUn **gras**, un `code`, un [lien](https://example.org/)\nici."
        "\n\n3. trois\n   - dedans\n\n> citée\n\n---\n\n| a | b |\n|---|---|\n| 1 | $x$ |"
        "\n\n```\nligne un\n  deux\n```\n\n#panic() <b>nu</b> [non](javascript:x) \u202e![i](x.png)"
    )
    secret.save()

    with time_machine.travel(NOON, tick=False):
        answer = client_of(gil).get(reverse("editions:brief-pdf", args=["INFOCOM"]))

    text = content(answer).decode().replace("\u200b", "")
    for part in (
        "Une tête",
        "Un gras, un code, un lien",
        "3.",
        "dedans",
        "citée",
        "$x$",
        "ligne un",
    ):
        assert part in text
    assert "#panic() <b>nu</b>" in text
    assert f"{MARKER}.txt" in text
    assert answer["Content-Disposition"] == 'inline; filename="sujet-infocom.pdf"'
    assert answer["Cache-Control"] == "private, no-store"


def test_a_secret_brief_and_an_unknown_code_look_the_same(client_of, secret, gil):
    browser = client_of(gil)

    with time_machine.travel(NOON - SECOND, tick=False):
        found = [browser.get(f"/sujets/{code}/") for code in ("INFOCOM", "INCONNU")]

    assert [answer.status_code for answer in found] == [404, 404]
    bodies = [a.content.replace(b"INCONNU", b"INFOCOM") for a in found]
    assert without_tokens(bodies[0]) == without_tokens(bodies[1])
    other_each_time = {"Content-Length": "", "X-Request-ID": ""}
    assert dict(found[0].headers) | other_each_time == dict(found[1].headers) | other_each_time


def without_tokens(body: bytes) -> list[bytes]:
    return [line for line in body.splitlines() if b"csrf" not in line.lower()]


def test_the_page_does_not_reveal_whether_a_secret_brief_exists(client_of, secret, gil):
    browser = client_of(gil)

    with time_machine.travel(NOON - SECOND, tick=False):
        before = browser.get(reverse("editions:briefs")).content
        secret.delete()
        after = browser.get(reverse("editions:briefs")).content

    assert without_tokens(before) == without_tokens(after)


def test_the_page_counts_to_the_milestone_of_the_briefs_and_never_to_the_launch(
    client_of, edition, gil
):
    before = edition.starts_at - timedelta(hours=1)

    with time_machine.travel(before, tick=False):
        without = client_of(gil).get(reverse("editions:briefs")).content.decode()
        Milestone.objects.create(edition=edition, kind="briefs", label="Découverte", at=NOON)
        with_one = client_of(gil).get(reverse("editions:briefs")).content.decode()

    assert "Pas encore de sujet" in without
    assert "brief-wait" not in without
    assert "Découverte" in with_one
    assert "brief-wait" in with_one


def test_the_page_does_not_reveal_the_secret_instant(client_of, secret, edition, gil):
    moment = NOON + timedelta(minutes=7)
    Milestone.objects.create(edition=edition, kind="briefs", label="Découverte", at=moment)

    with time_machine.travel(NOON - SECOND, tick=False):
        page = client_of(gil).get(reverse("editions:briefs")).content.decode()

    assert 'datetime="2020-02-13T12:07:00+00:00"' in page or "12:07:00+00:00" in page
    assert "12:00:00+00:00" not in page
    assert "13:00:00" not in page


def test_htmx_gets_a_fragment(client_of, secret, gil):
    browser = client_of(gil)

    with time_machine.travel(NOON, tick=False):
        one = browser.get("/sujets/infocom/", headers={"HX-Request": "true"})

    assert one.content.strip().startswith(b'<article id="brief"')
    assert "HX-Request" in one["Vary"]


def test_organizers_read_a_secret_brief(client_of, attachment, eve):
    browser = client_of(eve)

    with time_machine.travel(NOON - SECOND, tick=False):
        answers = [browser.get(page) for page in pages(attachment)]

    for answer in answers:
        assert answer.status_code == 200
        assert MARKER.encode() in content(answer)


def test_an_attachment_has_its_file_name_and_cache_headers(client_of, brief, gil, eve):
    files = {name: received_file(b"x", name) for name in ("Été.pdf", "x.svg", "x.html")}
    kept = {
        name: briefs.attach(brief=brief, file=file, by=eve, at=NOON) for name, file in files.items()
    }
    browser = client_of(gil)

    with time_machine.travel(NOON, tick=False):
        answers = {
            name: browser.get(reverse("editions:attachment", args=[a.pk]))
            for name, a in kept.items()
        }
        download = browser.get(
            reverse("editions:attachment", args=[kept["Été.pdf"].pk]), {"download": ""}
        )

    pdf = answers["Été.pdf"]
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf["Content-Disposition"] == "inline; filename*=utf-8''%C3%89t%C3%A9.pdf"
    assert pdf["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "Cookie" in pdf["Vary"]
    assert download["Content-Disposition"].startswith("attachment")
    for name in ("x.svg", "x.html"):
        assert answers[name]["Content-Type"] == "application/octet-stream"
        assert answers[name]["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answers[name]["Content-Security-Policy"]
    for answer in (*answers.values(), download):
        content(answer)
        answer.close()


@pytest.mark.parametrize("who", ["gil", "eve"])
def test_query_count_of_the_list_does_not_depend_on_rows(
    who, client_of, brief, edition, eve, request
):
    browser = client_of(request.getfixturevalue(who))
    counts = []

    for number in (1, 3):
        for i in range(1, number):
            department = Department.objects.create(edition=edition, code=f"D{i}", name=f"D{i}")
            other = Brief.objects.create(
                department=department, title="x", body="x", published_at=NOON
            )
            briefs.attach(brief=other, file=received_file(b"x", "x"), by=eve, at=NOON)
        with time_machine.travel(NOON, tick=False), CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse("editions:briefs")).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_the_own_brief_comes_first_with_the_way_to_the_deliverables(
    client_of, cleo, eve, info, infocom, pixels
):
    for department in (infocom, info):
        briefs.save(
            department=department,
            title=department.name,
            body="x",
            published_at=NOON,
            by=eve,
            at=NOON,
        )

    with time_machine.travel(NOON, tick=False):
        page = client_of(cleo).get(reverse("editions:briefs")).content.decode()
        own = client_of(cleo).get(reverse("editions:brief", args=[info.code])).content.decode()
        other = client_of(cleo).get(reverse("editions:brief", args=["INFOCOM"])).content.decode()

    assert page.index(f'data-brief="{info.code}"') < page.index('data-brief="INFOCOM"')
    assert page.count("le vôtre") == 1
    assert "Ce que vous rendez" in page
    assert ("Ce que vous rendez" in own, "Ce que vous rendez" in other) == (True, False)
