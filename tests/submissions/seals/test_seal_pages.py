import hashlib
import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.base.core.typography import spaced
from hackathon.event.editions.models import Edition
from submissions.models import Seal, Submission
from submissions.seals import services as seals
from submissions.seals.leaves import digest_of
from submissions.seals.rules import SETTLE
from tests.conftest import DEADLINE, NOON
from tests.submissions.conftest import MINUTE, deposit

GRACE = DEADLINE + 10 * MINUTE
PUBLIC = ["/scelle/", "/ecran/", "/ecran/scene/", "/", "/api/v1/seals/"]
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(DEADLINE + MINUTE, tick=False)]


@pytest.fixture
def handed_in(comunik, pixels, dossier, ada) -> Submission:
    return deposit(dossier, comunik, ada)


@pytest.fixture
def seal(edition, handed_in) -> Seal:
    (made,) = seals.make_due(edition, at=DEADLINE + SETTLE)
    return made


def text(response: Any) -> str:
    assert response.status_code == 200
    return re.sub(r"[ \n]+", " ", response.content.decode())


def grouped(digest: str) -> str:
    return "</span> <span>".join(digest[start : start + 4] for start in (0, 4, 8, 12))


@time_machine.travel(NOON, tick=False)
def test_before_the_deadline_the_next_seal_is_announced(edition, comunik):
    page = text(Client().get("/scelle/"))

    assert "Rien n’est encore scellé" in page
    assert spaced("Prochain scellé : jeu. 13 fév., 23:00 (à l’heure limite)") in page
    assert "scene-seal" not in text(Client().get("/ecran/"))
    assert "Le scellé" not in text(Client().get("/"))


@time_machine.travel(DEADLINE + timedelta(seconds=5), tick=False)
def test_after_the_deadline_the_seal_is_pending(edition, comunik):
    assert "Ce qui comptait à 23:00:00 est en train d’être scellé" in text(Client().get("/scelle/"))
    assert "On scelle ce qui comptait à <b>23:00:00</b>" in text(Client().get("/ecran/"))


def test_digests_and_counts_are_public(seal):
    page = text(Client().get("/scelle/"))

    assert "1 équipe, 1 dépôt" in page
    assert "jeudi 13 février à 23:00:00, à l’heure limite" in page
    assert spaced("Prochain scellé : jeu. 13 fév., 23:10 (après la marge)") in page
    assert grouped(seal.digest) in page
    for part in Seal.objects.exclude(department=None):
        assert grouped(part.digest) in page
    assert 'data-fragment="public-seals"' in page


def test_the_projector_shows_the_seal(seal):
    page = text(Client().get("/ecran/"))

    assert "Scellé à <b>23:00:00</b>" in page
    assert "1 équipe, 1 dépôt" in page
    assert grouped(seal.digest) in page
    assert "testserver/scelle/" in page
    assert "seal" in page.partition("data-shows=")[2].partition(">")[0].split()
    assert text(Client().get("/ecran/scene/")).count("scene-seal-digest") == 1


def test_the_former_seal_is_hidden_after_a_later_deadline(seal, edition):
    Edition.objects.update(
        deadline_at=DEADLINE + 30 * MINUTE, judging_opens_at=DEADLINE + 60 * MINUTE
    )

    for path in ("/ecran/", "/"):
        now = re.sub(
            "<template.*?</template>", "", text(Client().get(path))
        )  # not its later states
        assert "Scellé à" not in now
    assert grouped(seal.digest) in text(Client().get("/scelle/"))


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_do_not_show_the_content_of_a_seal(path, seal, handed_in):
    page = text(Client().get(path))

    for secret in (
        handed_in.sha256,
        handed_in.sha256[:8],
        handed_in.receipt.code,
        handed_in.filename,
        handed_in.deliverable.name,
    ):
        assert secret not in page


def test_the_downloaded_manifest_has_the_digest(seal, client_of, eve):
    part = Seal.objects.get(department__code="INFOCOM")
    for browser, found in ((Client(), seal), (client_of(eve), part)):
        answer = browser.get(reverse("submissions:seal-manifest", args=[found.pk]))
        content = json.loads(answer.content)
        assert content.get("manifest", content) == found.manifest
        assert answer["Content-Disposition"].startswith('attachment; filename="scelle-ccd-2020-')
    part.manifest = {name: part.manifest[name] for name in ("teams", "department", "as_of")}
    part.save()  # as before the tree
    answer = client_of(eve).get(reverse("submissions:seal-manifest", args=[part.pk]))
    assert hashlib.sha256(answer.content).hexdigest() == digest_of(part.manifest)


def test_the_manifest_of_a_department_is_for_organizers(seal, client_of, ada, dan):
    part = Seal.objects.get(department__code="INFOCOM")
    paths = [
        reverse("submissions:seal-manifest", args=[part.pk]),
        reverse("api:seal", args=[part.pk]),
    ]

    for browser in (Client(), client_of(ada), client_of(dan.user)):
        assert [browser.get(path).status_code for path in paths] == [404, 404]
        assert browser.get(reverse("submissions:seal", args=[part.pk])).status_code in (302, 404)


@time_machine.travel(GRACE + MINUTE, tick=False)
def test_organizers_see_every_seal_and_the_latest_is_marked(seal, edition, client_of, eve):
    seals.make_due(edition, at=GRACE + SETTLE)

    page = text(client_of(eve).get("/organisation/editions/ccd-2020/scelles/"))

    last = Seal.objects.get(department=None, moment="grace")
    assert page.index(grouped(last.digest)) < page.index(grouped(seal.digest))
    assert page.count("le dernier") == 1
    assert page.index("le dernier") < page.index(grouped(last.digest))
    for part in Seal.objects.exclude(department=None):
        assert reverse("submissions:seal", args=[part.pk]) in page


def test_the_seals_are_exported(seal, edition, client_of, eve):
    page = reverse("submissions:seals", args=[edition.slug])

    file = client_of(eve).get(page, {"export": "csv"}).content.decode("utf-8-sig")

    header, *lines = (line.split(";") for line in file.replace('"', "").splitlines())
    assert header[:3] == ["Instant", "Moment", "Livrables"]
    over_all = Seal.objects.get(department=None)
    assert [line[2:8] for line in lines] == [
        ["", d["code"], str(d["teams"]), str(d["deposits"]), d["digest"], over_all.digest]
        for d in over_all.manifest["departments"]
    ]


def test_the_manifest_as_a_table(seal, handed_in, client_of, eve):
    part = Seal.objects.get(department__code="INFOCOM")

    page = text(client_of(eve).get(reverse("submissions:seal", args=[part.pk])))

    for expected in (
        "Com’unik",
        "Dossier de stratégie",
        "13:00:00",
        handed_in.sha256,
        handed_in.receipt.code,
    ):
        assert expected in page
    over_all = reverse("submissions:seal", args=[seal.pk])
    assert client_of(eve).get(over_all).status_code == 404


def test_teams_see_the_seal(seal, client_of, ada):
    page = text(client_of(ada).get("/rendu/"))

    assert f"Scellé à 23:00:00 · empreinte {seal.digest[:8]}…" in page


@time_machine.travel(NOON, tick=False)
def test_teams_see_no_seal_before_the_deadline(client_of, ada, comunik):
    assert "deposits-seal" not in text(client_of(ada).get("/rendu/"))


def test_the_api(seal, client_of, eve):
    (body,) = Client().get("/api/v1/seals/").json()

    parts = {s.department.code: s for s in Seal.objects.exclude(department=None) if s.department}
    assert body == {
        "id": seal.pk,
        "moment": "deadline",
        "as_of": "2020-02-13T22:00:00Z",
        "due_at": None,
        "made_at": "2020-02-13T22:00:25Z",
        "digest": seal.digest,
        "teams": 1,
        "deposits": 1,
        "departments": [
            {
                "code": code,
                "name": name,
                "digest": parts[code].digest,
                "teams": number,
                "deposits": number,
                "seal": parts[code].pk,
            }
            for code, name, number in (
                ("INFO", "Informatique", 0),
                ("INFOCOM", "Information et Communication", 1),
            )
        ],
    }
    assert Client().get(f"/api/v1/seals/{seal.pk}/").json() == seal.manifest
    part = parts["INFOCOM"]
    assert client_of(eve).get(f"/api/v1/seals/{part.pk}/").json() == part.manifest


def test_without_an_edition_the_page_is_empty(db):
    assert "Rien n’est encore scellé" in text(Client().get("/scelle/"))
    assert Client().get("/api/v1/seals/").json() == []


def test_the_admin_is_read_only(seal, client_of, eve):
    eve.is_staff = eve.is_superuser = True
    eve.save()
    browser = client_of(eve)

    assert seal.digest in text(browser.get("/admin/submissions/seal/"))
    assert browser.get("/admin/submissions/seal/add/").status_code == 403
    assert browser.post(f"/admin/submissions/seal/{seal.pk}/delete/").status_code == 403
    assert Seal.objects.filter(pk=seal.pk).exists()


@time_machine.travel(GRACE + MINUTE, tick=False)
@pytest.mark.parametrize("path", ["/scelle/", "/organisation/editions/ccd-2020/scelles/"])
def test_the_same_number_of_queries_for_one_seal_and_three(
    path, seal, edition, client_of, eve, django_assert_max_num_queries
):
    browser = client_of(eve)
    counts = []
    for moved in (0, 5):
        Edition.objects.update(deadline_at=DEADLINE - moved * MINUTE)
        edition.refresh_from_db()
        seals.make_due(edition, at=GRACE + SETTLE)
        with django_assert_max_num_queries(30) as captured:
            browser.get(path)
        counts.append(len(captured))

    assert Seal.objects.filter(department=None).count() == 4
    assert counts[0] == counts[1]
