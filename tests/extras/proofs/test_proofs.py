import base64
import copy
import hashlib
import json
import re
import runpy
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.extras.proofs import selectors as proofs
from hackathon.extras.proofs.errors import ProofRefusal
from submissions.models import Deliverable, Seal, Submission
from submissions.seals import leaves
from submissions.seals import services as seals
from submissions.seals.rules import SETTLE
from tests.conftest import DEADLINE, NOON
from tests.submissions.conftest import MINUTE, PDF, deposit

ClientOf = Callable[[User], Client]
GRACE = DEADLINE + 10 * MINUTE
AFTER = GRACE + 5 * MINUTE
SECOND_PROGRAM = settings.BASE_DIR / "hackathon/extras/proofs/verify_proof.py"
verifier = runpy.run_path(str(SECOND_PROGRAM))
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(DEADLINE + MINUTE, tick=False)]


@pytest.fixture
def handed_in(comunik, pixels, dossier, ada) -> Submission:
    return deposit(dossier, comunik, ada, content=PDF * 100)


@pytest.fixture
def sealed(edition, handed_in) -> Submission:
    seals.make_due(edition, at=DEADLINE + SETTLE)
    return handed_in


def digest(moment: str = "deadline") -> str:
    return Seal.objects.get(department=None, moment=moment).digest


def document(page: bytes) -> dict[str, Any]:
    return verifier["document_of"](page.decode())


def differences(proof: dict[str, Any], *files: Path) -> list[str]:
    return verifier["differences"](proof, digest(), [str(file) for file in files])


def downloaded(client_of: ClientOf, user: User, submission: Submission) -> dict[str, Any]:
    answer = client_of(user).get(reverse("proofs:proof", args=["ccd-2020", submission.pk]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="preuve-')
    return document(answer.content)


# ---------------------------------------------------------------- what a proof says


def test_the_api_proves_a_deposit_with_the_digest_of_the_edition(sealed, client_of, ada):
    proof = client_of(ada).get(f"/api/v1/submissions/{sealed.pk}/proof/").json()

    assert proof["root"] == Seal.objects.get(department=None).digest
    assert (proof["tree_size"], proof["index"]) == (6, 5)  # heads of three, two teams, a deposit
    assert (proof["moment"], proof["as_of"]) == ("deadline", "2020-02-13T22:00:00Z")
    assert verifier["differences"](proof, proof["root"]) == []
    leaf = json.loads(base64.b64decode(proof["leaf"]))
    assert leaf["deposit"]["sha256"] == sealed.sha256
    assert leaf["deposit"]["receipt"] == sealed.receipt.code
    assert leaf["team"]["name"] == "Com’unik"


def test_a_proof_whose_path_does_not_fit_is_not_in_the_seal(sealed, client_of, ada):
    whole = downloaded(client_of, ada, sealed)
    proof = whole["proofs"][0]
    sizes = [{"tree_size": size} for size in (0, -1, 1, 10**30)]
    indexes = [{"index": index} for index in (-1, proof["tree_size"])]
    paths = [{"path": proof["path"][:-1]}, {"path": []}, {"path": [*proof["path"], "00" * 32]}]

    for changes in (*sizes, *indexes, *paths):
        found = differences({**whole, "proofs": [{**proof, **changes}]})
        assert "not in the seal with this digest" in found, changes
    assert differences({**whole, "proofs": [{**proof, "nodes": []}]}) == ["leaf"]


def test_a_proof_is_for_the_team_and_the_organizers(sealed, client_of, ada, eve, cleo):
    paths = [
        reverse("proofs:proof", args=["ccd-2020", sealed.pk]),
        f"/api/v1/submissions/{sealed.pk}/proof/",
    ]

    for user, status in ((ada, 200), (eve, 200), (cleo, 404)):
        assert [client_of(user).get(path).status_code for path in paths] == [status, status]


def test_a_leaf_cannot_be_guessed_from_what_it_says(sealed):
    leaf = json.loads(proofs.proofs_of(sealed, at=AFTER)[0].leaf)
    salts = {
        json.loads(each.content)["salt"]
        for part in Seal.objects.exclude(department=None)
        for each in leaves.leaves_of(part.manifest)
    }

    assert re.fullmatch("[0-9a-f]{64}", leaf["salt"])
    assert len(salts) == 5  # one per leaf
    secret = Seal.objects.get(department=sealed.team.department).manifest["secret"]
    assert secret not in proofs.proofs_of(sealed, at=AFTER)[0].leaf.decode()


def test_a_proof_shows_nothing_of_other_teams(
    edition, handed_in, pixels, client_of, ada, cleo, info
):
    asked = Deliverable.objects.create(department=info, name="Schéma", kind="file")
    other = deposit(asked, pixels, cleo, content=PDF + b"pixels", name="secret.pdf")
    seals.make_due(edition, at=DEADLINE + SETTLE)

    page = (
        client_of(ada)
        .get(reverse("proofs:proof", args=["ccd-2020", handed_in.pk]))
        .content.decode()
    )

    secrets = [part.manifest["secret"] for part in Seal.objects.exclude(department=None)]
    hidden = (other.sha256, other.receipt.code, "secret.pdf", pixels.name, "Schéma", *secrets)
    assert [text for text in hidden if text in page] == []


def test_late_and_early_seals_have_the_same_digests(edition, handed_in):
    seals.make_due(edition, at=DEADLINE + SETTLE)
    seals.make_due(edition, at=GRACE + SETTLE)
    at_once = {(s.moment, s.department_id, s.digest) for s in Seal.objects.all()}
    Seal.objects.all().delete()

    seals.make_due(edition, at=DEADLINE + timedelta(hours=9))

    assert {(s.moment, s.department_id, s.digest) for s in Seal.objects.all()} == at_once


@pytest.mark.parametrize(
    "name", ["edition", "deadline_at", "grace_seconds", "name", "deliverables", "since"]
)
def test_what_the_manifest_says_besides_deposits_is_in_the_digest(name, sealed):
    manifest = Seal.objects.get(department=sealed.team.department).manifest
    before = leaves.digest_of(manifest)

    for part in (manifest, manifest["teams"][0]):
        if name in part:
            changed = copy.deepcopy(manifest)
            (changed if part is manifest else changed["teams"][0])[name] = "another"
            assert leaves.digest_of(changed) != before


def test_a_team_that_handed_in_nothing_is_in_the_digest(sealed, pixels):
    manifest = Seal.objects.get(department=pixels.department).manifest
    without = {**manifest, "teams": []}

    assert manifest["teams"][0]["deposits"] == []
    assert leaves.digest_of(without) != leaves.digest_of(manifest)


# ---------------------------------------------------------------- when there is none


def refusal(submission: Submission, at: Any) -> str:
    with pytest.raises(Refused) as refused:
        proofs.proofs_of(submission, at=at)
    assert "{" not in refused.value.refusal.message
    return refused.value.refusal.code


@time_machine.travel(NOON + MINUTE, tick=False)
def test_before_the_seal_the_refusal_says_when(handed_in, client_of, ada):
    answer = client_of(ada).get(f"/api/v1/submissions/{handed_in.pk}/proof/")
    page = client_of(ada).get(reverse("proofs:proof", args=["ccd-2020", handed_in.pk]), follow=True)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_sealed_yet")
    assert "23:00" in answer.json()["detail"]
    assert page.redirect_chain == [(f"/depots/{handed_in.pk}/recu/", 302)]
    assert "revenez peu après le jeu. 13 fév., 23:00" in page.content.decode().replace("\xa0", " ")


def test_a_version_that_never_counted_is_refused(edition, handed_in, comunik, dossier, ada):
    deposit(dossier, comunik, ada, at=NOON + MINUTE, content=PDF + b"2")
    seals.make_due(edition, at=AFTER)

    assert refusal(handed_in, AFTER) == ProofRefusal.NOT_SEALED


def test_a_damaged_seal_gives_no_proof(sealed):
    part = Seal.objects.get(department=sealed.team.department)
    part.manifest["teams"][0]["deposits"][0]["size"] = 1
    part.save()
    assert refusal(sealed, AFTER) == ProofRefusal.SEAL_DAMAGED

    Seal.objects.filter(pk=part.pk).update(manifest={"teams": 7})
    assert refusal(sealed, AFTER) == ProofRefusal.SEAL_DAMAGED


def test_seals_from_before_the_tree_give_no_proof(edition, sealed):
    seals.make_due(edition, at=AFTER)
    for seal in Seal.objects.all():
        del seal.manifest["format"], seal.manifest["since"]
        seal.manifest.pop("secret", None)
        seal.save()

    assert refusal(sealed, AFTER) == ProofRefusal.SEAL_WITHOUT_TREE


# ---------------------------------------------------------------- verified by another program


@time_machine.travel(AFTER, tick=False)
def test_one_file_has_the_proofs_of_all_seals(edition, sealed, client_of, ada, tmp_path):
    seals.make_due(edition, at=AFTER)
    file = tmp_path / "dossier.pdf"
    file.write_bytes(PDF * 100)

    proof = downloaded(client_of, ada, sealed)

    assert len(proof["proofs"]) == 2
    for moment in ("deadline", "grace"):
        for length in (16, 64):
            typed = digest(moment)[:length].upper()
            assert verifier["differences"](proof, typed, [str(file)]) == []
    assert verifier["differences"](proof, digest()[:15]) != []
    assert verifier["differences"](proof, "0" * 16) == ["not in the seal with this digest"]


def flipped(content: bytes) -> Iterator[bytes]:
    for bit in range(len(content) * 8):
        altered = bytearray(content)
        altered[bit // 8] ^= 1 << bit % 8
        yield bytes(altered)


def test_one_bit_anywhere_is_named(sealed, client_of, ada, tmp_path):
    whole = downloaded(client_of, ada, sealed)
    (proof,) = whole["proofs"]

    for leaf in flipped(base64.b64decode(proof["leaf"])):
        altered = {**proof, "leaf": base64.b64encode(leaf).decode()}
        assert "leaf" in differences({**whole, "proofs": [altered]})
    for step, sibling in enumerate(proof["path"]):
        for other in flipped(bytes.fromhex(sibling)):
            path = [*proof["path"][:step], other.hex(), *proof["path"][step + 1 :]]
            found = differences({**whole, "proofs": [{**proof, "path": path}]})
            last = step + 1 == len(path)
            assert ("root" if last else f"step {step + 1} of the path") in found
    for root in flipped(bytes.fromhex(proof["root"])):
        assert differences({**whole, "proofs": [{**proof, "root": root.hex()}]}) == ["root"]
    file = tmp_path / "dossier.pdf"
    size = whole["blocks"]["size"]
    for bit, content in enumerate(flipped(PDF * 100)):
        if bit % 97 == 0:  # of about 38,000 bits
            file.write_bytes(content)
            start = bit // 8 // size * size
            where = f"{file}: differs in bytes {start} to {start + size - 1}"
            assert differences(whole, file) == [f"{file}: not what was received", where]


def test_the_page_loads_and_sends_nothing(sealed, client_of, ada):
    page = (
        client_of(ada).get(reverse("proofs:proof", args=["ccd-2020", sealed.pk])).content.decode()
    )

    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    allowed = policy[1].replace("&#x27;", "'")
    for tag, directive in (("style", "style-src"), ('script type="module"', "script-src")):
        text = re.search(rf"<{tag}>(.*?)</{tag.split()[0]}>", page, re.DOTALL)
        assert text
        made = base64.b64encode(hashlib.sha256(text[1].encode()).digest()).decode()
        assert f"{directive} 'sha256-{made}'" in allowed
    assert "default-src 'none'" in allowed
    assert re.findall(r"""(?:src|href)=|url\(|\bimport\b.*["']|fetch\(""", page) == []


def test_without_the_file_the_page_still_proves(sealed):
    Path(sealed.file.path).unlink()

    made = proofs.document(sealed, proofs.proofs_of(sealed, at=AFTER))

    assert made["blocks"] is None
    assert differences(made) == []


def test_everybody_can_verify_the_manifest_over_all(sealed):
    seal = Seal.objects.get(department=None)

    answer = Client().get(reverse("proofs:seal", args=["ccd-2020", seal.pk]))

    public = json.loads(answer.content)
    assert public["manifest"] == seal.manifest
    assert verifier["differences"](public, seal.digest) == []
    public["manifest"]["departments"][0]["digest"] = "0" * 64
    assert verifier["differences"](public, seal.digest) != []


# ---------------------------------------------------------------- the attack


def test_a_deposit_that_is_replaced_and_sealed_again_is_shown_by_an_earlier_proof(
    edition, sealed, client_of, ada
):
    kept, photographed = downloaded(client_of, ada, sealed), digest()

    # With write access to the database, the files and the key of the site.
    Seal.objects.all().delete()
    Path(sealed.file.path).write_bytes(b"%PDF forged")
    Submission.objects.filter(pk=sealed.pk).update(
        size=11, sha256=hashlib.sha256(b"%PDF forged").hexdigest()
    )
    seals.make_due(edition, at=DEADLINE + MINUTE)

    assert digest() != photographed
    forged = downloaded(client_of, ada, sealed)
    assert verifier["differences"](kept, photographed) == []
    assert verifier["differences"](kept, digest()) == ["not in the seal with this digest"]
    assert verifier["differences"](forged, photographed) == ["not in the seal with this digest"]


def test_every_refusal_of_a_proof_has_a_case():
    own = Path(__file__).read_text()

    assert [c for c in ProofRefusal if f"ProofRefusal.{c.name}" not in own and c not in own] == []
