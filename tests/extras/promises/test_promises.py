"""What a promise is worth: the same bytes, by its end, count at its instant (decision 49)."""

from datetime import timedelta

import pytest

from hackathon.base.core.errors import NotFound, Refused
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.enums import LatePolicy
from hackathon.event.editions.models import Edition
from hackathon.extras.promises.errors import PromiseRefusal
from hackathon.extras.promises.models import Promise
from hackathon.extras.promises.selectors import line_of
from submissions.deliverables import services as deliverables
from submissions.deposits import services as deposits
from submissions.enums import ProgressState, Punctuality
from submissions.errors import DepositRefusal
from submissions.models import Submission
from submissions.receipts.rules import is_genuine
from submissions.transfers import services as transfers
from submissions.versions import selectors
from submissions.versions.progress import progress_of
from teams.errors import TeamRefusal
from teams.models import Team
from teams.services import organizing
from tests.conftest import DEADLINE, NOON, make_team, make_user
from tests.extras.promises.making import by_desk, promise
from tests.refusals import refuses
from tests.submissions.conftest import MINUTE, PDF, SECOND, deposit, extend, file_at, published

pytestmark = pytest.mark.django_db
GRACE = DEADLINE + 10 * MINUTE
END = GRACE + 10 * MINUTE
OTHER = PDF.replace(b"1.7", b"1.6")  # as many bytes


def refusal_of(call: object, *args: object, **named: object) -> str:
    with pytest.raises(Refused) as refused:
        call(*args, **named)
    return refused.value.refusal.code.value


def mark_of(submission: Submission) -> Punctuality:
    return selectors.version_of(submission).punctuality


@pytest.fixture
def accepting(edition) -> Edition:
    edition.late_policy = LatePolicy.ACCEPT
    edition.save()
    return edition


def test_twenty_teams_without_a_network_lose_nothing(accepting, comunik, dossier, eve):
    # The upload route is cut at T − 40 s; it works again at T + 6 min.
    members = [make_user(f"m{n}@example.org") for n in range(22)]
    teams = [make_team(comunik.department, f"Équipe {n}", m) for n, m in enumerate(members)]
    contents = [PDF + f"% {n:02}".encode() for n in range(22)]
    at = [DEADLINE - (40 - n) * SECOND for n in range(21)]
    for n in range(21):
        if n % 2:
            by_desk(teams[n], dossier, eve, contents[n], at=at[n])
        else:
            promise(teams[n], dossier, contents[n], at=at[n])
    promise(teams[21], dossier, contents[21], at=DEADLINE + SECOND)

    back = DEADLINE + 6 * MINUTE
    contents[20] = contents[20].replace(b"1.7", b"1.6")  # not what was promised
    received = [
        deposit(dossier, team, member, at=back, content=content)
        for team, member, content in zip(teams, members, contents, strict=True)
    ]

    versions = [selectors.version_of(Submission.objects.get(pk=s.pk)) for s in received]
    assert [v.punctuality for v in versions[:20]] == [Punctuality.ON_TIME] * 20
    assert [v.announced_at for v in versions[:20]] == at[:20]
    assert all(v.counts for v in versions)
    other, too_late = versions[20:]
    assert (other.punctuality, other.announced_at) == (Punctuality.LATE, None)
    assert too_late.punctuality == Punctuality.LATE
    progress = {p.team.pk: p for p in progress_of(accepting)}
    assert progress[teams[0].pk].state == ProgressState.COMPLETE
    assert progress[teams[0].pk].completed_at == at[0]
    assert Promise.objects.filter(kept_by=None).count() == 1


def test_the_same_bytes_count_until_the_end_that_the_organizers_set(edition, comunik, dossier, ada):
    edition.promise_minutes = 3
    edition.save()
    promise(comunik, dossier, at=DEADLINE - SECOND)

    code = refusal_of(deposit, dossier, comunik, ada, at=GRACE + 3 * MINUTE + SECOND)
    kept = deposit(dossier, comunik, ada, at=GRACE + 3 * MINUTE)

    assert code == "deadline_passed"
    assert mark_of(kept) == Punctuality.ON_TIME


def test_other_bytes_are_refused_or_late_as_without_a_promise(accepting, comunik, dossier, ada):
    promise(comunik, dossier, at=DEADLINE - SECOND)

    late = deposit(dossier, comunik, ada, content=OTHER, at=DEADLINE + MINUTE)
    accepting.late_policy = LatePolicy.REFUSE
    accepting.save()
    code = refusal_of(deposit, dossier, comunik, ada, content=OTHER, at=DEADLINE + MINUTE)

    assert (mark_of(late), code) == (Punctuality.LATE, "deadline_passed")
    assert Promise.objects.get().kept_by is None


def test_a_promise_of_another_team_or_deliverable_helps_nobody(
    infocom, comunik, dossier, slides, ada
):
    rival = make_team(comunik.department, "Rivale", make_user("r@example.org"))
    promise(rival, dossier, at=DEADLINE - SECOND)
    promise(comunik, slides, at=DEADLINE - SECOND)

    code = refusal_of(deposit, dossier, comunik, ada, at=DEADLINE + MINUTE)

    assert code == "deadline_passed"


def test_a_promise_is_kept_once(accepting, comunik, dossier, ada):
    made = promise(comunik, dossier, at=DEADLINE - SECOND)

    first = deposit(dossier, comunik, ada, at=DEADLINE + MINUTE)
    second = deposit(dossier, comunik, ada, at=DEADLINE + 2 * MINUTE)

    made.refresh_from_db()
    assert made.kept_by == first
    assert (mark_of(first), mark_of(second)) == (Punctuality.ON_TIME, Punctuality.LATE)
    assert selectors.version_of(first).counts


def test_a_newer_version_counts_before_one_that_was_promised_earlier(comunik, dossier, ada):
    promise(comunik, dossier, at=DEADLINE - MINUTE)
    newer = deposit(dossier, comunik, ada, content=OTHER, at=DEADLINE - SECOND)
    promised = deposit(dossier, comunik, ada, at=DEADLINE + MINUTE)

    assert mark_of(promised) == Punctuality.ON_TIME
    assert selectors.version_of(newer).counts
    (status,) = selectors.deposits_of(comunik, at=END).statuses
    assert not status.newest_is_late


def test_a_transfer_that_began_in_time_is_in_the_grace_when_its_promise_is(comunik, dossier, ada):
    begun_at = DEADLINE - MINUTE
    transfers.begin(
        comunik, dossier.pk, length=len(PDF), filename="dossier.pdf", by=ada, at=begun_at
    )
    made = promise(comunik, dossier, at=DEADLINE + MINUTE)
    line = line_of(made, comunik, dossier)

    kept = deposit(dossier, comunik, ada, begun_at=begun_at, at=END)

    assert (line.punctuality, line.until) == (Punctuality.IN_GRACE, END)
    assert mark_of(kept) == Punctuality.IN_GRACE


def test_a_late_promise_is_kept_and_an_extension_saves_it(comunik, dossier, ada, eve):
    made = promise(comunik, dossier, at=DEADLINE + SECOND)
    late = line_of(made, comunik, dossier).punctuality
    code = refusal_of(deposit, dossier, comunik, ada, at=DEADLINE + MINUTE)
    extend(eve, 5, team=comunik)

    kept = deposit(dossier, comunik, ada, at=DEADLINE + 20 * MINUTE)

    assert (late, code) == (Punctuality.LATE, "deadline_passed")
    assert mark_of(kept) == Punctuality.ON_TIME


def test_an_upload_of_promised_bytes_may_begin_and_others_may_not(comunik, dossier, ada):
    promise(comunik, dossier, at=DEADLINE - SECOND)
    at = {"filename": "dossier.pdf", "by": ada, "at": DEADLINE + 6 * MINUTE}

    code = refusal_of(transfers.begin, comunik, dossier.pk, length=len(PDF) + 1, **at)
    upload = transfers.begin(comunik, dossier.pk, length=len(PDF), **at)

    assert code == "deadline_passed"
    assert upload.length == len(PDF)


def test_the_same_bytes_are_promised_once_however_they_come(comunik, dossier, eve):
    first = by_desk(comunik, dossier, eve, at=NOON)
    again = promise(comunik, dossier, at=NOON + MINUTE)

    assert (again, again.received_at) == (first, NOON)


def test_a_team_makes_three_promises_for_a_deliverable(comunik, dossier, slides):
    made = [promise(comunik, dossier, PDF + bytes([n])) for n in range(3)]
    code = refusal_of(promise, comunik, dossier, PDF + b"3")

    assert [one.number for one in made] == [1, 2, 3]
    assert code == PromiseRefusal.TOO_MANY_PROMISES
    assert promise(comunik, slides).number == 1


@pytest.mark.parametrize(
    ("at", "content", "code"),
    [
        (END + SECOND, PDF, "promises_over"),
        (NOON - timedelta(hours=5), PDF, "not_open_yet"),
        (NOON, b"", "empty"),
        (NOON, b"x" * 5_000_001, "too_large"),
    ],
)
def test_why_a_promise_is_refused(comunik, dossier, at, content, code):
    assert refusal_of(promise, comunik, dossier, content, at=at) == code
    assert not Promise.objects.exists()


def test_an_edition_without_promises_takes_none(edition, comunik, dossier, ada):
    made = promise(comunik, dossier, at=NOON)
    edition.promise_minutes = 0
    edition.save()

    assert refusal_of(promise, comunik, dossier, OTHER) == PromiseRefusal.NO_PROMISES
    assert refusal_of(deposit, dossier, comunik, ada, at=DEADLINE + MINUTE) == "deadline_passed"
    assert line_of(made, comunik, dossier).until is None


def test_links_published_results_and_unknown_deliverables_have_no_promises(
    edition, comunik, pixels, dossier, site_link
):
    assert refusal_of(promise, comunik, site_link) == "wrong_kind"
    with pytest.raises(NotFound):
        promise(pixels, dossier)  # of another department
    edition.results_published_at = NOON
    edition.save()
    assert refusal_of(promise, comunik, dossier) == "entry_closed"


def test_team_and_organizers_are_told_and_the_journal_says_it(comunik, dossier, ada):
    made = promise(comunik, dossier)

    assert set(published()) == {
        (f"team:{comunik.pk}", "submission.promised"),
        (f"team:{comunik.pk}", "promise.changed"),
        ("organizers", "submission.promised"),
    }
    deposit(dossier, comunik, ada, at=NOON + MINUTE)
    acts = JournalEntry.objects.filter(act__startswith="promise.").order_by("pk")
    assert [(entry.act, entry.by_id) for entry in acts] == [
        ("promise.received", None),
        ("promise.kept", ada.pk),
    ]
    assert acts[0].detail["code"] == made.spoken_code


def test_a_receipt_signs_the_promise_that_was_kept(comunik, dossier, ada):
    promise(comunik, dossier)
    submission = deposit(dossier, comunik, ada, at=NOON + MINUTE)
    genuine = is_genuine(submission.receipt)

    Submission.objects.filter(pk=submission.pk).update(announced_at=NOON - MINUTE)

    forged = Submission.objects.get(pk=submission.pk)
    assert (genuine, is_genuine(forged.receipt)) == (True, False)


def test_bytes_that_the_server_has_are_not_promised(comunik, dossier, ada, eve):
    deposit(dossier, comunik, ada, at=NOON - MINUTE)  # whose answer was lost

    assert refusal_of(promise, comunik, dossier) == PromiseRefusal.RECEIVED_BEFORE
    assert refusal_of(by_desk, comunik, dossier, eve, at=NOON) == "received_before"
    assert promise(comunik, dossier, OTHER).number == 1


def test_promised_bytes_on_a_stick_that_an_organizer_enters_count(comunik, dossier, eve):
    promise(comunik, dossier, at=DEADLINE - SECOND)
    at = DEADLINE + 5 * MINUTE

    entered = deposits.deposit(
        dossier, comunik, file=file_at(at), begun_at=at, by=eve, at=at, reason="Clé USB"
    )

    assert mark_of(entered) == Punctuality.ON_TIME


def test_a_team_that_may_still_keep_a_promise_is_neither_dissolved_nor_moved(
    edition, dossier, comunik, pixels, eve
):
    edition.team_size_max = 9
    edition.save()
    promise(comunik, dossier)
    to = {"department": pixels.department, "by": eve, "at": END}

    merged = refusal_of(organizing.merge, comunik, pixels, by=eve, at=END)
    moved = refusal_of(organizing.relocate, edition, [comunik], **to)
    deleted = refusal_of(deliverables.delete, dossier, by=eve, at=END)
    organizing.merge(comunik, pixels, by=eve, at=END + SECOND)

    assert merged == TeamRefusal.UPLOADING
    assert moved == TeamRefusal.DEPOSITS_STAY
    assert deleted == DepositRefusal.HAS_SUBMISSIONS
    assert not Team.objects.filter(pk=comunik.pk).exists()


def test_a_promise_counts_no_more_once_they_are_switched_off(edition, comunik, dossier, ada):
    promise(comunik, dossier, at=DEADLINE - SECOND)
    Edition.objects.update(extras=[])
    comunik.refresh_from_db()

    with pytest.raises(Refused):
        deposit(dossier, comunik, ada, at=DEADLINE + SECOND)
    with refuses(PromiseRefusal.NO_PROMISES):
        promise(comunik, dossier, PDF + b"2", at=DEADLINE - SECOND)


def test_what_was_kept_stays_when_they_are_switched_off(edition, comunik, dossier, ada):
    promise(comunik, dossier, at=DEADLINE - SECOND)
    submission = deposit(dossier, comunik, ada, at=DEADLINE + SECOND)
    Edition.objects.update(extras=[])

    kept = Submission.objects.select_related("team__edition", "deliverable").get(pk=submission.pk)
    version = selectors.version_of(kept)
    assert (version.punctuality, version.announced_at) == (Punctuality.ON_TIME, DEADLINE - SECOND)
    assert is_genuine(kept.receipt)
