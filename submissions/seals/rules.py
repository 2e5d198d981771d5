"""Which instants are sealed, and what a seal contains (decisions 7 and 47)."""

import copy
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from hackathon.base.core.formats import iso_utc
from hackathon.event.editions.models import Department, Edition
from submissions.enums import Punctuality, SealMoment
from submissions.hand_ins import Claim
from submissions.models import Deliverable, Extension, Seal, Submission
from submissions.seals import changes, leaves
from submissions.seals.leaves import Manifest
from submissions.versions.rules import DepositPeriod, counting, deposit_period
from teams.models import Team

# A seal is made so long after its instant. It is more than a deposit may wait, after its last byte,
# for its team's lock (10 s for a connection of the pool, 20 s for SQLite's write lock).
SETTLE = timedelta(seconds=25)
# So long after its instant, a seal no longer waits for complete uploads whose process crashed.
UNFINISHED_WAIT = timedelta(minutes=2)
# A seal made later than that, for example of a former edition, is not mailed.
MAILED_WITHIN = timedelta(days=1)


class Sealed(NamedTuple):
    """A deliverable whose versions a seal holds, with its department and grace period."""

    deliverable: int
    name: str
    department: str
    grace_seconds: int


@dataclass(frozen=True)
class DueSeal:
    """An instant to seal, with the deadline and the grace period from which it is computed.

    `due_at`: the own deadline of its deliverables; None: it is of what is due at the edition's.
    `sealed` None: of all deliverables, as seals were before deadlines of their own.
    """

    moment: SealMoment
    as_of: datetime
    deadline_at: datetime
    grace_seconds: int
    due_at: datetime | None = None
    sealed: tuple[Sealed, ...] | None = None
    promise_minutes: int = 0  # of seals from before there were claims

    @property
    def subject(self) -> str:
        """As that of `Seal`."""
        named = self.sealed or () if self.due_at else ()
        return ", ".join(dict.fromkeys(one.name for one in named))

    @property
    def earlier(self) -> dict[SealMoment, datetime]:
        """The seals of the same deadline that are made before this one, whenever it is made."""
        ends_at = self.deadline_at + timedelta(seconds=self.grace_seconds)
        instants = {SealMoment.DEADLINE: self.deadline_at, SealMoment.GRACE: ends_at}
        return {moment: at for moment, at in instants.items() if at < self.as_of}


def due_seals(
    edition: Edition,
    extensions: Collection[Extension],
    deliverables: Iterable[Deliverable],
    announced: Collection[int] = (),
) -> list[DueSeal]:
    """In order of time. `extensions` and `deliverables` are all of the edition, revoked ones
    included. What is due at another instant than the edition's deadline has seals of its own.
    `announced`: ids of deliverables of which announced bytes came after the grace, or may come.
    """
    due: dict[datetime | None, list[Deliverable]] = {None: []}
    for deliverable in sorted(deliverables, key=lambda d: d.pk):
        due.setdefault(deliverable.due_at, []).append(deliverable)
    seals = [
        seal for each in due.items() for seal in _seals_of(edition, *each, extensions, announced)
    ]
    return sorted(seals, key=lambda seal: seal.as_of)


def _seals_of(
    edition: Edition,
    due_at: datetime | None,
    deliverables: list[Deliverable],
    extensions: Iterable[Extension],
    announced: Collection[int],
) -> Iterator[DueSeal]:
    """At the deadline, after the longest grace, when no extension changes anything any more, and
    when no announced bytes can come any more, if some had not at the end of the grace.
    """
    grace, deadline_at = edition.grace_seconds, due_at or edition.deadline_at
    sealed = tuple(
        Sealed(d.pk, d.name, d.department.code, grace if due_at is None or d.has_grace else 0)
        for d in deliverables
    )
    if due_at is not None:
        grace = max(one.grace_seconds for one in sealed)
    ends_at = deadline_at + timedelta(seconds=grace)
    own = {None} if due_at is None else {d.pk for d in deliverables}
    final = (_final_at(e, ends_at) for e in extensions if e.deliverable_id in own)
    final_at = max(final, default=ends_at)

    def seal(moment: SealMoment, as_of: datetime) -> DueSeal:
        return DueSeal(moment, as_of, deadline_at, grace, due_at, sealed, edition.promise_minutes)

    yield seal(SealMoment.DEADLINE, deadline_at)
    if ends_at > deadline_at:
        yield seal(SealMoment.GRACE, ends_at)
    if final_at > ends_at:
        yield seal(SealMoment.DELAYS, final_at)
    if edition.promise_minutes and any(d.pk in announced for d in deliverables):
        announced_until = max(final_at, ends_at) + timedelta(minutes=edition.promise_minutes)
        yield seal(SealMoment.ANNOUNCED, announced_until)


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
    claims: Iterable[Claim] = (),
) -> Manifest:
    """`extensions` are the team's and its department's, `versions` those received so far. `claims`
    of the team: those made and not kept so far are named under their source.
    """
    sealed = {one.deliverable: one.name for one in due.sealed or ()}
    deposits = []
    for deliverable in sorted(versions, key=lambda d: d.pk):
        # One that was asked for later, with a deposit that is older than the seal, shows.
        is_due = deliverable.pk in sealed or deliverable.due_at == due.due_at
        if due.sealed is not None and not is_due:
            continue
        period = _period_then(edition, due, extensions, deliverable)
        if counted := counting(period, versions[deliverable]):
            announced_at = period.announced(counted[0].received_at, counted[0].announced_at)
            deposits.append(_deposit_entry(deliverable, *counted, announced_at))
    received = {version.pk for of_one in versions.values() for version in of_one}
    awaited: dict[str, list[Manifest]] = {}
    for claim in claims:
        if claim.deliverable in sealed and claim.at <= due.as_of and claim.kept_by not in received:
            entry = _claim_entry(claim, sealed[claim.deliverable])
            awaited.setdefault(claim.source, []).append(entry)
    return {
        "team": team.pk,
        "name": team.name,
        "deadline_at": iso_utc(_deadline_then(edition, due, extensions)),
        **awaited,
        "deposits": deposits,
    }


def _deposit_entry(
    deliverable: Deliverable,
    submission: Submission,
    punctuality: Punctuality,
    announced_at: datetime | None,
) -> Manifest:
    receipt = getattr(submission, "receipt", None)
    return {
        "deliverable": deliverable.pk,
        "name": deliverable.name,
        "version": submission.version,
        "received_at": iso_utc(submission.received_at),
        **({"promised_at": iso_utc(announced_at)} if announced_at else {}),
        "mark": punctuality.value,
        "size": submission.size,
        "sha256": submission.sha256,
        "receipt": receipt.code if receipt else None,
    }


def _claim_entry(claim: Claim, name: str) -> Manifest:
    return {
        "deliverable": claim.deliverable,
        "name": name,
        "received_at": iso_utc(claim.at),
        "size": claim.size,
        "sha256": claim.digest,
        "code": claim.code,
    }


def _period_then(
    edition: Edition, due: DueSeal, extensions: Iterable[Extension], deliverable: Deliverable
) -> DepositPeriod:
    """Deadline and grace period may have been changed since the sealed instant."""
    edition, deliverable = copy.copy(edition), copy.copy(deliverable)
    edition.deadline_at, edition.grace_seconds = due.deadline_at, due.grace_seconds
    edition.promise_minutes = due.promise_minutes
    deliverable.due_at = due.due_at
    deliverable.has_grace = any(
        one.deliverable == deliverable.pk and one.grace_seconds for one in due.sealed or ()
    )
    return deposit_period(edition, extensions, deliverable)


def _deadline_then(edition: Edition, due: DueSeal, extensions: Iterable[Extension]) -> datetime:
    """Of a team: the latest, if deliverables have extensions of their own."""
    own = [Deliverable(pk=one.deliverable) for one in due.sealed or ()] if due.due_at else []
    periods = [_period_then(edition, due, extensions, each) for each in own or [Deliverable()]]
    return max(period.deadline_at for period in periods)


def department_manifest(
    edition: Edition, due: DueSeal, department: Department, teams: Iterable[Manifest]
) -> Manifest:
    own = tuple(one for one in due.sealed or () if one.department == department.code)
    instants = (due.as_of, due.deadline_at, due.due_at)
    return {
        **_heading(edition, replace(due, sealed=own)),
        "department": department.code,
        "name": department.name,
        "since": None,
        "teams": sorted(teams, key=lambda team: team["team"]),
        "secret": leaves.secret_of(edition, department, due.moment.value, *instants),
    }


def with_changes(manifest: Manifest, former: Seal | None) -> Manifest:
    return {**manifest, "since": changes.since(former, manifest)}


def manifest_over_all(
    edition: Edition, due: DueSeal, departments: Sequence[Manifest], former: Seal | None
) -> Manifest:
    """`departments` are by code, with their changes."""
    lines = [
        {
            "code": manifest["department"],
            "name": manifest["name"],
            "digest": leaves.digest_of(manifest),
            **counts_of(manifest),
        }
        for manifest in departments
    ]
    totals = {key: sum(line[key] for line in lines) for key in ("teams", "deposits")}
    since = changes.counted_since(former, departments)
    return {**_heading(edition, due), "departments": lines, "since": since, **totals}


def _heading(edition: Edition, due: DueSeal) -> Manifest:
    return {
        "format": leaves.FORMAT,
        "edition": edition.slug,
        "moment": due.moment.value,
        "as_of": iso_utc(due.as_of),
        "deadline_at": iso_utc(due.deadline_at),
        "grace_seconds": due.grace_seconds,
        "promise_minutes": due.promise_minutes,
        "due_at": iso_utc(due.due_at) if due.due_at else None,
        "deliverables": [one._asdict() for one in due.sealed or ()],
    }


def due_of(manifest: Manifest) -> DueSeal:
    """Raises `KeyError`, `TypeError` or `ValueError` for a damaged manifest."""
    return DueSeal(
        SealMoment(manifest["moment"]),
        datetime.fromisoformat(manifest["as_of"]),
        datetime.fromisoformat(manifest["deadline_at"]),
        manifest["grace_seconds"],
        datetime.fromisoformat(manifest["due_at"]) if manifest.get("due_at") else None,
        tuple(Sealed(**one) for one in manifest["deliverables"])
        if "deliverables" in manifest
        else None,
        manifest.get("promise_minutes", 0),
    )


def corrections_of(
    manifest: Manifest, deadlines: Mapping[int, datetime]
) -> list[tuple[str, datetime]]:
    """What is due at another instant by now: names, empty for all that it seals, and this instant.
    `deadlines`: those of now, by deliverable. Nothing for a manifest that names no deliverables.
    """
    corrected: dict[datetime, list[str]] = {}
    asked = [one for one in manifest.get("deliverables", ()) if one["deliverable"] in deadlines]
    for one in asked:
        if iso_utc(to := deadlines[one["deliverable"]]) != manifest["deadline_at"]:
            corrected.setdefault(to, []).append(f"{one['name']} ({one['department']})")
    return [
        ("" if len(names) == len(asked) else ", ".join(names), to)
        for to, names in sorted(corrected.items())
    ]


def counts_of(manifest: Manifest) -> dict[str, int]:
    teams = [team["deposits"] for team in manifest["teams"] if team["deposits"]]
    return {"teams": len(teams), "deposits": sum(len(deposits) for deposits in teams)}
