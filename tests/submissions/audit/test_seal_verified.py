import json
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from hackathon.accounts.models import User
from hackathon.core.typography import spaced
from hackathon.editions.enums import LatePolicy
from hackathon.editions.models import Department, Edition
from submissions.audit.findings import Fault
from submissions.deposits import services as deposits
from submissions.enums import DeliverableKind
from submissions.extensions import services as extensions
from submissions.models import Deliverable, Receipt, Seal, Submission
from submissions.receipts import rules as receipts
from submissions.seals import services as seals
from submissions.seals.rules import digest_of
from submissions.storage import deposits_storage
from teams.models import Team
from tests.conftest import DEADLINE, NOON, make_team
from tests.submissions.conftest import MINUTE, PDF, deposit

pytestmark = [pytest.mark.django_db, pytest.mark.database]

AFTERWARDS = DEADLINE + timedelta(hours=1)
Get = Callable[[str], Any]


@pytest.fixture
def sealed_edition(
    edition: Edition,
    comunik: Team,
    pixels: Team,
    dossier: Deliverable,
    site_link: Deliverable,
    ada: User,
) -> Edition:
    Edition.objects.update(late_policy=LatePolicy.ACCEPT)
    edition.refresh_from_db()
    comunik.refresh_from_db()
    deposit(dossier, comunik, ada)
    deposits.deposit(site_link, comunik, url="https://example.org/", begun_at=NOON, by=ada, at=NOON)
    deposit(dossier, comunik, ada, at=DEADLINE + 3 * MINUTE, content=PDF + b"late")
    seals.make_due(edition, at=AFTERWARDS)
    return edition


def verify(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify-seal", *arguments, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def faults(*arguments: str) -> list[str]:
    _code, out = verify("--json", *arguments)
    report = json.loads(out)
    found = [f["code"] for seal in report["seals"] for f in seal["findings"]]
    return list(dict.fromkeys([*found, *(f["code"] for f in report["findings"])]))


def row(version: int = 1) -> Any:
    return Submission.objects.filter(deliverable__kind=DeliverableKind.FILE, version=version)


def path() -> Path:
    return Path(row().get().file.path)


def rewrite(content: bytes) -> None:
    path().unlink()
    path().write_bytes(content)


def test_an_unchanged_edition_has_no_differences(sealed_edition: Edition) -> None:
    code, out = verify()

    assert code == 0
    assert out.count("✓") == 6
    assert "✗" not in out
    assert "Conforme" in out


def test_json(sealed_edition: Edition, infocom: Department) -> None:
    code, out = verify("--json", "--edition", sealed_edition.slug)

    report = json.loads(out)
    assert (code, report["ok"], report["edition"]) == (0, True, "ccd-2020")
    assert {(s["moment"], s["department"]) for s in report["seals"]} == {
        (moment, code) for moment in ("deadline", "grace") for code in ("INFO", "INFOCOM", None)
    }
    assert report["seals"][0]["digest"] in set(Seal.objects.values_list("digest", flat=True))


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
def test_each_change_is_found_and_named(
    name: str,
    act: Callable[[Get], Any],
    expected: list[Fault],
    sealed_edition: Edition,
    request: pytest.FixtureRequest,
) -> None:
    act(request.getfixturevalue)

    code, out = verify()
    found = faults()

    assert code == 1
    assert set(expected) <= {Fault(fault) for fault in found}, out
    assert "{" not in out
    for fault in expected:
        start = str(fault.label).rsplit("}", 1)[-1].strip(" .»")
        assert start in out


def test_every_fault_of_a_seal_has_a_case() -> None:
    tested_separately = {
        Fault.ORPHAN,
        Fault.STRANDED,
        Fault.MARK_OTHERWISE,
        Fault.FILE_UNREADABLE,
    }

    assert {fault for _name, _act, faults in CASES for fault in faults} == set(
        Fault
    ) - tested_separately


def test_the_sentence_names_the_file_and_its_size_and_digest(sealed_edition: Edition) -> None:
    rewrite(b"%PDF other")

    _code, out = verify("--seal", str(Seal.objects.exclude(department=None).last().pk))  # type: ignore[union-attr]

    _code, out = verify()
    submission = row().get()
    assert spaced("Com’unik · Dossier de stratégie, version 1 : le contenu a changé") in out
    assert submission.sha256 in out
    assert f"{submission.size} octets" in out
    assert "10 octets" in out


def test_an_extension_granted_since_is_named_with_its_reason(
    sealed_edition: Edition, comunik: Team, eve: User
) -> None:
    delay = extensions.grant(
        sealed_edition, team=comunik, minutes=5, reason="Panne", by=eve, at=AFTERWARDS
    )

    code, out = verify()

    assert code == 1
    assert "la version 2 compte au lieu de la version 1." in out
    assert spaced("Délai de 5 min accordé le 14 février à 0:00:00 par Eve : Panne.") in out
    assert faults() == [Fault.COUNTS_OTHERWISE, Fault.SEAL_MISSING]

    seals.make_due(sealed_edition, at=AFTERWARDS + MINUTE)
    newest = Seal.objects.get(moment="delays", department=comunik.department)
    assert verify("--seal", str(newest.pk))[0] == 0

    extensions.revoke(delay, by=eve, at=AFTERWARDS + 2 * MINUTE)
    code, out = verify("--seal", str(newest.pk))
    assert code == 1
    assert spaced("Délai de 5 min retiré le 14 février à 0:02:00 par Eve : Panne.") in out


def test_an_extension_that_only_changes_the_punctuality(
    edition: Edition, comunik: Team, dossier: Deliverable, ada: User, eve: User
) -> None:
    deposit(dossier, comunik, ada, begun_at=DEADLINE, at=DEADLINE + MINUTE)
    seals.make_due(edition, at=AFTERWARDS)
    extensions.grant(edition, team=comunik, minutes=5, reason="Panne", by=eve, at=AFTERWARDS)

    code, out = verify()

    assert code == 1
    assert spaced("marquée « à l’heure » au lieu de « dans la marge »") in out
    assert spaced("par Eve : Panne") in out


def test_an_entry_is_named_with_its_author_and_reason(
    sealed_edition: Edition, request: pytest.FixtureRequest
) -> None:
    entry_by_organizer(request.getfixturevalue)

    assert spaced("le scellé ne la connaît pas (saisie par Eve : Clé USB)") in verify()[1]


def test_a_moved_deadline_changes_no_existing_seal(sealed_edition: Edition, eve: User) -> None:
    Edition.objects.update(
        deadline_at=DEADLINE + 30 * MINUTE, judging_opens_at=DEADLINE + 60 * MINUTE
    )
    sealed_edition.refresh_from_db()
    seals.make_due(sealed_edition, at=AFTERWARDS)

    assert verify()[0] == 0
    assert Seal.objects.filter(department=None).count() == 4


def test_a_deposit_after_the_seal_is_no_difference(
    sealed_edition: Edition, comunik: Team, dossier: Deliverable, ada: User
) -> None:
    deposit(dossier, comunik, ada, at=AFTERWARDS)

    assert verify()[0] == 0


def test_an_unreadable_file_is_named(
    sealed_edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    path().unlink()
    path().mkdir()

    assert faults() == [Fault.FILE_UNREADABLE]


def test_a_seal_is_chosen_by_its_digest(sealed_edition: Edition) -> None:
    seal = Seal.objects.get(moment="grace", department=None)
    spoken = " ".join(seal.digest[start : start + 4] for start in range(0, 16, 4)).upper()

    code, out = verify("--seal", spoken)

    assert code == 0
    assert seal.digest in out
    assert out.count("✓") == 1


@pytest.mark.parametrize("named", ["0123456789abcdef", "999999", "x"])
def test_a_digest_that_no_seal_has_is_an_error(sealed_edition: Edition, named: str) -> None:
    with pytest.raises(CommandError, match="Aucun scellé"):
        verify("--seal", named)


def test_without_an_edition_the_command_fails(db: None) -> None:
    with pytest.raises(CommandError, match="n’existe pas"):
        verify()


def test_before_the_deadline_there_is_nothing_to_verify(
    edition: Edition, comunik: Team, time_machine: Any
) -> None:
    time_machine.move_to(NOON)

    code, out = verify()

    assert (code, out) == (0, "Rien n’est encore scellé.\n")


def test_an_orphan_in_the_storage_is_no_difference(sealed_edition: Edition) -> None:
    deposits_storage().save("zz/stray", ContentFile(b"stray"))

    assert verify()[0] == 0
    deposits_storage().delete("zz/stray")


def test_a_new_key_leaves_receipts_genuine(sealed_edition: Edition, settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    assert all(receipts.is_genuine(receipt) for receipt in Receipt.objects.all())
    assert verify()[0] == 0
