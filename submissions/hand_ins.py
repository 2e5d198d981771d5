"""How an extra takes part in a hand-in: it may know bytes before they come, make them durable
elsewhere, and is called before the commit. `submissions.deposits` asks those that the edition has
on.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hackathon.base.core import extras
from hackathon.base.core.codes import spoken_code
from hackathon.event.editions.models import Edition
from submissions.models import Submission
from teams.models import Team


@dataclass(frozen=True)
class Claim:
    """The server knew at `at` the size and the SHA-256 of bytes that a team would hand in: if they
    come by `DepositPeriod.announced_until`, they count as received then.

    `source`: the name of the extra; `pk` and `code` are its own. `digest` may be the beginning of
    the SHA-256. `kept_by`: the Submission that has these bytes.
    """

    source: str
    pk: int
    code: str
    team: int
    deliverable: int
    size: int
    digest: str
    at: datetime
    kept_by: int | None = None

    @property
    def spoken_code(self) -> str:
        return spoken_code(self.code)


def _no_claims(_teams: Iterable[Team]) -> Sequence[Claim]:
    return ()


def _nothing(*_arguments: Any) -> None:
    return None


@dataclass(frozen=True)
class Participant:
    """`name`: of the extra. `claims`: all of these teams, kept or not, in one query. What the
    others raise refuses what the team sends.

    `send_ahead` gets a whole file on the disk and its name below the data directory, before the
    team is locked, and returns once the file is durable wherever it must be. Not called with a
    remote storage. `hold_commit` is called in each transaction after which a team gets a receipt,
    of a submission or of a claim. Both raise `NotDurable`.

    `before_commit` is called in the transaction that receives the submission, under the lock of its
    team, with the claim of any source that it keeps.
    """

    name: str
    claims: Callable[[Iterable[Team]], Sequence[Claim]] = _no_claims
    send_ahead: Callable[[Path, str], None] = _nothing
    hold_commit: Callable[[], None] = _nothing
    before_commit: Callable[[Submission, Claim | None], None] = _nothing


_participants: list[Participant] = []


def add(participant: Participant) -> None:
    _participants.append(participant)


def participants(edition: Edition) -> list[Participant]:
    return [each for each in _participants if extras.is_on(each.name, edition)]


def send_ahead(edition: Edition, path: Path, name: str) -> None:
    for participant in participants(edition):
        participant.send_ahead(path, name)


def hold_commit(edition: Edition) -> None:
    for participant in participants(edition):
        participant.hold_commit()


def claims_of(edition: Edition, teams: Iterable[Team]) -> list[Claim]:
    """Of teams of the edition, the earliest first. A query per participant."""
    claims = (claim for each in participants(edition) for claim in each.claims(teams))
    return sorted(claims, key=lambda claim: claim.at)


def waited_for(claims: Iterable[Claim], deliverable_pk: int, *, size: int) -> list[Claim]:
    """Of this size, and not kept yet. The digest of an upload is only known at its end."""
    wanted = (deliverable_pk, size, None)
    return [c for c in claims if (c.deliverable, c.size, c.kept_by) == wanted]


def kept_by(claims: Iterable[Claim], submission: Submission) -> Claim | None:
    """The earliest one of these bytes that no version has kept yet."""
    kept = (
        claim
        for claim in waited_for(claims, submission.deliverable_id, size=submission.size)
        if submission.sha256.startswith(claim.digest) and claim.at <= submission.received_at
    )
    return next(kept, None)
