"""What seals say of promises: awaited at the end of the grace, added when the bytes have come."""

import pytest

from hackathon.extras.promises.models import Promise
from submissions.models import Seal, Submission
from submissions.seals import selectors
from submissions.seals import services as seals
from submissions.seals.rules import SETTLE
from teams.models import Team
from tests.conftest import DEADLINE
from tests.extras.promises.making import by_desk, promise
from tests.submissions.audit.conftest import faults
from tests.submissions.conftest import MINUTE, PDF, SECOND, deposit

pytestmark = pytest.mark.django_db
GRACE = DEADLINE + 10 * MINUTE
END = GRACE + 10 * MINUTE


def team_entry(moment: str, team: Team) -> dict[str, object]:
    manifest = Seal.objects.get(department=team.department, moment=moment).manifest
    return next(entry for entry in manifest["teams"] if entry["team"] == team.pk)


def test_the_seal_of_the_grace_names_what_is_promised_and_a_later_one_what_came(
    edition, comunik, dossier, ada
):
    made = promise(comunik, dossier, at=DEADLINE - SECOND)
    seals.make_due(edition, at=GRACE + SETTLE)
    deposit(dossier, comunik, ada, at=GRACE + MINUTE)
    seals.make_due(edition, at=END + SETTLE)

    awaited = {
        "deliverable": dossier.pk,
        "name": dossier.name,
        "received_at": "2020-02-13T21:59:59Z",
        "size": len(PDF),
        "sha256": made.digest,
        "code": made.code,
    }
    assert team_entry("grace", comunik)["promises"] == [awaited]
    assert team_entry("grace", comunik)["deposits"] == []
    after = team_entry("promises", comunik)
    assert "promises" not in after
    assert [(d["mark"], d["promised_at"]) for d in after["deposits"]] == [
        ("on_time", "2020-02-13T21:59:59Z")
    ]
    last = Seal.objects.get(department=comunik.department, moment="promises")
    assert last.as_of == END
    changed = [(c["what"], c["deliverable"]) for c in last.manifest["since"]["changes"]]
    assert changed == [("replaced", None), ("added", dossier.pk)]


def test_what_came_in_the_grace_is_in_its_seal_and_needs_no_other(edition, comunik, dossier, ada):
    promise(comunik, dossier, at=DEADLINE - SECOND)
    deposit(dossier, comunik, ada, at=DEADLINE + 6 * MINUTE)

    made = seals.make_due(edition, at=END + SETTLE)

    assert [seal.moment for seal in made] == ["deadline", "grace"]
    (entry,) = team_entry("grace", comunik)["deposits"]
    assert entry["mark"] == "on_time"


def test_seals_of_promised_bytes_are_verified(edition, comunik, dossier, ada, eve):
    by_desk(comunik, dossier, eve, at=DEADLINE - SECOND)
    seals.make_due(edition, at=GRACE + SETTLE)
    submission = deposit(dossier, comunik, ada, at=GRACE + MINUTE)
    seals.make_due(edition, at=END + SETTLE)

    (entry,) = team_entry("promises", comunik)["deposits"]
    assert entry["promised_at"] == "2020-02-13T21:59:59Z"
    assert faults() == []
    Submission.objects.filter(pk=submission.pk).update(announced_at=DEADLINE - MINUTE)
    assert "row_changed" in faults()


def test_the_seals_stay_right_when_the_end_of_the_promises_is_changed(
    edition, comunik, dossier, ada
):
    promise(comunik, dossier, at=DEADLINE - SECOND)
    deposit(dossier, comunik, ada, at=DEADLINE + 6 * MINUTE)
    seals.make_due(edition, at=GRACE + SETTLE)

    edition.promise_minutes = 0
    edition.save()

    assert faults() == []


def test_seals_of_editions_without_promises_are_as_many_as_before(edition, comunik, dossier):
    before = [due.moment for due in selectors.seals_to_make(edition, at=DEADLINE)]
    promise(comunik, dossier, at=DEADLINE - SECOND)
    Promise.objects.all().delete()

    assert [due.moment for due in selectors.seals_to_make(edition, at=DEADLINE)] == before
