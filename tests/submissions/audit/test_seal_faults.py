from collections.abc import Callable
from typing import Any

import pytest

from hackathon.base.core.typography import spaced
from hackathon.event.editions.models import Department
from submissions.audit.findings import Fault
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind
from submissions.extensions import services as extensions
from submissions.models import Deliverable, Receipt, Seal, Submission
from submissions.seals import services as seals
from submissions.seals.leaves import digest_of
from teams.models import Team
from tests.conftest import DEADLINE, NOON, make_team
from tests.submissions.audit.conftest import AFTERWARDS, faults, path, rewrite, row, verify
from tests.submissions.conftest import MINUTE, PDF, deposit

pytestmark = pytest.mark.django_db

Get = Callable[[str], Any]


def forged_seal(get: Get) -> None:
    seal = Seal.objects.get(moment="deadline", department=get("infocom"))
    seal.manifest["teams"][0]["deposits"] = []
    Seal.objects.filter(pk=seal.pk).update(manifest=seal.manifest, digest=digest_of(seal.manifest))


def wrong_manifest(get: Get) -> None:
    seal = Seal.objects.get(moment="deadline", department=get("infocom"))
    seal.manifest["teams"][0]["deposits"][0]["sha256"] = "0" * 64
    Seal.objects.filter(pk=seal.pk).update(manifest=seal.manifest)


def broken_manifest(get: Get) -> None:
    Seal.objects.filter(moment="deadline", department=get("infocom")).update(manifest={"teams": 7})


def delete_former_seals(get: Get) -> None:
    Seal.objects.filter(moment="deadline").delete()


def replace_and_seal_again(get: Get) -> None:
    delete_former_seals(get)
    row().update(sha256="0" * 64)
    seals.make_due(get("edition"), at=AFTERWARDS)


def hide_changes(get: Get) -> None:
    seal = Seal.objects.get(moment="grace", department=get("infocom"))
    seal.manifest["since"]["changes"] = [{"what": "added"}]
    Seal.objects.filter(pk=seal.pk).update(manifest=seal.manifest, digest=digest_of(seal.manifest))


def delete_row(get: Get) -> None:
    Receipt.objects.filter(submission__in=row()).delete()
    get("comunik").submissions.filter(version=1, deliverable=get("dossier")).update(version=9)
    submission = Submission.objects.get(version=9)
    submission.inspection.delete()
    submission.delete()


def backdated(get: Get) -> None:
    deposit(get("dossier"), get("comunik"), get("ada"), at=DEADLINE - MINUTE, content=PDF + b"3")


def backdated_first_deposit(get: Get) -> None:
    asked = Deliverable.objects.create(
        department=get("info"), name="Schéma", kind=DeliverableKind.FILE
    )
    deposit(asked, get("pixels"), get("cleo"), at=DEADLINE - MINUTE)


def entry_by_organizer(get: Get) -> None:
    deposits.deposit(
        get("site_link"),
        get("comunik"),
        url="https://example.org/2",
        begun_at=NOON,
        by=get("eve"),
        at=NOON + MINUTE,
        reason="Clé USB",
    )


def unsealed_department(get: Get) -> None:
    gea = Department.objects.create(edition=get("edition"), code="GEA", name="Gestion", position=3)
    team = make_team(gea, "Les Comptes", get("loner"))
    asked = Deliverable.objects.create(department=gea, name="Bilan", kind=DeliverableKind.FILE)
    deposit(asked, team, get("loner"))


def backdated_extension(get: Get) -> None:
    extensions.grant(
        get("edition"), team=get("comunik"), minutes=5, reason="Panne", by=get("eve"), at=NOON
    )


CASES: list[tuple[str, Callable[[Get], Any], list[Fault]]] = [
    ("file deleted", lambda get: path().unlink(), [Fault.FILE_MISSING]),
    ("file altered", lambda get: rewrite(PDF.replace(b"1.7", b"1.6")), [Fault.ALTERED]),
    ("file cut", lambda get: rewrite(PDF[:-1]), [Fault.ALTERED]),
    (
        "file and row altered",
        lambda get: (rewrite(b"%PDF other"), row().update(size=10, sha256="0" * 64)),
        [Fault.ROW_CHANGED, Fault.ALTERED, Fault.RECEIPT_FALSE],
    ),
    (
        "link altered",
        lambda get: Submission.objects.exclude(url="").update(url="https://example.net/"),
        [Fault.ALTERED, Fault.RECEIPT_FALSE],
    ),
    (
        "instant altered",
        lambda get: row().update(received_at=NOON + MINUTE),
        [Fault.ROW_CHANGED, Fault.RECEIPT_FALSE],
    ),
    (
        "made late",
        lambda get: row().update(received_at=DEADLINE + MINUTE),
        [Fault.ROW_CHANGED, Fault.RECEIPT_FALSE],
    ),
    ("row deleted", delete_row, [Fault.ROW_GONE, Fault.COUNTS_OTHERWISE]),
    (
        "receipt gone",
        lambda get: Receipt.objects.filter(submission__in=row()).delete(),
        [Fault.RECEIPT_GONE],
    ),
    (
        "receipt forged",
        lambda get: Receipt.objects.filter(submission__in=row()).update(signature="x" * 43),
        [Fault.RECEIPT_FALSE],
    ),
    (
        "receipt exchanged",
        lambda get: Receipt.objects.filter(submission__in=row()).update(code="BCDFGHJKLM"),
        [Fault.ROW_CHANGED, Fault.RECEIPT_FALSE],
    ),
    ("backdated", backdated, [Fault.NOT_SEALED]),
    ("backdated first deposit", backdated_first_deposit, [Fault.NOT_SEALED]),
    ("entered by an organizer", entry_by_organizer, [Fault.NOT_SEALED]),
    ("department not sealed", unsealed_department, [Fault.NOT_SEALED]),
    (
        "extension backdated",
        backdated_extension,
        [Fault.DEADLINE_OTHERWISE, Fault.COUNTS_OTHERWISE],
    ),
    (
        "team renamed",
        lambda get: Team.objects.filter(pk=get("comunik").pk).update(name="Les Autres"),
        [Fault.RENAMED],
    ),
    (
        "deliverable renamed",
        lambda get: Deliverable.objects.filter(kind=DeliverableKind.FILE).update(name="Affiche"),
        [Fault.RENAMED],
    ),
    (
        "team moved",
        lambda get: Team.objects.filter(pk=get("comunik").pk).update(department=get("info")),
        [Fault.TEAM_GONE, Fault.NOT_SEALED],
    ),
    (
        "manifest altered",
        wrong_manifest,
        [Fault.DIGEST_WRONG, Fault.ROW_CHANGED, Fault.ALTERED],
    ),
    (
        "manifest and digest replaced",
        forged_seal,
        [Fault.PART_OTHER, Fault.NOT_SEALED, Fault.SEAL_REPLACED],
    ),
    ("manifest broken", broken_manifest, [Fault.DIGEST_WRONG, Fault.MANIFEST_BROKEN]),
    (
        "seal of another instant",
        lambda get: Seal.objects.filter(moment="grace").update(as_of=AFTERWARDS),
        [Fault.SEAL_CHANGED],
    ),
    (
        "former seals deleted",
        delete_former_seals,
        [Fault.FORMER_GONE, Fault.SEAL_REPLACED, Fault.SEAL_MISSING],
    ),
    (
        "deposit replaced and sealed again",
        replace_and_seal_again,
        [Fault.FORMER_OTHER, Fault.SEAL_REPLACED, Fault.ALTERED, Fault.RECEIPT_FALSE],
    ),
    ("changes of a seal forged", hide_changes, [Fault.CHANGES_OTHERWISE, Fault.PART_OTHER]),
    (
        "department's seal deleted",
        lambda get: Seal.objects.get(moment="grace", department=get("info")).delete(),
        [Fault.PART_GONE, Fault.SEAL_REPLACED],
    ),
    (
        "all seals deleted",
        lambda get: Seal.objects.all().delete(),
        [Fault.SEAL_REPLACED, Fault.SEAL_MISSING],
    ),
]


@pytest.mark.parametrize(("name", "act", "expected"), CASES, ids=[c[0] for c in CASES])
def test_each_change_is_found_and_named(name, act, expected, sealed_edition, request):
    act(request.getfixturevalue)

    code, out = verify()
    found = faults()

    assert code == 1
    assert set(expected) <= {Fault(fault) for fault in found}, out
    assert "{" not in out
    for fault in expected:
        start = str(fault.label).rsplit("}", 1)[-1].strip(" .»")
        assert start in out


def test_every_fault_of_a_seal_has_a_case():
    tested_separately = {
        Fault.ORPHAN,
        Fault.STRANDED,
        Fault.MARK_OTHERWISE,
        Fault.FILE_UNREADABLE,
    }

    assert {fault for _name, _act, faults in CASES for fault in faults} == set(
        Fault
    ) - tested_separately


def test_an_entry_is_named_with_its_author_and_reason(sealed_edition, request):
    entry_by_organizer(request.getfixturevalue)

    assert spaced("le scellé ne la connaît pas (saisie par Eve : Clé USB)") in verify()[1]
