import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.deliberation import envelope
from judging.deliberation.services import decision as deliberation
from judging.models import Deliberation
from tests.judging.conftest import NIGHT

AT = datetime(2020, 2, 14, 0, 12, tzinfo=UTC)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
PLACES = st.dictionaries(st.integers(1, 4), st.lists(NAMES, min_size=1, max_size=3), max_size=4)


def of_2020(
    *, places: Mapping[int, list[str]] | None = None, at: datetime = AT
) -> envelope.Results:
    return envelope.results_of(
        edition="ccd-2020",
        department="INFOCOM",
        locked_at=at,
        nominees=["Les Five", "Com’unik", "Bocal à idées"],
        places=places or {1: ["Les Five", "Com’unik"]},
        special=[("Coup de cœur", "Bocal à idées")],
    )


def test_the_line_is_as_documented():
    assert envelope.line(of_2020()) == (
        '{"department":"INFOCOM","edition":"ccd-2020","locked_at":"2020-02-14T00:12:00Z",'
        '"nominees":["Bocal à idées","Com’unik","Les Five"],'
        '"places":[{"rank":1,"teams":["Com’unik","Les Five"]}],'
        '"special":[{"team":"Bocal à idées","title":"Coup de cœur"}]}'
    )


def test_the_digest_can_be_computed_in_two_lines_of_python():
    salt, digest = envelope.close(of_2020())

    line = json.dumps(of_2020(), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    again = hashlib.sha256(f"{salt}\n{line}\n".encode()).hexdigest()

    assert again == digest


def test_each_envelope_has_its_own_salt():
    salts, digests = zip(*(envelope.close(of_2020()) for _ in range(20)), strict=True)

    assert len(set(salts)) == len(set(digests)) == 20
    assert all(len(bytes.fromhex(salt)) == envelope.SALT_BYTES for salt in salts)


@given(PLACES, PLACES)
def test_other_results_have_another_digest(some, others):
    one, other = of_2020(places=some), of_2020(places=others)

    same = envelope.digest("00", one) == envelope.digest("00", other)

    assert same == (one == other)


@given(PLACES)
def test_the_digest_survives_storage_as_json(places):
    results = of_2020(places=places)
    salt, digest = envelope.close(results)

    assert envelope.is_intact(salt, json.loads(json.dumps(results)), digest)


def test_neither_the_order_of_names_nor_the_zone_matters():
    nancy = AT.astimezone(timezone(timedelta(hours=1)))

    assert of_2020(places={1: ["Com’unik", "Les Five"]}, at=nancy) == of_2020()


@pytest.mark.parametrize("changed", ["nominees", "places", "special", "locked_at", "department"])
def test_any_change_shows(changed):
    salt, digest = envelope.close(of_2020())

    assert not envelope.is_intact(salt, {**of_2020(), changed: []}, digest)


def test_the_lock_closes_the_envelope(locked):
    kept = Deliberation.objects.get()

    assert kept.record["results"] == {
        "edition": "ccd-2020",
        "department": "INFOCOM",
        "locked_at": envelope.results_of(
            edition="", department="", locked_at=NIGHT, nominees=[], places={}
        )["locked_at"],
        "nominees": ["Bocal à idées", "Com’unik", "Les Five"],
        "places": [{"rank": 1, "teams": ["Com’unik", "Les Five"]}],
        "special": [],
    }
    assert envelope.is_intact(kept.salt, kept.record["results"], kept.digest)


def test_a_draft_has_no_envelope(decided, diane):
    draft = Deliberation.objects.get()

    assert (draft.record, draft.salt, draft.digest) == ({}, "", "")

    deliberation.lock(department=decided, by=diane.user, at=NIGHT)

    assert len(Deliberation.objects.get().digest) == 64
