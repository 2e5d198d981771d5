"""Stamps of outside authorities on seals, with a real one, and `openssl` as another verifier."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from hackathon.base.core.models import JournalEntry
from hackathon.base.core.outbound import ANSWER_SECONDS
from hackathon.event.editions.models import Edition
from hackathon.extras.witness import authorities, periodic
from hackathon.extras.witness import services as witness
from hackathon.extras.witness.authorities import roots
from hackathon.extras.witness.models import Stamp
from hackathon.extras.witness.selectors import due_stamps, late_stamps
from submissions.models import Seal, Submission
from submissions.seals import services
from tests.conftest import DEADLINE
from tests.dripping import Dripping
from tests.extras.witness.authority import Authority
from tests.submissions.conftest import MINUTE, deposit

pytestmark = [pytest.mark.django_db, pytest.mark.system]
LATER = DEADLINE + timedelta(hours=1)


@pytest.fixture
def authority(tmp_path, settings) -> Iterator[Authority]:
    with Authority(tmp_path) as authority:
        settings.TIMESTAMP_AUTHORITIES = [authority.address]
        settings.TIMESTAMP_ROOTS = authority.root
        roots.cache_clear()
        yield authority


@pytest.fixture
def deposited(dossier, comunik, ada) -> Submission:
    return deposit(dossier, comunik, ada)


def sealed(edition: Edition) -> Seal:
    """The newest one, and a stamp wanted for each."""
    services.make_due(edition, at=LATER)
    return Seal.objects.filter(edition=edition, department=None).latest("as_of")


def attempt_all(at: Any = LATER) -> None:
    for pk in due_stamps(at=at):
        witness.attempt(pk, at=at)


def of(seal: Seal) -> Stamp:
    return Stamp.objects.get(digest=seal.digest)


def kept(seal: Seal) -> bytes:
    return bytes(of(seal).response or b"")


def test_each_seal_is_stamped_and_openssl_believes_it(authority, edition, deposited):
    seal = sealed(edition)
    attempt_all()

    digests = set(Seal.objects.values_list("digest", flat=True))
    assert set(Stamp.objects.exclude(stamped_at=None).values_list("digest", flat=True)) == digests
    assert authority.believes(kept(seal), seal.digest)
    assert not authority.believes(kept(seal), "0" * 64)
    entry = JournalEntry.objects.filter(act="stamp.granted").first()
    assert entry is not None
    assert entry.detail["authority"] == of(seal).host


def test_a_seal_stands_without_its_stamp_which_is_asked_for_again(
    authority, edition, deposited, client
):
    authority.status = 503
    seal = sealed(edition)
    attempt_all()

    assert (of(seal).response, of(seal).error) == (None, "HTTP 503")
    assert (
        "Pas encore horodaté par 127.0.0.1"
        in client.get(reverse("submissions:public-seals")).content.decode()
    )
    assert (given(client, seal)["stamped_at"], given(client, seal)["file"]) == (None, None)

    authority.status = 200
    requests = authority.requests
    attempt_all(LATER + timedelta(seconds=59))
    assert authority.requests == requests
    attempt_all(LATER + MINUTE)

    assert authority.believes(kept(seal), seal.digest)
    page = client.get(reverse("submissions:public-seals")).content.decode()
    assert f'href="/editions/ccd-2020/horodatages/{of(seal).pk}/"' in page
    assert "Vérifier un horodatage" in page
    assert given(client, seal)["stamped_at"] is not None
    assert client.get(given(client, seal)["file"]).content == kept(seal)


def given(client: Client, seal: Seal) -> Any:
    (stamp,) = (s for s in client.get("/api/v1/stamps/").json() if s["digest"] == seal.digest)
    return stamp


def test_an_edition_without_it_asks_no_authority_and_shows_nothing(
    authority, edition, deposited, client
):
    seal = sealed(edition)
    edition.extras = []
    edition.save()
    attempt_all()

    assert authority.requests == 0
    assert "Pas encore horodaté" not in (page_of_seals := client.get("/scelle/").content.decode())
    assert seal.digest[:4] in page_of_seals
    Stamp.objects.all().delete()
    Seal.objects.all().delete()
    sealed(edition)
    assert not Stamp.objects.exists()


def test_the_periodic_task_asks_for_those_that_are_due(
    authority, edition, deposited, django_capture_on_commit_callbacks
):
    seal = sealed(edition)

    with django_capture_on_commit_callbacks(execute=True):
        periodic.ask_again()
    requests = authority.requests
    with django_capture_on_commit_callbacks(execute=True):
        periodic.ask_again()

    assert of(seal).stamped_at is not None
    assert authority.requests == requests


def test_an_authority_that_cannot_be_reached_delays_nothing(
    authority, edition, deposited, settings
):
    settings.TIMESTAMP_AUTHORITIES = ["http://127.0.0.1:9/tsr", authority.address]
    seal = sealed(edition)
    attempt_all()

    errors = set(Stamp.objects.filter(digest=seal.digest).values_list("error", flat=True))
    assert errors == {"ConnectError", ""}
    for n in range(4):
        attempt_all(LATER + timedelta(hours=n))
    assert {stamp.host for stamp in late_stamps(edition)} == {"127.0.0.1:9"}


def test_an_authority_that_answers_byte_by_byte_is_left(monkeypatch):
    authority = Dripping(monkeypatch)

    with pytest.raises(authorities.NoStamp, match="ReadTimeout"):
        authorities.ask("http://127.0.0.1:8000/tsr", "0" * 64)
    assert authority.seconds <= ANSWER_SECONDS + 1


def flipped(answer: bytes) -> bytes:
    return answer[:-1] + bytes([answer[-1] ^ 1])


@pytest.mark.parametrize(
    "change",
    [flipped, lambda answer: b"", lambda answer: b"<html>", lambda answer: answer + b" " * 70_000],
)
def test_an_answer_that_cannot_be_verified_is_not_kept(authority, edition, deposited, change):
    authority.change = change
    seal = sealed(edition)
    attempt_all()

    assert of(seal).response is None
    assert of(seal).error


def test_the_answer_to_an_earlier_question_is_not_kept(authority, edition, deposited):
    answers: list[bytes] = []

    def the_first_again(answer: bytes) -> bytes:
        answers.append(answer)
        return answers[0]

    seal = sealed(edition)
    authority.change = the_first_again
    witness.attempt(of(seal).pk, at=LATER)
    Stamp.objects.filter(pk=of(seal).pk).update(
        response=None, stamped_at=None, next_at=LATER, attempts=0
    )
    witness.attempt(of(seal).pk, at=LATER)

    assert of(seal).error == "Nonce mismatch"


def test_an_authority_of_another_root_is_not_believed(
    authority, edition, deposited, tmp_path_factory, settings
):
    other = Authority(tmp_path_factory.mktemp("other"))
    settings.TIMESTAMP_ROOTS = other.root
    seal = sealed(edition)
    attempt_all()

    assert of(seal).response is None
    assert of(seal).error


def test_two_workers_ask_once(authority, edition, deposited):
    seal = sealed(edition)
    witness.attempt(of(seal).pk, at=LATER)
    witness.attempt(of(seal).pk, at=LATER)

    assert authority.requests == 1


@pytest.mark.parametrize(
    ("addresses", "root", "problems"),
    [
        ([], None, []),
        (["ftp://stamp.example.org"], None, ["witness.E001", "witness.E002"]),
        (["https://stamp.example.org"], None, ["witness.E002"]),
        (["https://stamp.example.org"], Path("/nowhere"), ["witness.E002"]),
        (["https://stamp.example.org"], Path(__file__), ["witness.E002"]),
    ],
)
def test_settings_that_verify_nothing_are_named(settings, addresses, root, problems):
    settings.TIMESTAMP_AUTHORITIES, settings.TIMESTAMP_ROOTS = addresses, root

    found = [check.id for check in run_checks() if str(check.id).startswith("witness")]

    assert found == problems


# ---------------------------------------------------------------- somebody with write access


def verify(edition: Edition, *options: str) -> tuple[bool, str]:
    output = StringIO()
    try:
        call_command("verify-stamps", "--edition", edition.slug, *options, stdout=output)
    except SystemExit:
        return False, output.getvalue().replace("\xa0", " ")
    return True, output.getvalue().replace("\xa0", " ")


def replace_deposit_and_seal(edition: Edition, deposit: Submission) -> None:
    """As somebody who can write to the database and run the program."""
    Submission.objects.filter(pk=deposit.pk).update(sha256="ab" * 32)
    Seal.objects.filter(edition=edition).delete()
    services.make_due(edition, at=LATER)


def test_the_stamps_of_seals_are_named(authority, edition, deposited, tmp_path):
    seal = sealed(edition)
    attempt_all()
    (tmp_path / "kept-elsewhere.tsr").write_bytes(kept(seal))

    conforms, text = verify(edition, str(tmp_path / "kept-elsewhere.tsr"))

    assert conforms, text
    assert f"horodaté par {of(seal).host}" in text


def test_a_stamp_that_was_altered_is_named(authority, edition, deposited, tmp_path):
    seal = sealed(edition)
    attempt_all()
    (tmp_path / "altered.tsr").write_bytes(flipped(kept(seal)))
    Stamp.objects.filter(digest=seal.digest).update(response=flipped(kept(seal)))

    conforms, text = verify(edition, str(tmp_path / "altered.tsr"))

    assert not conforms
    assert f"L’horodatage de {of(seal).host} ne se vérifie pas" in text
    assert "L’horodatage de ce fichier ne se vérifie pas" in text


def test_a_stamp_with_another_instant_in_its_row_is_named(authority, edition, deposited):
    seal = sealed(edition)
    attempt_all()
    Stamp.objects.filter(digest=seal.digest).update(stamped_at=DEADLINE)

    conforms, text = verify(edition)

    assert not conforms
    assert "other instant" in text


def test_a_seal_that_was_replaced_is_shown_by_the_stamp_in_the_database(
    authority, edition, deposited
):
    before = sealed(edition)
    attempt_all()

    replace_deposit_and_seal(edition, deposited)
    conforms, text = verify(edition)

    assert not conforms
    assert f"un scellé qui n’est plus là : {before.digest}" in text


def test_a_seal_that_was_replaced_is_shown_by_a_stamp_that_was_kept_elsewhere(
    authority, edition, deposited, tmp_path
):
    before = sealed(edition)
    attempt_all()
    (tmp_path / "kept-elsewhere.tsr").write_bytes(kept(before))

    replace_deposit_and_seal(edition, deposited)
    Stamp.objects.all().delete()
    conforms, text = verify(edition, str(tmp_path / "kept-elsewhere.tsr"))

    after = Seal.objects.get(moment=before.moment, department=None)
    assert after.digest != before.digest
    assert not conforms
    assert "un scellé a été remplacé depuis" in text
    assert not authority.believes((tmp_path / "kept-elsewhere.tsr").read_bytes(), after.digest)


def test_an_authority_whose_certificates_are_not_sorted_is_named_as_unusable(monkeypatch):
    def fail(_answer: bytes) -> None:
        raise ValueError("ParseError { kind: InvalidSetOrdering, location: [certificates] }")

    monkeypatch.setattr(authorities, "decode_timestamp_response", fail)

    with pytest.raises(authorities.NoStamp, match="it cannot be used"):
        authorities.verified(b"answer", "0" * 64)
