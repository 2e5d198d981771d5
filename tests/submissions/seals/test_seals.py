import hashlib
import hmac
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hackathon.base.accounts.models import User
from hackathon.celery import app
from hackathon.event.editions.enums import LatePolicy
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.services import schedule
from submissions import periodic
from submissions.deposits import services as deposits
from submissions.enums import SealMoment
from submissions.extensions import services as extensions
from submissions.inspection import tasks
from submissions.models import Deliverable, Extension, Seal, Upload
from submissions.seals import rules, selectors
from submissions.seals import services as seals_services
from submissions.seals.rules import SETTLE, UNFINISHED_WAIT
from teams.models import Team
from tests.conftest import DEADLINE, NOON, make_team, make_user
from tests.submissions.conftest import MINUTE, PDF, SECOND, deposit, extend
from tests.submissions.seals.test_tree import merkle_hash

GRACE = DEADLINE + 10 * MINUTE
LATER = DEADLINE + timedelta(hours=3)
pytestmark = pytest.mark.django_db


def sealed_instants(edition: Edition) -> list[tuple[str, datetime]]:
    seals = Seal.objects.filter(edition=edition, department=None)
    return list(seals.order_by("as_of").values_list("moment", "as_of"))


def sealed(department: Department, moment: SealMoment = SealMoment.DEADLINE) -> list[Any]:
    manifest = Seal.objects.get(department=department, moment=moment).manifest
    return [
        (team["name"], entry["name"], entry["version"], entry["mark"])
        for team in manifest["teams"]
        for entry in team["deposits"]
    ]


# ---------------------------------------------------------------- which instants


def due(edition: Edition, *granted: Extension) -> list[tuple[str, datetime]]:
    return [(d.moment.value, d.as_of) for d in rules.due_seals(edition, granted, [])]


def test_the_deadline_and_the_end_of_the_grace(edition):
    assert due(edition) == [("deadline", DEADLINE), ("grace", GRACE)]


@pytest.mark.parametrize("policy", LatePolicy)
def test_without_a_grace_period_one_instant_is_sealed(edition, policy):
    edition.grace_seconds, edition.late_policy = 0, policy

    assert due(edition) == [("deadline", DEADLINE)]


def test_the_end_of_the_longest_extension_with_its_grace(edition, comunik, eve):
    delays = [extend(eve, 15, team=comunik), extend(eve, 40, department=comunik.department)]

    assert due(edition, *delays)[2:] == [("delays", GRACE + 40 * MINUTE)]


def test_an_extension_granted_or_revoked_after_its_end_is_sealed_at_that_instant(
    edition, comunik, eve
):
    delay = extend(eve, 5, team=comunik)
    delay.granted_at = LATER
    assert due(edition, delay)[2:] == [("delays", LATER)]

    delay.revoked_at = LATER + MINUTE
    assert due(edition, delay)[2:] == [("delays", LATER + MINUTE)]

    delay.granted_at, delay.revoked_at = NOON, NOON + MINUTE
    assert due(edition, delay)[2:] == []


# ---------------------------------------------------------------- what is in it


def test_what_counts_is_sealed_with_its_digest(edition, comunik, dossier, pixels, ada):
    deposit(dossier, comunik, ada)
    last = deposit(dossier, comunik, ada, at=DEADLINE, content=PDF + b"2")

    seals_services.make_due(edition, at=DEADLINE + SETTLE)

    manifest = Seal.objects.get(department=comunik.department).manifest
    assert manifest["teams"] == [
        {
            "team": comunik.pk,
            "name": "Com’unik",
            "deadline_at": "2020-02-13T22:00:00Z",
            "deposits": [
                {
                    "deliverable": dossier.pk,
                    "name": "Dossier de stratégie",
                    "version": 2,
                    "received_at": "2020-02-13T22:00:00Z",
                    "mark": "on_time",
                    "size": len(PDF) + 1,
                    "sha256": hashlib.sha256(PDF + b"2").hexdigest(),
                    "receipt": last.receipt.code,
                }
            ],
        }
    ]
    over_all = Seal.objects.get(department=None).manifest
    assert [(d["code"], d["teams"], d["deposits"]) for d in over_all["departments"]] == [
        ("INFO", 0, 0),
        ("INFOCOM", 1, 1),
    ]
    assert (over_all["teams"], over_all["deposits"]) == (1, 1)


def written(content: Any) -> bytes:
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def leaves_as_documented(manifest: Any) -> list[bytes]:
    """docs/seals.md"""
    secret = bytes.fromhex(manifest.pop("secret"))
    teams = manifest.pop("teams")
    contents = [{"head": manifest}]
    for team in teams:
        deposits = team.pop("deposits")
        contents.append({"team": team, "deposits": len(deposits)})
        contents += [{"team": team, "deposit": deposit} for deposit in deposits]
    names = ("edition", "department", "moment", "as_of", "due_at")
    seal = {name: manifest[name] for name in names}
    leaves = []
    for content in contents:
        salt = hmac.digest(secret, written({"seal": seal, **content}), "sha256").hex()
        leaves.append(written({"seal": seal, **content, "salt": salt}))
    return leaves


def test_the_digests_can_be_computed_from_the_manifests(edition, comunik, pixels, dossier, ada):
    deposit(dossier, comunik, ada)
    seals_services.make_due(edition, at=DEADLINE + SETTLE)

    over_all = Seal.objects.get(department=None)
    parts = Seal.objects.exclude(department=None).order_by("department__code")
    leaves = [written(over_all.manifest)]
    for part in parts:
        own = leaves_as_documented(part.manifest)
        assert merkle_hash(own).hex() == part.digest
        leaves += own
    assert merkle_hash(leaves).hex() == over_all.digest
    assert [d["digest"] for d in over_all.manifest["departments"]] == [p.digest for p in parts]


def test_deposits_are_sealed_by_the_second(edition, comunik, infocom, dossier, ada):
    deposit(dossier, comunik, ada, at=DEADLINE - SECOND)
    deposit(dossier, comunik, ada, at=DEADLINE)
    deposit(dossier, comunik, ada, at=DEADLINE + SECOND, begun_at=DEADLINE)
    deposit(dossier, comunik, ada, at=GRACE, begun_at=DEADLINE)

    seals_services.make_due(edition, at=LATER)

    assert sealed(infocom) == [("Com’unik", "Dossier de stratégie", 2, "on_time")]
    assert sealed(infocom, SealMoment.GRACE) == [
        ("Com’unik", "Dossier de stratégie", 4, "in_grace")
    ]


def test_late_deposits_are_sealed_as_late_and_never_replace_others(
    edition, comunik, infocom, dossier, site_link, ada
):
    Edition.objects.update(late_policy=LatePolicy.ACCEPT)
    edition.refresh_from_db()
    comunik.refresh_from_db()
    deposit(dossier, comunik, ada)
    at = DEADLINE + MINUTE
    deposit(dossier, comunik, ada, at=at)
    deposits.deposit(site_link, comunik, url="https://example.org/", begun_at=at, by=ada, at=at)

    seals_services.make_due(edition, at=LATER)

    on_time = ("Com’unik", "Dossier de stratégie", 1, "on_time")
    assert sealed(infocom) == [on_time]
    assert sealed(infocom, SealMoment.GRACE) == [on_time, ("Com’unik", "Site vitrine", 1, "late")]


def test_a_seal_uses_the_extensions_valid_at_its_instant(
    edition, comunik, infocom, dossier, ada, eve
):
    Edition.objects.update(late_policy=LatePolicy.ACCEPT)
    comunik.refresh_from_db()
    edition.refresh_from_db()
    deposit(dossier, comunik, ada)
    deposit(dossier, comunik, ada, at=DEADLINE + 3 * MINUTE)
    extensions.grant(edition, team=comunik, minutes=5, reason="Panne", by=eve, at=LATER)

    seals_services.make_due(edition, at=LATER + MINUTE)

    assert [v[2:] for v in sealed(infocom, SealMoment.GRACE)] == [(1, "on_time")]
    assert [v[2:] for v in sealed(infocom, SealMoment.DELAYS)] == [(2, "on_time")]
    assert Seal.objects.get(department=None, moment="delays").as_of == LATER


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    arrivals=st.lists(st.integers(-1200, 3600), max_size=6),
    wait=st.integers(25, 7200),
    delay=st.tuples(st.integers(-600, 5000), st.integers(1, 40)),
)
# Deposits and extensions after the sealed instant change nothing.
def test_a_seal_is_the_same_whenever_it_is_made(
    edition, comunik, dossier, ada, eve, arrivals, wait, delay
):
    Edition.objects.update(late_policy=LatePolicy.ACCEPT)
    instant = rules.due_seals(edition, [], [])[0]
    granted_at = DEADLINE + timedelta(seconds=delay[0])
    before = [a for a in arrivals if a <= 0]
    for seconds in before:
        at = DEADLINE + timedelta(seconds=seconds)
        deposit(dossier, comunik, ada, at=at)
    if granted_at <= DEADLINE:
        Extension.objects.create(
            team=comunik, minutes=delay[1], reason="x", granted_at=granted_at, granted_by=eve
        )
    at_once = selectors.manifests(edition, instant, extensions_at=instant.as_of)

    for seconds in sorted(set(arrivals) - set(before)):
        at = DEADLINE + timedelta(seconds=seconds)
        deposit(dossier, comunik, ada, at=at)
    if granted_at > DEADLINE:
        Extension.objects.create(
            team=comunik, minutes=delay[1], reason="x", granted_at=granted_at, granted_by=eve
        )
    Extension.objects.update(revoked_at=DEADLINE + timedelta(seconds=wait), revoked_by=eve)

    assert selectors.manifests(edition, instant, extensions_at=instant.as_of) == at_once


# ---------------------------------------------------------------- when it is made


def test_a_seal_is_not_made_before_it_has_settled(edition, comunik):
    assert seals_services.make_due(edition, at=DEADLINE + SETTLE - SECOND) == []

    (seal,) = seals_services.make_due(edition, at=DEADLINE + SETTLE)

    assert (seal.as_of, seal.made_at) == (DEADLINE, DEADLINE + SETTLE)


def test_a_seal_is_made_once(edition, comunik):
    first = seals_services.make_due(edition, at=LATER)

    assert len(first) == 2
    assert seals_services.make_due(edition, at=LATER + MINUTE) == []
    assert sealed_instants(edition) == [("deadline", DEADLINE), ("grace", GRACE)]


def complete_upload(team: Team, deliverable: Deliverable, by: User, at: datetime) -> Upload:
    return Upload.objects.create(
        team=team,
        deliverable=deliverable,
        begun_by=by,
        length=len(PDF),
        filename="dossier.pdf",
        begun_at=at - MINUTE,
        expires_at=LATER,
        whole_at=at,
    )


def test_a_seal_waits_for_a_complete_upload_and_not_for_ever(edition, comunik, dossier, ada):
    complete_upload(comunik, dossier, ada, DEADLINE)
    complete_upload(comunik, dossier, ada, DEADLINE + SECOND)

    assert seals_services.make_due(edition, at=DEADLINE + UNFINISHED_WAIT - SECOND) == []
    assert len(seals_services.make_due(edition, at=DEADLINE + UNFINISHED_WAIT)) == 1


def test_a_seal_does_not_wait_for_a_refused_upload(edition, comunik, dossier, ada):
    late = complete_upload(comunik, dossier, ada, GRACE)
    Upload.objects.filter(pk=late.pk).update(begun_at=DEADLINE + SECOND)

    assert len(seals_services.make_due(edition, at=GRACE + SETTLE)) == 2


def test_a_moved_deadline_is_sealed_in_addition(edition, comunik, infocom, dossier, ada, eve):
    deposit(dossier, comunik, ada)
    seals_services.make_due(edition, at=DEADLINE + SETTLE)
    moved = DEADLINE + 30 * MINUTE
    edition = schedule.move(
        edition=edition, instants={"deadline_at": moved}, by=eve, at=DEADLINE + MINUTE
    )
    comunik.refresh_from_db()
    deposit(dossier, comunik, ada, at=moved - MINUTE)

    assert seals_services.make_due(edition, at=GRACE + SETTLE) == []
    seals_services.make_due(edition, at=moved + timedelta(hours=1))

    assert sealed_instants(edition) == [
        ("deadline", DEADLINE),
        ("deadline", moved),
        ("grace", moved + 10 * MINUTE),
    ]
    versions = Seal.objects.filter(department=infocom, moment="deadline").order_by("as_of")
    assert [s.manifest["teams"][0]["deposits"][0]["version"] for s in versions] == [1, 2]
    assert (last := selectors.last_seal(edition)) is not None
    assert last.moment == "grace"


def test_nothing_is_sealed_without_departments_or_after_the_results(edition, request):
    assert seals_services.make_due(edition, at=LATER) == []

    request.getfixturevalue("comunik")
    edition.results_published_at = LATER
    edition.save()

    assert seals_services.make_due(edition, at=LATER) == []


def test_the_periodic_task_seals_every_edition_that_is_due(edition, comunik):
    periodic.seal_due()  # at the present time, years later

    assert sealed_instants(edition) == [("deadline", DEADLINE), ("grace", GRACE)]


def test_seals_and_inspections_have_different_queues():
    queues = {
        task.name: getattr(app.amqp.router.route({}, task.name).get("queue"), "name", "celery")
        for task in (periodic.seal_due, tasks.inspect)
    }

    assert queues == {
        "submissions.periodic.seal_due": "clock",
        "submissions.inspection.tasks.inspect": "celery",
    }
    assert set(app.amqp.queues) == {"clock", "celery", "mail"}  # those that workers consume


# ---------------------------------------------------------------- reading


def test_the_same_number_of_queries_for_one_team_and_three(
    edition, infocom, dossier, django_assert_max_num_queries
):
    edition.extras = []
    instant = rules.due_seals(edition, [], [])[0]
    counts = []
    for number in (1, 3):
        while infocom.teams.count() < number:
            user = make_user(f"s{infocom.teams.count()}@example.org")
            team = make_team(infocom, f"Équipe {user.pk}", user)
            deposit(dossier, team, user)
        with django_assert_max_num_queries(10) as captured:
            selectors.manifests(edition, instant, extensions_at=instant.as_of)
        counts.append(len(captured))

    assert counts[0] == counts[1] == 4


def test_the_state_before_and_after_each_seal(edition, comunik):
    before = selectors.seal_state(edition, at=NOON)
    pending = selectors.seal_state(edition, at=DEADLINE)
    seals_services.make_due(edition, at=DEADLINE + SETTLE)
    between = selectors.seal_state(edition, at=DEADLINE + MINUTE)
    seals_services.make_due(edition, at=GRACE + SETTLE)
    after = selectors.seal_state(edition, at=LATER)

    assert (before.last, before.next and before.next.as_of, before.pending) == (
        None,
        DEADLINE,
        False,
    )
    assert (pending.last, pending.pending) == (None, True)
    assert between.last is not None
    assert (between.next and between.next.as_of, between.pending) == (GRACE, False)
    assert (after.next, after.pending) == (None, False)
