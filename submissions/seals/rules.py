"""What is sealed, when, and how its digest is made. Pure, so that anybody can make it again.

The digest of a seal is the SHA-256 of its manifest written as JSON in one way (`canonical`): keys
in order, no spaces, UTF-8. A department's manifest lists what counted; the manifest over all lists
the departments' digests in the order of their codes, so that one digest stands for everything.
"""

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

# After the instant, before the seal: longer than anything that stands between a deposit's last byte
# and its team's lock may take (10 s for a connection of the pool, 20 s for SQLite's write lock).
SETTLE = timedelta(seconds=25)
# How long a seal waits for transfers that were whole in time and whose process died.
PATIENCE = timedelta(minutes=2)
# A seal made later than this (the program was updated long after the day) is mailed to nobody.
NEWS = timedelta(days=1)


@dataclass(frozen=True)
class DueSeal:
    """An instant to be sealed, with the deadline and the grace that it follows from."""

    moment: SealMoment
    as_of: datetime
    deadline_at: datetime
    grace_seconds: int


def due_seals(edition: Edition, extensions: Iterable[Extension]) -> list[DueSeal]:
    """The instants of this edition that are sealed, in order. `extensions`: all ever granted in it.

    At the deadline; after the grace, if there is one; and when the last word about delays is
    spoken, if that is later still. A deadline that moves makes new ones.
    """
    ends_at = grace_ends_at(edition)
    instants = [(SealMoment.DEADLINE, edition.deadline_at)]
    if ends_at > edition.deadline_at:
        instants.append((SealMoment.GRACE, ends_at))
    last_word = max((_last_word(e, ends_at) for e in extensions), default=ends_at)
    if last_word > ends_at:
        instants.append((SealMoment.DELAYS, last_word))
    return [
        DueSeal(moment, as_of, edition.deadline_at, edition.grace_seconds)
        for moment, as_of in instants
    ]


def _last_word(extension: Extension, ends_at: datetime) -> datetime:
    """From when on this delay changes nothing any more.

    Granted in the evening, when it has run out. Granted or revoked after that, it changes what
    counts at that very instant, and only a seal of then can show it.
    """
    if extension.revoked_at is not None:
        return extension.revoked_at
    return max(extension.granted_at, ends_at + timedelta(minutes=extension.minutes))


def is_settled(due: DueSeal, *, unfinished: int, at: datetime) -> bool:
    """Whether what had arrived by `as_of` is all there at `at`; `unfinished` counts the transfers
    that were whole by then and are no submission yet.
    """
    if at < due.as_of + SETTLE:
        return False
    return not unfinished or at >= due.as_of + PATIENCE


def is_news(due: DueSeal, *, at: datetime) -> bool:
    """Whether people want to be told of a seal of this instant that is made at `at`."""
    return at <= due.as_of + NEWS


def extensions_at(extensions: Iterable[Extension], at: datetime) -> list[Extension]:
    """The delays as they stood at `at`: granted by then, and not yet revoked."""
    held = []
    for extension in extensions:
        revoked_by_then = extension.revoked_at is not None and extension.revoked_at <= at
        if extension.granted_at <= at and not revoked_by_then:
            extension = copy.copy(extension)
            extension.revoked_at = None
            held.append(extension)
    return held


def team_manifest(
    edition: Edition,
    due: DueSeal,
    team: Team,
    extensions: Sequence[Extension],
    versions: Mapping[Deliverable, Sequence[Submission]],
) -> Manifest:
    """What counted of one team, given its and its department's delays and what it had handed in.

    `edition` lends what no seal depends on; deadline and grace are those of `due`.
    """
    then = copy.copy(edition)
    then.deadline_at, then.grace_seconds = due.deadline_at, due.grace_seconds
    window = deposit_period(then, extensions)
    deposits = []
    for deliverable in sorted(versions, key=lambda d: d.pk):
        if counted := counting(window, versions[deliverable]):
            submission, mark = counted
            receipt = getattr(submission, "receipt", None)
            deposits.append(
                {
                    "deliverable": deliverable.pk,
                    "name": deliverable.name,
                    "version": submission.version,
                    "received_at": iso_utc(submission.received_at),
                    "mark": mark.value,
                    "size": submission.size,
                    "sha256": submission.sha256,
                    "receipt": receipt.code if receipt else None,
                }
            )
    return {
        "team": team.pk,
        "name": team.name,
        "deadline_at": iso_utc(window.deadline_at),
        "deposits": deposits,
    }


def department_manifest(
    edition: Edition, due: DueSeal, department: Department, teams: Iterable[Manifest]
) -> Manifest:
    """What counted of one department, its teams in the order of their ids."""
    return {
        **_heading(edition, due),
        "department": department.code,
        "name": department.name,
        "teams": sorted(teams, key=lambda team: team["team"]),
    }


def manifest_over_all(edition: Edition, due: DueSeal, departments: Iterable[Manifest]) -> Manifest:
    """The departments' digests and counts, in the order of their codes."""
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
    """The way back: which instant a manifest is of."""
    return DueSeal(
        SealMoment(manifest["moment"]),
        datetime.fromisoformat(manifest["as_of"]),
        datetime.fromisoformat(manifest["deadline_at"]),
        manifest["grace_seconds"],
    )


def counts_of(manifest: Manifest) -> dict[str, int]:
    """How many teams of a department have something sealed, and how many deposits."""
    teams = [team["deposits"] for team in manifest["teams"] if team["deposits"]]
    return {"teams": len(teams), "deposits": sum(len(found) for found in teams)}


def canonical(manifest: Manifest) -> bytes:
    """The one way in which a manifest is written: what is downloaded, and what is hashed."""
    return json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(manifest: Manifest) -> str:
    """SHA-256 of the canonical bytes: `sha256sum` of the downloaded file says the same."""
    return hashlib.sha256(canonical(manifest)).hexdigest()
