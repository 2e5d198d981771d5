"""What a seal adds to the one before it, and seals from before the tree."""

import hashlib
import re
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.commitments import canonical
from hackathon.event.editions.enums import LatePolicy
from hackathon.event.editions.models import Edition
from submissions.models import Deliverable, Seal, Submission
from submissions.seals import services as seals
from submissions.seals.rules import SETTLE
from teams.models import Team
from tests.conftest import DEADLINE
from tests.submissions.audit.conftest import verify
from tests.submissions.conftest import MINUTE, PDF, deposit

GRACE = DEADLINE + 10 * MINUTE
AFTER = GRACE + 5 * MINUTE
pytestmark = pytest.mark.django_db


@pytest.fixture
def handed_in(comunik, pixels, dossier, ada) -> Submission:
    return deposit(dossier, comunik, ada, content=PDF * 100)


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    plain = re.sub("<[^>]*>", " ", answer.content.decode())
    return re.sub(r"[ \n\xa0]+", " ", plain)


def test_the_seal_after_the_grace_names_what_it_adds_and_replaces(
    edition, handed_in, comunik, dossier, slides, site_link, ada
):
    seals.make_due(edition, at=DEADLINE + SETTLE)
    again = deposit(dossier, comunik, ada, begun_at=DEADLINE, at=DEADLINE + MINUTE, content=PDF)
    seals.make_due(edition, at=GRACE + SETTLE)

    former = Seal.objects.get(department=comunik.department, moment="deadline")
    since = Seal.objects.get(department=comunik.department, moment="grace").manifest["since"]
    assert (since["moment"], since["digest"]) == ("deadline", former.digest)
    (change,) = since["changes"]
    assert (change["what"], change["team"], change["deliverable"]) == (
        "replaced",
        comunik.pk,
        dossier.pk,
    )
    assert change["before"]["sha256"] == handed_in.sha256
    assert change["after"]["sha256"] == again.sha256
    over_all = Seal.objects.get(department=None, moment="grace").manifest["since"]
    former_digest = Seal.objects.get(department=None, moment="deadline").digest
    assert over_all == {
        "moment": "deadline",
        "as_of": "2020-02-13T22:00:00Z",
        "digest": former_digest,
        "added": 0,
        "replaced": 1,
        "removed": 0,
    }
    assert former.manifest["since"] is None


def test_what_is_added_and_removed(edition, comunik, dossier, ada):
    edition.late_policy = LatePolicy.ACCEPT
    edition.save()
    seals.make_due(edition, at=DEADLINE + SETTLE)
    deposit(dossier, comunik, ada, begun_at=DEADLINE, at=DEADLINE + MINUTE)
    seals.make_due(edition, at=GRACE + SETTLE)

    seal = Seal.objects.get(department=comunik.department, moment="grace")
    assert [(c["what"], c["before"]) for c in seal.manifest["since"]["changes"]] == [
        ("added", None)
    ]


def replaced_in_the_grace(edition: Edition, deliverable: Deliverable, team: Team, by: User) -> None:
    seals.make_due(edition, at=DEADLINE + SETTLE)
    deposit(deliverable, team, by, begun_at=DEADLINE, at=DEADLINE + MINUTE, content=PDF)
    seals.make_due(edition, at=GRACE + SETTLE)


@time_machine.travel(AFTER, tick=False)
def test_organizers_read_each_change_and_everybody_their_number(
    edition, handed_in, comunik, dossier, client_of, ada, eve
):
    replaced_in_the_grace(edition, dossier, comunik, ada)
    part = Seal.objects.get(department=comunik.department, moment="grace")

    page = text_of(client_of(eve).get(reverse("submissions:seal", args=[part.pk])))
    assert "Depuis le scellé de 23:00:00" in page
    assert re.search("remplacé.*Com’unik · Dossier de stratégie .*version 1, 13:00:00", page)
    for path in ("/scelle/", f"/organisation/editions/{edition.slug}/scelles/"):
        page = text_of(client_of(eve).get(path))
        assert "Depuis le scellé de 23:00:00 : 1 remplacée" in page
    public = text_of(Client().get("/scelle/"))
    assert "Com’unik" not in public


def test_verify_seal_prints_what_a_seal_replaces(edition, handed_in, comunik, dossier, ada):
    replaced_in_the_grace(edition, dossier, comunik, ada)

    code, out = verify()

    assert code == 0
    again = hashlib.sha256(PDF).hexdigest()
    assert (
        "· Depuis le scellé du 13 février à 23:00:00, Com’unik · Dossier de stratégie : version 1,"
        f" à l’heure, {handed_in.sha256[:12]}… → version 2, dans la marge, {again[:12]}…."
    ) in out.replace("\xa0", " ")


def test_seals_from_before_the_tree_are_verified_as_before(edition, handed_in):
    seals.make_due(edition, at=DEADLINE + SETTLE)
    for seal in Seal.objects.order_by("department"):
        manifest = seal.manifest
        del manifest["format"], manifest["since"]
        manifest.pop("secret", None)
        for line in manifest.get("departments", ()):
            line["digest"] = old_digest(Seal.objects.get(department__code=line["code"]).manifest)
        seal.manifest, seal.digest = manifest, old_digest(manifest)
        seal.save()

    for seal in Seal.objects.all():
        assert verify("--seal", str(seal.pk))[0] == 0
    part = Seal.objects.filter(department=handed_in.team.department)
    part.update(digest="0" * 64)
    assert verify("--seal", str(part.get().pk))[0] == 1


def old_digest(manifest: dict[str, Any]) -> str:
    kept = {k: v for k, v in manifest.items() if k not in ("format", "since", "secret")}
    return hashlib.sha256(canonical(kept)).hexdigest()
