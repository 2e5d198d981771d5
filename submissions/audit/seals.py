"""Compares seals with the database and the storage, and names each difference.

The manifest of a seal is computed again from the submissions received by its instant and its own
deadline. A difference that comes from an extension granted or revoked since then is reported with
its author and reason. Each sealed deposit is then compared with its row, its receipt and its file.

Someone with write access to the database can forge a complete new seal. They cannot change the
digests that were shown on the projector and mailed, nor the proofs that teams have: compare those
with the digest of the seal.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hackathon.base.core.formats import iso_utc
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Edition
from submissions.audit.contents import ContentReader
from submissions.audit.findings import Fault, Finding, finding
from submissions.audit.sentences import (
    changes_text,
    entry_text,
    extensions_since,
    instant_text,
    punctuality_text,
)
from submissions.audit.submissions import content_findings, name_of, receipt_findings
from submissions.models import Seal, Submission
from submissions.seals import changes, leaves, rules, selectors
from submissions.seals.leaves import Manifest
from submissions.versions import selectors as deposits

OVERDUE_AFTER = rules.UNFINISHED_WAIT + timedelta(minutes=1)

type DepositKey = tuple[int, int]  # ids of team and deliverable


@dataclass
class SealReport:
    seal: Seal
    findings: list[Finding] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)  # since the former seal


def verify(seal: Seal, reader: ContentReader) -> SealReport:
    findings = list(_manifest_findings(seal))
    try:
        if seal.department is None:
            findings += _over_all_findings(seal)
        else:
            findings += _Comparison(seal, reader).findings()
    except (KeyError, TypeError, ValueError, AttributeError):
        findings.append(finding(Fault.MANIFEST_BROKEN))
    return SealReport(seal, findings, _changes(seal))


def _changes(seal: Seal) -> list[str]:
    """Empty for a damaged manifest, which has findings."""
    try:
        return changes_text(seal)
    except (KeyError, TypeError, ValueError, AttributeError):
        return []


def edition_findings(edition: Edition, *, at: datetime) -> list[Finding]:
    """Seals that are in the journal and not in the database, and seals that were never made."""
    findings = []
    digests = set(Seal.objects.filter(edition=edition).values_list("digest", flat=True))
    made = JournalEntry.objects.filter(act="seal.made", detail__edition=edition.pk)
    for entry in made.order_by("pk"):
        for digest in [entry.detail["digest"], *entry.detail["departments"].values()]:
            if digest not in digests:
                when = instant_text(entry.at, edition)
                findings.append(finding(Fault.SEAL_REPLACED, made=when, digest=digest))
    if edition.departments.exists():
        for due in selectors.seals_to_make(edition, at=at):
            if due.as_of + OVERDUE_AFTER < at:
                as_of, moment = instant_text(due.as_of, edition), str(due.moment.label)
                findings.append(finding(Fault.SEAL_MISSING, as_of=as_of, moment=moment))
    return findings


def _manifest_findings(seal: Seal) -> Iterator[Finding]:
    digest = _digest_now(seal)
    if digest is not None and digest != seal.digest:
        yield finding(Fault.DIGEST_WRONG, found=digest, sealed=seal.digest)
    try:
        due, code = rules.due_of(seal.manifest), seal.manifest.get("department")
    except (KeyError, TypeError, ValueError, AttributeError):
        return
    sealed = (due.moment.value, due.as_of, due.due_at, code)
    department = seal.department.code if seal.department else None
    now = (seal.moment, seal.as_of, seal.due_at, department)
    if sealed != now:
        yield finding(Fault.SEAL_CHANGED, sealed=_seal_text(*sealed), found=_seal_text(*now))
    if seal.manifest.get("format") == leaves.FORMAT:
        yield from _former_findings(seal, due, code)


def _digest_now(seal: Seal) -> str | None:
    """None if it cannot be computed: another finding says why."""
    parts = []
    try:
        if seal.department is None and seal.manifest.get("format") == leaves.FORMAT:
            parts = selectors.parts_of(seal)
            sealed = {line["code"]: line["digest"] for line in seal.manifest["departments"]}
            if {part.manifest["department"]: part.digest for part in parts} != sealed:
                return None
        return leaves.digest_of(seal.manifest, [part.manifest for part in parts])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _former_findings(seal: Seal, due: rules.DueSeal, code: str | None) -> Iterator[Finding]:
    """Of what the seal says about the one before it."""
    former = selectors.former_seals(seal.edition, due).get(code)
    since = seal.manifest["since"]
    if former is None:
        if since is not None:
            yield finding(Fault.FORMER_GONE, digest=since["digest"])
        return
    if since is None or since["digest"] != former.digest:
        named = since and since["digest"]
        yield finding(Fault.FORMER_OTHER, found=former.digest, sealed=named or "—")
    elif code is not None and since != changes.since(former, seal.manifest):
        yield finding(Fault.CHANGES_OTHERWISE, as_of=instant_text(former.as_of, seal.edition))


def _seal_text(moment: str, as_of: datetime, due_at: datetime | None, code: str | None) -> str:
    due = f"due {due_at.isoformat()}" if due_at else ""
    return " ".join(filter(None, [moment, as_of.isoformat(), due, code or ""]))


def _over_all_findings(seal: Seal) -> Iterator[Finding]:
    """Compares the seal over all with those of the departments, also with unsealed departments."""
    same = Seal.objects.filter(
        edition=seal.edition, moment=seal.moment, as_of=seal.as_of, due_at=seal.due_at
    )
    parts = {part.manifest["department"]: part for part in same.exclude(department=None)}
    sealed = seal.manifest["departments"]
    for line in sealed:
        part = parts.get(line["code"])
        if part is None:
            yield finding(Fault.PART_GONE, department=line["code"])
        elif part.digest != line["digest"]:
            yield finding(
                Fault.PART_OTHER, department=line["code"], found=part.digest, sealed=line["digest"]
            )
    due = rules.due_of(seal.manifest)
    others = seal.edition.departments.exclude(code__in=[line["code"] for line in sealed])
    for manifest in selectors.manifests(seal.edition, due, extensions_at=None, departments=others):
        for entry in _entries(manifest).values():
            yield _not_sealed(entry, None, seal.edition)


class _Comparison:
    def __init__(self, seal: Seal, reader: ContentReader) -> None:
        assert seal.department is not None
        self.edition, self.sealed, self.reader = seal.edition, seal.manifest, reader
        self.due = rules.due_of(seal.manifest)
        # With the extensions valid now, and with those valid then. A difference in the first one
        # only comes from an extension that was granted or revoked since.
        self.now = self._manifest_again(seal, extensions_at=None)
        self.then = self._manifest_again(seal, extensions_at=self.due.as_of)
        teams = [team["team"] for team in (*self.sealed["teams"], *self.now["teams"])]
        rows = Submission.objects.filter(team__in=teams).select_related(
            "team", "deliverable", "submitted_by", "receipt"
        )
        self.rows = {(s.team_id, s.deliverable_id, s.version): s for s in rows}
        self.extensions = list(deposits.extensions_of(self.edition))

    def _manifest_again(self, seal: Seal, *, extensions_at: datetime | None) -> Manifest:
        assert seal.department is not None
        (manifest,) = selectors.manifests(
            self.edition, self.due, extensions_at=extensions_at, departments=[seal.department]
        )
        return manifest

    def findings(self) -> Iterator[Finding]:
        yield from self._team_findings()
        sealed, now, then = _entries(self.sealed), _entries(self.now), _entries(self.then)
        for key, entry in sealed.items():
            yield from self._deposit_findings(key, entry)
            if key in now:
                yield from self._counting_findings(key, entry, now[key], then.get(key))
        for key, entry in now.items():
            if key not in sealed:
                yield _not_sealed(entry, self.rows.get((*key, entry["version"])), self.edition)

    def _team_findings(self) -> Iterator[Finding]:
        then = {team["team"]: team for team in self.then["teams"]}
        for team in self.sealed["teams"]:
            again = then.get(team["team"])
            if again is None:
                yield finding(Fault.TEAM_GONE, team=team["name"])
                continue
            if again["name"] != team["name"]:
                yield finding(Fault.RENAMED, what=again["name"], sealed=team["name"])
            if again["deadline_at"] != team["deadline_at"]:
                yield finding(
                    Fault.DEADLINE_OTHERWISE,
                    team=team["name"],
                    sealed=instant_text(team["deadline_at"], self.edition),
                    found=instant_text(again["deadline_at"], self.edition),
                )

    def _deposit_findings(self, key: DepositKey, sealed: Manifest) -> Iterator[Finding]:
        row = self.rows.get((*key, sealed["version"]))
        if row is None:
            yield finding(Fault.ROW_GONE, what=sealed["what"], version=sealed["version"])
            return
        if row.deliverable.name != sealed["name"]:
            yield finding(Fault.RENAMED, what=name_of(row), sealed=sealed["name"])
        receipt = getattr(row, "receipt", None)
        now = {
            "received_at": iso_utc(row.received_at),
            **_announced(row, sealed),
            "size": row.size,
            "sha256": row.sha256,
            # `receipt_findings` reports a missing receipt.
            "receipt": receipt.code if receipt else sealed["receipt"],
        }
        for name, value in now.items():
            if value != sealed[name]:
                yield finding(
                    Fault.ROW_CHANGED,
                    what=sealed["what"],
                    version=sealed["version"],
                    field=name,
                    found=value,
                    sealed=sealed[name],
                )
        size, sha256 = sealed["size"], sealed["sha256"]
        yield from content_findings(row, self.reader, size=size, sha256=sha256)
        yield from receipt_findings(row)

    def _counting_findings(
        self, key: DepositKey, sealed: Manifest, now: Manifest, then: Manifest | None
    ) -> Iterator[Finding]:
        if _version_and_mark(now) == _version_and_mark(sealed):
            return
        why = ""
        if then is not None and _version_and_mark(then) == _version_and_mark(sealed):
            own = key[1] if self.due.due_at else None
            extensions = [e for e in self.extensions if e.deliverable_id == own]
            why = extensions_since(extensions, key[0], self.due.as_of, self.edition)
        elif now["version"] > sealed["version"] and self._would_still_count(key, sealed):
            yield _not_sealed(now, self.rows.get((*key, now["version"])), self.edition)
            return
        if now["version"] != sealed["version"]:
            yield finding(
                Fault.COUNTS_OTHERWISE,
                what=sealed["what"],
                found=now["version"],
                sealed=sealed["version"],
                why=why,
            )
        else:
            yield finding(
                Fault.MARK_OTHERWISE,
                what=sealed["what"],
                version=now["version"],
                found=punctuality_text(now["mark"]),
                sealed=punctuality_text(sealed["mark"]),
                why=why,
            )

    def _would_still_count(self, key: DepositKey, sealed: Manifest) -> bool:
        """Whether the sealed version would count if no version had been received since."""
        row = self.rows.get((*key, sealed["version"]))
        deadlines = [
            team["deadline_at"]
            for manifest in (self.sealed, self.then)
            for team in manifest["teams"]
            if team["team"] == key[0]
        ]
        return row is not None and len(set(deadlines)) == 1


def _entries(manifest: Manifest) -> dict[DepositKey, Manifest]:
    return {
        (team["team"], entry["deliverable"]): {**entry, "what": f"{team['name']} · {entry['name']}"}
        for team in manifest["teams"]
        for entry in team["deposits"]
    }


def _announced(row: Submission, sealed: Manifest) -> Manifest:
    """Only if the seal says so: with another `promise_minutes` it may count otherwise."""
    if "promised_at" not in sealed:
        return {}
    return {"promised_at": row.announced_at and iso_utc(row.announced_at)}


def _version_and_mark(entry: Manifest) -> tuple[int, str]:
    return entry["version"], entry["mark"]


def _not_sealed(entry: Manifest, row: Submission | None, edition: Edition) -> Finding:
    return finding(
        Fault.NOT_SEALED,
        what=entry["what"],
        version=entry["version"],
        received=instant_text(entry["received_at"], edition),
        why=entry_text(row),
    )
