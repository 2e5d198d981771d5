"""Which instants are sealed, and what a seal contains (decision 7)."""

import copy
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hackathon.core.formats import iso_utc
from hackathon.editions.models import Department, Edition
from hackathon.editions.rules import grace_ends_at
from submissions.deposits.rules import counting, deposit_period
from submissions.enums import SealMoment
from submissions.models import Deliverable, Extension, Submission
from teams.models import Team

type Manifest = dict[str, Any]

# A seal is made so long after its instant. It is more than a deposit may wait, after its last byte,
# for its team's lock (10 s for a connection of the pool, 20 s for SQLite's write lock).
SETTLE = timedelta(seconds=25)
# So long after its instant, a seal no longer waits for complete uploads whose process crashed.
UNFINISHED_WAIT = timedelta(minutes=2)
# A seal made later than that, for example of a former edition, is not mailed.
MAILED_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class DueSeal:
    """An instant to seal, with the deadline and the grace period from which it is computed."""

    moment: SealMoment
    as_of: datetime
    deadline_at: datetime
    grace_seconds: int


def due_seals(edition: Edition, extensions: Iterable[Extension]) -> list[DueSeal]:
    """In order of time. `extensions` are all of the edition, revoked ones included."""
    ends_at = grace_ends_at(edition)
    instants = [(SealMoment.DEADLINE, edition.deadline_at)]
    if ends_at > edition.deadline_at:
        instants.append((SealMoment.GRACE, ends_at))
    final_at = max((_final_at(e, ends_at) for e in extensions), default=ends_at)
    if final_at > ends_at:
        instants.append((SealMoment.DELAYS, final_at))
    return [
        DueSeal(moment, as_of, edition.deadline_at, edition.grace_seconds)
        for moment, as_of in instants
    ]


def _final_at(extension: Extension, ends_at: datetime) -> datetime:
    """From when on this extension changes nothing any more."""
    if extension.revoked_at is not None:
        return extension.revoked_at
    return max(extension.granted_at, ends_at + timedelta(minutes=extension.minutes))


def is_settled(due: DueSeal, *, unfinished: int, at: datetime) -> bool:
    """`unfinished` is the number of uploads that were complete and are not submissions yet."""
    if at < due.as_of + SETTLE:
        return False
    return not unfinished or at >= due.as_of + UNFINISHED_WAIT


def is_mailed(due: DueSeal, *, at: datetime) -> bool:
    return at <= due.as_of + MAILED_WITHIN


def extensions_at(extensions: Iterable[Extension], at: datetime) -> list[Extension]:
    """Those that were valid at `at`, as copies that are not revoked."""
    valid = []
    for extension in extensions:
        revoked_by_then = extension.revoked_at is not None and extension.revoked_at <= at
        if extension.granted_at <= at and not revoked_by_then:
            extension = copy.copy(extension)
            extension.revoked_at = None
            valid.append(extension)
    return valid


def team_manifest(
    edition: Edition,
    due: DueSeal,
    team: Team,
    extensions: Sequence[Extension],
    versions: Mapping[Deliverable, Sequence[Submission]],
) -> Manifest:
    """`extensions` are the team's and its department's, `versions` those received so far."""
    # Deadline and grace period may have been changed since the sealed instant.
    edition = copy.copy(edition)
    edition.deadline_at, edition.grace_seconds = due.deadline_at, due.grace_seconds
    period = deposit_period(edition, extensions)
    deposits = []
    for deliverable in sorted(versions, key=lambda d: d.pk):
        if counted := counting(period, versions[deliverable]):
            submission, punctuality = counted
            receipt = getattr(submission, "receipt", None)
            deposits.append(
                {
                    "deliverable": deliverable.pk,
                    "name": deliverable.name,
                    "version": submission.version,
                    "received_at": iso_utc(submission.received_at),
                    "mark": punctuality.value,
                    "size": submission.size,
                    "sha256": submission.sha256,
                    "receipt": receipt.code if receipt else None,
                }
            )
    return {
        "team": team.pk,
        "name": team.name,
        "deadline_at": iso_utc(period.deadline_at),
        "deposits": deposits,
    }


def department_manifest(
    edition: Edition, due: DueSeal, department: Department, teams: Iterable[Manifest]
) -> Manifest:
    return {
        **_heading(edition, due),
        "department": department.code,
        "name": department.name,
        "teams": sorted(teams, key=lambda team: team["team"]),
    }


def manifest_over_all(edition: Edition, due: DueSeal, departments: Iterable[Manifest]) -> Manifest:
    lines = [
        {
            "code": manifest["department"],
            "name": manifest["name"],
            "digest": digest_of(manifest),
            **counts_of(manifest),
        }
        for manifest in sorted(departments, key=lambda m: m["department"])
    ]
    totals = {key: sum(line[key] for line in lines) for key in ("teams", "deposits")}
    return {**_heading(edition, due), "departments": lines, **totals}


def _heading(edition: Edition, due: DueSeal) -> Manifest:
    return {
        "edition": edition.slug,
        "moment": due.moment.value,
        "as_of": iso_utc(due.as_of),
        "deadline_at": iso_utc(due.deadline_at),
        "grace_seconds": due.grace_seconds,
    }


def due_of(manifest: Manifest) -> DueSeal:
    """Raises `KeyError`, `TypeError` or `ValueError` for a damaged manifest."""
    return DueSeal(
        SealMoment(manifest["moment"]),
        datetime.fromisoformat(manifest["as_of"]),
        datetime.fromisoformat(manifest["deadline_at"]),
        manifest["grace_seconds"],
    )


def counts_of(manifest: Manifest) -> dict[str, int]:
    teams = [team["deposits"] for team in manifest["teams"] if team["deposits"]]
    return {"teams": len(teams), "deposits": sum(len(deposits) for deposits in teams)}


def canonical(manifest: Manifest) -> bytes:
    """The bytes that are hashed and that the site offers as a download."""
    return json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(manifest: Manifest) -> str:
    return hashlib.sha256(canonical(manifest)).hexdigest()
