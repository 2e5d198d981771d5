"""`verify-seal`: whatever is changed after the seal is found and named."""

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
from submissions.models import Deliverable, Receipt, Seal, Submission, deposits_storage
from submissions.receipts import receipt as receipts
from submissions.seals import services as seals
from submissions.seals.rules import digest_of
from teams.models import Team
from tests.conftest import DEADLINE, NOON, make_team
from tests.submissions.conftest import MINUTE, PDF, deposit

pytestmark = [pytest.mark.django_db, pytest.mark.database]

NIGHT = DEADLINE + timedelta(hours=1)
Get = Callable[[str], Any]


@pytest.fixture
def night(
    edition: Edition,
    comunik: Team,
    pixels: Team,
    dossier: Deliverable,
    site_link: Deliverable,
    ada: User,
) -> Edition:
    """Two versions of a file, one of them late, and a link; sealed at the deadline."""
    Edition.objects.update(late_policy=LatePolicy.ACCEPT)
    edition.refresh_from_db()
    comunik.refresh_from_db()
    deposit(dossier, comunik, ada)
    deposits.deposit(site_link, comunik, url="https://example.org/", begun_at=NOON, by=ada, at=NOON)
    deposit(dossier, comunik, ada, at=DEADLINE + 3 * MINUTE, content=PDF + b"late")
    seals.make_due(edition, at=NIGHT)
    return edition


def verify(*arguments: str) -> tuple[int, str]:
    """Exit code and what is printed."""
    out = StringIO()
    try:
        call_command("verify-seal", *arguments, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def faults(*arguments: str) -> list[str]:
    """The codes of all that is found, in order, each once."""
    _code, out = verify("--json", *arguments)
    report = json.loads(out)
    found = [f["code"] for seal in report["seals"] for f in seal["findings"]]
    return list(dict.fromkeys([*found, *(f["code"] for f in report["findings"])]))


def row(version: int = 1) -> Any:
    """The dossier's row, to be changed behind the program's back."""
    return Submission.objects.filter(deliverable__kind=DeliverableKind.FILE, version=version)


def path() -> Path:
    """The dossier's file."""
    return Path(row().get().file.path)


def rewrite(content: bytes) -> None:
    """Other bytes in the file's place."""
    path().unlink()
    path().write_bytes(content)


def test_an_honest_night_is_conform(night: Edition) -> None:
    code, out = verify()

    assert code == 0
    assert out.count("✓") == 6
    assert "✗" not in out
    assert "Conforme" in out


def test_json(night: Edition, infocom: Department) -> None:
    code, out = verify("--json", "--edition", night.slug)

    report = json.loads(out)
    assert (code, report["ok"], report["edition"]) == (0, True, "ccd-2020")
    assert {(s["moment"], s["department"]) for s in report["seals"]} == {
        (moment, code) for moment in ("deadline", "grace") for code in ("INFO", "INFOCOM", None)
    }
    assert report["seals"][0]["digest"] in set(Seal.objects.values_list("digest", flat=True))


def tampered_manifest(get: Get) -> None:
    """A seal made to fit: manifest and digest of the department are replaced."""
    seal = Seal.objects.get(moment="deadline", department=get("infocom"))
    seal.manifest["teams"][0]["deposits"] = []
    Seal.objects.filter(pk=seal.pk).update(manifest=seal.manifest, digest=digest_of(seal.manifest))


def wrong_manifest(get: Get) -> None:
    """The manifest alone is changed."""
    seal = Seal.objects.get(moment="deadline", department=get("infocom"))
    seal.manifest["teams"][0]["deposits"][0]["sha256"] = "0" * 64
    Seal.objects.filter(pk=seal.pk).update(manifest=seal.manifest)


def broken_manifest(get: Get) -> None:
    """The manifest is no longer one."""
    Seal.objects.filter(moment="deadline", department=get("infocom")).update(manifest={"teams": 7})


def gone(get: Get) -> None:
    """The sealed row and its proof are deleted."""
    Receipt.objects.filter(submission__in=row()).delete()
    get("comunik").submissions.filter(version=1, deliverable=get("dossier")).update(version=9)
    submission = Submission.objects.get(version=9)
    submission.inspection.delete()
    submission.delete()


def backdated(get: Get) -> None:
    """A version that came in later, with an instant from before the deadline."""
    deposit(get("dossier"), get("comunik"), get("ada"), at=DEADLINE - MINUTE, content=PDF + b"3")


def first_of_another(get: Get) -> None:
    """The same for a team that had nothing."""
    asked = Deliverable.objects.create(
        department=get("info"), name="Schéma", kind=DeliverableKind.FILE
    )
    deposit(asked, get("pixels"), get("cleo"), at=DEADLINE - MINUTE)


def entered(get: Get) -> None:
    """An organizer writes down a deposit of before the deadline."""
    deposits.deposit(
        get("site_link"),
        get("comunik"),
        url="https://example.org/2",
        begun_at=NOON,
        by=get("eve"),
        at=NOON + MINUTE,
        reason="Clé USB",
    )


def late_department(get: Get) -> None:
    """A department that appears with deposits from before."""
    gea = Department.objects.create(edition=get("edition"), code="GEA", name="Gestion", position=3)
    team = make_team(gea, "Les Comptes", get("loner"))
    asked = Deliverable.objects.create(department=gea, name="Bilan", kind=DeliverableKind.FILE)
    deposit(asked, team, get("loner"))


def false_delay(get: Get) -> None:
    """A delay that pretends to be older than the seal."""
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
    ("row gone", gone, [Fault.ROW_GONE, Fault.COUNTS_OTHERWISE]),
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
    ("backdated where nothing was", first_of_another, [Fault.NOT_SEALED]),
    ("entered", entered, [Fault.NOT_SEALED]),
    ("department not sealed", late_department, [Fault.NOT_SEALED]),
    ("delay backdated", false_delay, [Fault.DEADLINE_OTHERWISE, Fault.COUNTS_OTHERWISE]),
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
        tampered_manifest,
        [Fault.PART_OTHER, Fault.NOT_SEALED, Fault.SEAL_REPLACED],
    ),
    ("manifest broken", broken_manifest, [Fault.DIGEST_WRONG, Fault.MANIFEST_BROKEN]),
    (
        "seal of another instant",
        lambda get: Seal.objects.filter(moment="grace").update(as_of=NIGHT),
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
def test_what_was_changed_is_named(
    name: str,
    act: Callable[[Get], Any],
    expected: list[Fault],
    night: Edition,
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
    elsewhere = {
        Fault.ORPHAN,
        Fault.STRANDED,
        Fault.MARK_OTHERWISE,
        Fault.FILE_UNREADABLE,
    }

    assert {fault for _name, _act, faults in CASES for fault in faults} == set(Fault) - elsewhere


def test_the_sentence_says_which_file_and_both_digests(night: Edition) -> None:
    rewrite(b"%PDF other")

    _code, out = verify("--seal", str(Seal.objects.exclude(department=None).last().pk))  # type: ignore[union-attr]

    _code, out = verify()
    submission = row().get()
    assert spaced("Com’unik · Dossier de stratégie, version 1 : le contenu a changé") in out
    assert submission.sha256 in out
    assert f"{submission.size} octets" in out
    assert "10 octets" in out


def test_a_delay_granted_since_is_named_with_its_reason(
    night: Edition, comunik: Team, eve: User
) -> None:
    delay = extensions.grant(night, team=comunik, minutes=5, reason="Panne", by=eve, at=NIGHT)

    code, out = verify()

    assert code == 1
    said = "la version 2 compte au lieu de la version 1."
    assert said in out
    assert spaced("Délai de 5 min accordé le 14 février à 0:00:00 par Eve : Panne.") in out
    assert faults() == [Fault.COUNTS_OTHERWISE, Fault.SEAL_MISSING]

    seals.make_due(night, at=NIGHT + MINUTE)
    newest = Seal.objects.get(moment="delays", department=comunik.department)
    assert verify("--seal", str(newest.pk))[0] == 0

    extensions.revoke(delay, by=eve, at=NIGHT + 2 * MINUTE)
    code, out = verify("--seal", str(newest.pk))
    assert code == 1
    assert spaced("Délai de 5 min retiré le 14 février à 0:02:00 par Eve : Panne.") in out


def test_a_delay_that_only_changes_the_mark(
    edition: Edition, comunik: Team, dossier: Deliverable, ada: User, eve: User
) -> None:
    deposit(dossier, comunik, ada, begun_at=DEADLINE, at=DEADLINE + MINUTE)
    seals.make_due(edition, at=NIGHT)
    extensions.grant(edition, team=comunik, minutes=5, reason="Panne", by=eve, at=NIGHT)

    code, out = verify()

    assert code == 1
    assert spaced("marquée « à l’heure » au lieu de « dans la marge »") in out
    assert spaced("par Eve : Panne") in out


def test_an_entry_is_named_with_who_and_why(night: Edition, request: pytest.FixtureRequest) -> None:
    entered(request.getfixturevalue)

    assert spaced("le scellé ne la connaît pas (saisie par Eve : Clé USB)") in verify()[1]


def test_a_moved_deadline_changes_no_seal(night: Edition, eve: User) -> None:
    Edition.objects.update(
        deadline_at=DEADLINE + 30 * MINUTE, judging_opens_at=DEADLINE + 60 * MINUTE
    )
    night.refresh_from_db()
    seals.make_due(night, at=NIGHT)

    assert verify()[0] == 0
    assert Seal.objects.filter(department=None).count() == 4


def test_deposits_after_the_seal_are_no_difference(
    night: Edition, comunik: Team, dossier: Deliverable, ada: User
) -> None:
    deposit(dossier, comunik, ada, at=NIGHT)

    assert verify()[0] == 0


def test_an_unreadable_file_is_named(night: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    path().unlink()
    path().mkdir()

    assert faults() == [Fault.FILE_UNREADABLE]


def test_one_seal_by_its_digest(night: Edition) -> None:
    seal = Seal.objects.get(moment="grace", department=None)
    spoken = " ".join(seal.digest[start : start + 4] for start in range(0, 16, 4)).upper()

    code, out = verify("--seal", spoken)

    assert code == 0
    assert seal.digest in out
    assert out.count("✓") == 1


@pytest.mark.parametrize("named", ["0123456789abcdef", "999999", "x"])
def test_a_digest_that_no_seal_has_is_an_error(night: Edition, named: str) -> None:
    with pytest.raises(CommandError, match="Aucun scellé"):
        verify("--seal", named)


def test_without_an_edition_it_says_so(db: None) -> None:
    with pytest.raises(CommandError, match="n’existe pas"):
        verify()


def test_before_the_deadline_there_is_nothing_to_verify(
    edition: Edition, comunik: Team, time_machine: Any
) -> None:
    time_machine.move_to(NOON)

    code, out = verify()

    assert (code, out) == (0, "Rien n’est encore scellé.\n")


def test_an_orphan_in_the_storage_is_no_difference(night: Edition) -> None:
    deposits_storage().save("zz/stray", ContentFile(b"stray"))

    assert verify()[0] == 0
    deposits_storage().delete("zz/stray")


def test_a_new_key_leaves_receipts_genuine(night: Edition, settings: Any) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    assert all(receipts.is_genuine(receipt) for receipt in Receipt.objects.all())
    assert verify()[0] == 0
