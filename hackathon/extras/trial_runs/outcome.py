"""What a rehearsal has shown: what was lost or wrongly marked, and how long everything took."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from hackathon.event.editions.models import Edition
from hackathon.extras.trial_runs.background import Finding
from hackathon.run.page_client.client import Deposit, Notes, Sample
from submissions.audit.contents import ContentReader
from submissions.enums import Punctuality
from submissions.models import Submission
from submissions.receipts.rules import is_genuine
from submissions.versions import rules
from submissions.versions.selectors import all_periods_of, deliverables_asked, punctuality

PAGES_P95_MS = 300.0
MESSAGES_P99_MS = 500.0
# The clocks of this machine and of the server, and the way of the answer.
TOLERANCE_SECONDS = 0.5
BUCKETS = 60
# Above it the clients need another machine.
LAG_P95_MS = 50.0
LATE_SECONDS = 1.0


@dataclass
class Outcome:
    sent: int = 0
    received: int = 0
    refused: int = 0
    cuts: int = 0
    lost: list[str] = field(default_factory=list)
    wrongly_marked: list[str] = field(default_factory=list)
    marks: Counter[str] = field(default_factory=Counter)  # by punctuality
    server_errors: Counter[str] = field(default_factory=Counter)  # by route and status
    broken_off: Counter[str] = field(default_factory=Counter)  # by the clients, which were late
    requests: int = 0
    pages_p50: float = 0.0
    pages_p95: float = 0.0
    messages: int = 0
    messages_p99: float = 0.0
    uploads_p95: float = 0.0
    lag_p95: float = 0.0
    saturated: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def failed(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.is_good]

    @property
    def is_good(self) -> bool:
        return (
            not self.lost
            and not self.failed
            and not self.wrongly_marked
            and not self.server_errors
            and not self.trouble
            and self.sent > 0
            and self.messages > 0
            and self.pages_p95 <= PAGES_P95_MS
            and self.messages_p99 <= MESSAGES_P99_MS
        )

    @property
    def verdict(self) -> str:
        return (
            f"{'READY' if self.is_good else 'NOT READY'}: {self.received} of {self.sent} deposits "
            f"received, {len(self.lost)} lost, {len(self.wrongly_marked)} wrongly marked, "
            f"{self.server_errors.total()} server errors, {len(self.trouble)} failed acts, "
            f"pages p95 {self.pages_p95:.0f} ms (goal "
            f"{PAGES_P95_MS:.0f}), messages p99 {self.messages_p99:.0f} ms (goal "
            f"{MESSAGES_P99_MS:.0f}), {len(self.failed)} of {len(self.findings)} parts behind the "
            "pages failed"
            + "".join(f"; {finding.title}" for finding in self.failed)
            + (
                f"; the clients themselves were late by {self.lag_p95:.0f} ms: give them a machine "
                "of their own, the times are theirs"
                if self.lag_p95 > LAG_P95_MS
                else ""
            )
        )


def outcome_of(edition: Edition, notes: Notes) -> Outcome:
    """Reads every file that was received."""
    found = Outcome(trouble=notes.trouble)
    _check_deposits(edition, notes.deposits, found)
    found.requests = len(notes.samples)
    for sample in notes.samples:
        if is_broken_off(sample, notes):
            found.broken_off[f"{sample.route} {sample.error}"] += 1
        elif sample.status == 0 or sample.status >= 500:
            answer = sample.status or f"{sample.error} no answer".strip()
            found.server_errors[f"{sample.route} {answer}"] += 1
    pages = [s.seconds for s in notes.samples if s.kind in ("page", "part") and s.status == 200]
    found.pages_p50, found.pages_p95 = 1000 * quantile(pages, 0.5), 1000 * quantile(pages, 0.95)
    uploads = [d.answered_at - d.asked_at for d in notes.deposits if d.answered_at]
    found.uploads_p95 = quantile(uploads, 0.95)
    delays = [at - sent for sent, seen in notes.announced.values() for at in seen]
    found.messages, found.messages_p99 = len(delays), 1000 * quantile(delays, 0.99)
    found.lag_p95 = 1000 * quantile((lag for _due, lag in notes.lags), 0.95)
    found.saturated = _saturated(notes)
    return found


def is_broken_off(sample: Sample, notes: Notes) -> bool:
    """Without an answer, while this program was late by more than a second: it answered the server
    too late, or waited for a connection of its own. A server that takes no connection is away.
    """
    if sample.status or sample.error == "ConnectError":
        return False
    began = sample.at - sample.seconds
    return sample.error == "PoolTimeout" or any(
        lag > LATE_SECONDS and due < sample.at and began < due + lag for due, lag in notes.lags
    )


def _check_deposits(edition: Edition, deposits: list[Deposit], found: Outcome) -> None:
    rows = {
        row.receipt.code: row
        for row in Submission.objects.filter(team__edition=edition).select_related("receipt")
    }
    teams = list(edition.teams.all())
    periods = all_periods_of(edition, teams, deliverables_asked(teams))
    reader = ContentReader()
    found.sent, found.received = len(deposits), len(rows)
    for deposit in deposits:
        found.cuts += deposit.cuts
        name = f"team {deposit.team}, deliverable {deposit.deliverable}, {deposit.sha256[:12]}"
        if not deposit.code:
            found.refused += bool(deposit.refused)
            found.lost.append(f"{name}: {deposit.refused or 'never acknowledged'}")
            continue
        row = rows.get(deposit.code)
        if row is None or row.sha256 != deposit.sha256:
            found.lost.append(f"{name}: the receipt {deposit.code} is not that of this file")
        elif not reader.read(row).matches(deposit.size, deposit.sha256) or not is_genuine(
            row.receipt
        ):
            found.lost.append(f"{name}: the stored file or its receipt is not what was sent")
        else:
            period = periods[row.team_id].of(row.deliverable_id)
            mark = punctuality(period, row)
            found.marks[mark.value] += 1
            if mark not in allowed_marks(deposit, period):
                found.wrongly_marked.append(f"{name}: {mark.value}")


def allowed_marks(deposit: Deposit, period: rules.DepositPeriod) -> set[Punctuality]:
    """By the clock of the client alone. Around an instant only the server knows."""
    slack = TOLERANCE_SECONDS
    deadline, grace = period.deadline_at.timestamp(), period.grace_ends_at.timestamp()
    marks = set()
    if deposit.asked_at <= deadline + slack:
        marks.add(Punctuality.ON_TIME)
        marks.add(Punctuality.IN_GRACE)
    if deposit.answered_at <= deadline - slack:
        return {Punctuality.ON_TIME}
    if deposit.opened_at > deadline - slack or deposit.answered_at > grace - slack:
        marks.add(Punctuality.LATE)
    if deposit.asked_at > deadline + slack:
        return {Punctuality.LATE}
    return marks


def _saturated(notes: Notes) -> list[str]:
    """What first missed its goal, earliest first."""
    first: dict[str, float] = {}
    for points, limit, name in (
        (series(notes, "pages_p95"), PAGES_P95_MS, "pages p95"),
        (series(notes, "messages_p99"), MESSAGES_P99_MS, "messages p99"),
        (series(notes, "errors"), 0.0, "server errors"),
    ):
        over = [at for at, value in points if value > limit]
        if over:
            first[name] = over[0]
    return [f"{name} after {at:.0f} s" for name, at in sorted(first.items(), key=lambda e: e[1])]


def series(notes: Notes, name: str) -> list[tuple[float, float]]:
    """(seconds, value) in at most `BUCKETS` intervals."""
    width = max(1.0, max((sample.at for sample in notes.samples), default=1.0) / BUCKETS)
    buckets: dict[int, list[float]] = {}
    for at, value in POINTS[name](notes):
        buckets.setdefault(int(at / width), []).append(value)
    reduce = REDUCED.get(name, sum)
    share = 1 / width if name == "requests" else 1.0
    return [
        ((number + 0.5) * width, share * reduce(found)) for number, found in sorted(buckets.items())
    ]


type Points = Iterator[tuple[float, float]]


def _pages(notes: Notes) -> Points:
    return ((s.at, 1000 * s.seconds) for s in notes.samples if s.kind in ("page", "part"))


def _messages(notes: Notes) -> Points:
    for sent, seen in notes.announced.values():
        yield from ((sent - notes.began, 1000 * (at - sent)) for at in seen)


def _received(notes: Notes) -> Points:
    return ((d.answered_at - notes.began, 1.0) for d in notes.deposits if d.answered_at)


def _errors(notes: Notes) -> Points:
    return (
        (s.at, float(s.status >= 500 or (s.status == 0 and not is_broken_off(s, notes))))
        for s in notes.samples
    )


def _requests(notes: Notes) -> Points:
    return ((s.at, 1.0) for s in notes.samples)


POINTS: dict[str, Callable[[Notes], Points]] = {
    "pages_p50": _pages,
    "pages_p95": _pages,
    "messages_p99": _messages,
    "received": _received,
    "errors": _errors,
    "requests": _requests,
}
REDUCED: dict[str, Callable[[list[float]], float]] = {
    "pages_p50": lambda values: quantile(values, 0.5),
    "pages_p95": lambda values: quantile(values, 0.95),
    "messages_p99": lambda values: quantile(values, 0.99),
}


def quantile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0
