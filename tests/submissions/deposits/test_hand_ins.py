"""An extra takes part in a hand-in: bytes that the server knew before they came, and the commit."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection

from hackathon.base.core.errors import Refused, refuse
from hackathon.event.editions.models import Edition
from submissions import hand_ins
from submissions.enums import Punctuality
from submissions.errors import DepositRefusal, NotDurable
from submissions.hand_ins import Participant
from submissions.models import Submission, deposits_storage
from submissions.receipts.rules import is_genuine
from submissions.seals import services as seals
from submissions.seals.rules import SETTLE
from submissions.versions import facts, selectors
from tests.conftest import DEADLINE
from tests.submissions.audit.conftest import faults
from tests.submissions.claims import SOURCE, announce
from tests.submissions.conftest import MINUTE, PDF, SECOND, deposit

pytestmark = pytest.mark.django_db


def test_announced_bytes_count_from_the_instant_of_their_claim(comunik, dossier, ada, monkeypatch):
    announced = announce(monkeypatch, comunik, dossier, at=DEADLINE - SECOND)

    submission = deposit(dossier, comunik, ada, at=DEADLINE + 15 * MINUTE)

    assert submission.announced_at == DEADLINE - SECOND
    assert selectors.version_of(submission).punctuality == Punctuality.ON_TIME
    assert announced.kept == [(submission, announced.claims[0])]


def test_other_bytes_are_told_to_the_participant_without_a_claim(
    comunik, dossier, ada, monkeypatch
):
    announced = announce(monkeypatch, comunik, dossier, b"others", at=DEADLINE - SECOND)

    submission = deposit(dossier, comunik, ada)

    assert announced.kept == [(submission, None)]
    assert submission.announced_at is None


def test_a_claim_is_kept_once(comunik, dossier, ada, monkeypatch):
    announced = announce(monkeypatch, comunik, dossier, at=DEADLINE - SECOND)
    announced.claims[0] = replace(announced.claims[0], kept_by=7)

    with pytest.raises(Refused):
        deposit(dossier, comunik, ada, at=DEADLINE + SECOND)


def test_what_a_participant_refuses_is_not_received(comunik, dossier, ada, monkeypatch):
    def refused(*_: object) -> None:
        raise Refused(refuse(DepositRefusal.STORAGE_FULL))

    participant = Participant(SOURCE, before_commit=refused)
    monkeypatch.setattr(hand_ins, "participants", lambda _edition: [participant])

    with pytest.raises(Refused):
        deposit(dossier, comunik, ada)
    assert not Submission.objects.exists()


def test_a_file_is_sent_ahead_and_the_commit_held_before_a_deposit_is_acknowledged(
    comunik, dossier, ada, monkeypatch
):
    called: list[object] = []

    def send_ahead(path: Path, name: str) -> None:
        called.append((path.read_bytes(), name, Submission.objects.count()))

    def hold_commit() -> None:
        called.append(connection.in_atomic_block)

    participant = Participant(SOURCE, send_ahead=send_ahead, hold_commit=hold_commit)
    monkeypatch.setattr(hand_ins, "participants", lambda _edition: [participant])

    submission = deposit(dossier, comunik, ada)

    assert called == [(PDF, f"deposits/{submission.file.name}", 0), True]


@pytest.mark.parametrize("when", ["send_ahead", "hold_commit"])
def test_what_is_not_durable_elsewhere_is_not_received(comunik, dossier, ada, monkeypatch, when):
    def refused(*_: object) -> None:
        raise NotDurable(refuse(DepositRefusal.STORAGE_FULL))

    participant = replace(Participant(SOURCE), **{when: refused})
    monkeypatch.setattr(hand_ins, "participants", lambda _edition: [participant])
    files = {*Path(deposits_storage().location).rglob("*")}

    with pytest.raises(NotDurable):
        deposit(dossier, comunik, ada)

    assert not Submission.objects.exists()
    assert not [each for each in new_files(files) if each.is_file()]


def new_files(before: set[Path]) -> set[Path]:
    return {*Path(deposits_storage().location).rglob("*")} - before


def test_a_source_that_is_off_is_not_asked(
    comunik, dossier, ada, edition, monkeypatch, django_assert_num_queries
):
    announced = announce(monkeypatch, comunik, dossier, at=DEADLINE - SECOND)
    comunik.edition.extras = []
    comunik.edition.save()

    with django_assert_num_queries(3):
        assert facts.facts_of(comunik, dossier.pk).claims == []
    with pytest.raises(Refused):
        deposit(dossier, comunik, ada, at=DEADLINE + SECOND)
    assert announced.kept == []


def test_a_deposit_keeps_its_instant_when_its_source_is_switched_off(
    comunik, dossier, ada, edition, client, monkeypatch
):
    announce(monkeypatch, comunik, dossier, at=DEADLINE - SECOND)
    submission = deposit(dossier, comunik, ada, at=DEADLINE + SECOND, content=PDF)
    before = seals.make_due(Edition.objects.get(), at=DEADLINE + 10 * MINUTE + SETTLE)
    Edition.objects.update(extras=[])
    monkeypatch.setattr(hand_ins, "participants", lambda _edition: [])

    submission = Submission.objects.select_related("team__edition", "receipt").get()
    version = selectors.version_of(submission)
    assert (version.punctuality, version.counts) == (Punctuality.ON_TIME, True)
    assert version.announced_at == DEADLINE - SECOND
    assert is_genuine(submission.receipt)
    assert before
    assert faults() == []
