"""What decides about a hand-in, without a database: facts in, a decision out."""

from dataclasses import replace
from datetime import datetime, timedelta

from hackathon.event.editions.enums import LatePolicy
from hackathon.event.editions.models import Edition
from submissions.budget.rules import OPEN_UPLOADS_MAX, TEAM_BYTES_MIN, VERSIONS_MAX
from submissions.deposits import rules
from submissions.enums import DeliverableKind, ProgressState, Punctuality
from submissions.models import MEGABYTE, Deliverable, Extension, Submission, Upload
from submissions.storage import Space
from submissions.versions.rules import DepositFacts, Received
from teams.models import Team
from tests.conftest import DEADLINE, NOON
from tests.submissions.conftest import MINUTE

TOO_LATE = DEADLINE + timedelta(hours=1)
NO_SPACE = Space(free=0, promised=0, reserve=1)
EDITION = Edition(
    starts_at=NOON - timedelta(hours=4),
    deadline_at=DEADLINE,
    grace_seconds=600,
    late_policy=LatePolicy.REFUSE,
    timezone="Europe/Paris",
)
DOSSIER = Deliverable(
    pk=1, department_id=1, kind=DeliverableKind.FILE, formats=["pdf"], max_bytes=MEGABYTE
)
FILM = Deliverable(pk=2, department_id=1, kind=DeliverableKind.FILE, max_bytes=MEGABYTE)


def some_facts(*versions: Received) -> DepositFacts:
    return DepositFacts(
        team=Team(pk=1, department_id=1, edition=EDITION),
        deliverables={1: DOSSIER, 2: FILM},
        extensions=[],
        versions={v.deliverable_id: [w for w in versions if w[2] == v[2]] for v in versions},
    )


def a_version(number: int, of: Deliverable = DOSSIER, size: int = 5) -> Received:
    return Received(number, 1, of.pk, number, NOON, NOON, size)


def a_file(
    name: str = "a.pdf", *, at: datetime = NOON, begun_at: datetime | None = None
) -> Submission:
    file = {"deliverable": DOSSIER, "filename": name, "size": 5}
    return Submission(**file, begun_at=begun_at or at, received_at=at)


def everything_wrong() -> DepositFacts:
    full = [a_version(1, FILM, TEAM_BYTES_MIN), *map(a_version, range(1, VERSIONS_MAX + 1))]
    opened = [Upload(deliverable=DOSSIER, length=5) for _ in range(OPEN_UPLOADS_MAX)]
    return replace(some_facts(*full), may_hand_in=False, uploads=opened, space=NO_SPACE)


def codes(refusals: list[rules.Refusal]) -> list[str]:
    return [refusal.code.value for refusal in refusals]


def test_who_and_when_win_over_what_was_sent():
    late = a_file("a.exe", at=TOO_LATE)

    decision = rules.decide(everything_wrong(), late, DeliverableKind.FILE)

    assert codes(decision.refusals) == [
        "not_member",
        "deadline_passed",
        "too_many_versions",
        "wrong_format",
        "storage_full",
        "team_budget",
    ]


def test_only_what_it_is_and_the_disk_bind_an_entry_of_an_organizer():
    facts = replace(everything_wrong(), is_entry=True)
    late = a_file("a.exe", at=TOO_LATE)

    decision = rules.decide(facts, late, DeliverableKind.FILE)

    assert codes(decision.refusals) == ["not_organizer", "wrong_format", "storage_full"]


def test_an_upload_that_begins_is_told_first_what_it_can_never_become():
    facts = everything_wrong()

    refusals = rules.begin_refusals(facts, DOSSIER, filename="a.exe", size=5, at=TOO_LATE)

    assert codes(refusals) == [
        "deadline_passed",
        "wrong_format",
        "too_many_versions",
        "too_many_uploads",
        "team_budget",
        "storage_full",
    ]


def test_the_space_of_an_upload_was_checked_when_it_began():
    facts = replace(everything_wrong(), space=None, versions={}, may_hand_in=True)

    decision = rules.decide(facts, a_file(), DeliverableKind.FILE)

    assert decision.refusals == []


def test_a_text_is_refused_where_a_file_is_asked_for():
    text = Submission(deliverable=DOSSIER, text="Bonjour", begun_at=NOON, received_at=NOON)

    decision = rules.decide(some_facts(), text, DeliverableKind.TEXT)

    assert codes(decision.refusals) == ["wrong_kind"]


def test_a_decision_says_what_the_submission_becomes():
    facts = some_facts(a_version(1), a_version(3), a_version(1, FILM))
    longer = replace(facts, extensions=[Extension(minutes=120)])
    received = a_file(begun_at=DEADLINE - MINUTE, at=DEADLINE + MINUTE)

    usual = rules.decide(facts, received, DeliverableKind.FILE)
    extended = rules.decide(longer, received, DeliverableKind.FILE)

    assert (usual.version, usual.punctuality) == (4, Punctuality.IN_GRACE)
    assert (extended.version, extended.punctuality) == (4, Punctuality.ON_TIME)
    assert (usual.progress, usual.changes_progress) == (ProgressState.COMPLETE, False)


def test_a_first_version_changes_the_progress_that_pages_show():
    first = rules.decide(some_facts(), a_file(), DeliverableKind.FILE)
    last = rules.decide(some_facts(a_version(1, FILM)), a_file(), DeliverableKind.FILE)

    assert (first.progress, first.changes_progress) == (ProgressState.SOMETHING, True)
    assert (last.progress, last.changes_progress) == (ProgressState.COMPLETE, True)
