"""What happened to a team's deposits around an instant: from the journal, the rows and the logs."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.db.models import Q

from hackathon.base.core.models import JournalEntry
from submissions.models import Submission, Upload
from submissions.versions.rules import punctuality_of
from submissions.versions.selectors import all_periods_of
from teams.models import Team

# Fields of a log line that are not shown.
NOT_SHOWN = {"at", "event", "level", "logger", "message"}


@dataclass(frozen=True, order=True)
class Event:
    """`source`: submission, upload, journal, log, or anonymous: a line of the log that may be of
    this team.
    """

    at: datetime
    source: str
    text: str


def of_team(
    team: Team, *, at: datetime, around: timedelta, logs: Iterable[str] = ()
) -> list[Event]:
    """Oldest first. A fixed number of queries."""
    begin, end = at - around, at + around
    people = set(team.memberships.values_list("user_id", flat=True))
    events = [
        *_submissions(team, begin, end),
        *_uploads(team, begin, end),
        *_journal(team, people, begin, end),
        *_logged(team, people, begin, end, logs),
    ]
    return sorted(events)


def _submissions(team: Team, begin: datetime, end: datetime) -> Iterator[Event]:
    asked = {team.department_id: list(team.department.deliverables.all())}
    periods = all_periods_of(team.edition, [team], asked)[team.pk]
    near = Submission.objects.filter(team=team).select_related("receipt", "deliverable")
    for submission in near.filter(received_at__gte=begin, begun_at__lte=end):
        what = (
            f"{submission.deliverable} v{submission.version} by user {submission.submitted_by_id}"
        )
        mark = punctuality_of(
            periods.of(submission.deliverable_id),
            begun_at=submission.begun_at,
            received_at=submission.received_at,
            announced_at=submission.announced_at,
        )
        yield Event(submission.begun_at, "submission", f"begun: {what}")
        yield Event(
            submission.received_at,
            "submission",
            f"received: {what}, {submission.size} bytes, {mark.value}, "
            f"receipt {submission.receipt.code}",
        )


def _uploads(team: Team, begin: datetime, end: datetime) -> Iterator[Event]:
    near = Upload.objects.filter(team=team, begun_at__lte=end).select_related("deliverable")
    for upload in near.filter(Q(whole_at=None) | Q(whole_at__gte=begin)):
        name = f"upload {upload.pk.hex} ({upload.deliverable}, {upload.length} bytes)"
        yield Event(upload.begun_at, "upload", f"begun: {name} by user {upload.begun_by_id}")
        if upload.whole_at is not None:
            became = (
                f"submission {upload.submission_id}" if upload.submission_id else "no submission"
            )
            yield Event(upload.whole_at, "upload", f"whole: {name}, {became}")


def _journal(team: Team, people: set[int], begin: datetime, end: datetime) -> Iterator[Event]:
    own = Q(target=f"teams.team:{team.pk}") | Q(detail__team=team.pk) | Q(by__in=people)
    for entry in JournalEntry.objects.filter(own, at__gte=begin, at__lte=end):
        by = f" by user {entry.by_id}" if entry.by_id else ""
        yield Event(entry.at, "journal", f"{entry.act} {entry.target}{by}")


def _logged(
    team: Team, people: set[int], begin: datetime, end: datetime, lines: Iterable[str]
) -> Iterator[Event]:
    near = [e for line in lines if (e := _parsed(line)) and begin <= e["at"] <= end]

    def names_it(entry: dict[str, Any]) -> bool:
        return entry.get("team") == team.pk or entry.get("user") in people

    def is_anonymous(entry: dict[str, Any]) -> bool:
        """Sent while the database was away, so that the sender is not known."""
        is_refused = entry.get("status") == HTTPStatus.SERVICE_UNAVAILABLE
        is_write = entry.get("method") not in ("GET", "HEAD", "OPTIONS", None)
        return is_refused and is_write and not (entry.get("team") or entry.get("user"))

    # An error in the middle of a request may name nothing but the request.
    requests = {entry.get("request") for entry in near if names_it(entry)} - {None}
    for entry in near:
        is_own = names_it(entry) or entry.get("request") in requests
        if is_own or is_anonymous(entry):
            shown = {k: v for k, v in entry.items() if k not in NOT_SHOWN and v not in (None, "")}
            fields = " ".join(f"{name}={_last_line(v)}" for name, v in sorted(shown.items()))
            source = "log" if is_own else "anonymous"
            yield Event(entry["at"], source, f"{entry.get('event', '')} {fields}".strip())


def _last_line(value: Any) -> str:
    """Of a traceback: what it was."""
    return (str(value).splitlines() or [""])[-1]


def _parsed(line: str) -> dict[str, Any] | None:
    """None for what is no line of our log. `docker compose logs` puts the service before it."""
    _before, brace, rest = line.partition("{")
    try:
        entry = json.loads(brace + rest)
        entry["at"] = datetime.fromisoformat(entry["at"])
    except (ValueError, KeyError, TypeError):
        return None
    parsed: dict[str, Any] = entry
    return parsed
