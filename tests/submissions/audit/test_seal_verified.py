import json

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError

from hackathon.base.core.typography import spaced
from hackathon.event.editions.models import Edition
from submissions.audit.findings import Fault
from submissions.extensions import services as extensions
from submissions.models import Receipt, Seal
from submissions.receipts import rules as receipts
from submissions.seals import services as seals
from submissions.storage import deposits_storage
from tests.conftest import DEADLINE, NOON
from tests.submissions.audit.conftest import AFTERWARDS, faults, path, rewrite, row, verify
from tests.submissions.conftest import MINUTE, deposit

pytestmark = pytest.mark.django_db


def test_an_unchanged_edition_has_no_differences(sealed_edition):
    code, out = verify()

    assert code == 0
    assert out.count("✓") == 6
    assert "✗" not in out
    assert "Conforme" in out


def test_json(sealed_edition, infocom):
    code, out = verify("--json", "--edition", sealed_edition.slug)

    report = json.loads(out)
    assert (code, report["ok"], report["edition"]) == (0, True, "ccd-2020")
    assert {(s["moment"], s["department"]) for s in report["seals"]} == {
        (moment, code) for moment in ("deadline", "grace") for code in ("INFO", "INFOCOM", None)
    }
    assert report["seals"][0]["digest"] in set(Seal.objects.values_list("digest", flat=True))


def test_the_sentence_names_the_file_and_its_size_and_digest(sealed_edition):
    rewrite(b"%PDF other")

    _code, out = verify("--seal", str(Seal.objects.exclude(department=None).last().pk))

    _code, out = verify()
    submission = row().get()
    assert spaced("Com’unik · Dossier de stratégie, version 1 : le contenu a changé") in out
    assert submission.sha256 in out
    assert f"{submission.size} octets" in out
    assert "10 octets" in out


def test_an_extension_granted_since_is_named_with_its_reason(sealed_edition, comunik, eve):
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


def test_an_extension_that_only_changes_the_punctuality(edition, comunik, dossier, ada, eve):
    deposit(dossier, comunik, ada, begun_at=DEADLINE, at=DEADLINE + MINUTE)
    seals.make_due(edition, at=AFTERWARDS)
    extensions.grant(edition, team=comunik, minutes=5, reason="Panne", by=eve, at=AFTERWARDS)

    code, out = verify()

    assert code == 1
    assert spaced("marquée « à l’heure » au lieu de « dans la marge »") in out
    assert spaced("par Eve : Panne") in out


def test_a_moved_deadline_changes_no_existing_seal(sealed_edition, eve):
    Edition.objects.update(
        deadline_at=DEADLINE + 30 * MINUTE, judging_opens_at=DEADLINE + 60 * MINUTE
    )
    sealed_edition.refresh_from_db()
    seals.make_due(sealed_edition, at=AFTERWARDS)

    assert verify()[0] == 0
    assert Seal.objects.filter(department=None).count() == 4


def test_a_deposit_after_the_seal_is_no_difference(sealed_edition, comunik, dossier, ada):
    deposit(dossier, comunik, ada, at=AFTERWARDS)

    assert verify()[0] == 0


def test_an_unreadable_file_is_named(sealed_edition, monkeypatch):
    path().unlink()
    path().mkdir()

    assert faults() == [Fault.FILE_UNREADABLE]


def test_a_seal_is_chosen_by_its_digest(sealed_edition):
    seal = Seal.objects.get(moment="grace", department=None)
    spoken = " ".join(seal.digest[start : start + 4] for start in range(0, 16, 4)).upper()

    code, out = verify("--seal", spoken)

    assert code == 0
    assert seal.digest in out
    assert out.count("✓") == 1


@pytest.mark.parametrize("named", ["0123456789abcdef", "999999", "x"])
def test_a_digest_that_no_seal_has_is_an_error(sealed_edition, named):
    with pytest.raises(CommandError, match="Aucun scellé"):
        verify("--seal", named)


def test_without_an_edition_the_command_fails(db):
    with pytest.raises(CommandError, match="n’existe pas"):
        verify()


def test_before_the_deadline_there_is_nothing_to_verify(edition, comunik, time_machine):
    time_machine.move_to(NOON)

    code, out = verify()

    assert (code, out) == (0, "Rien n’est encore scellé.\n")


def test_an_orphan_in_the_storage_is_no_difference(sealed_edition):
    deposits_storage().save("zz/stray", ContentFile(b"stray"))

    assert verify()[0] == 0
    deposits_storage().delete("zz/stray")


def test_a_new_key_leaves_receipts_genuine(sealed_edition, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    assert all(receipts.is_genuine(receipt) for receipt in Receipt.objects.all())
    assert verify()[0] == 0
