"""Whether what was sealed is still there and still counts; each difference by its name.

A seal is compared with what its own manifest would be if it were made again now: from the rows that
were received by its instant, under its deadline. Where only a delay granted or revoked since makes
the difference, that is said, with who did it and why. Then each sealed deposit is compared with its
row, its receipt, and the bytes in the storage.

Whoever can write to the database can also make a whole new seal. What they cannot change is the
digest that was on the projector and in everybody's mail: that one is to be compared with.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hackathon.core.formats import iso_utc
from hackathon.core.models import JournalEntry
from hackathon.editions.models import Edition
from submissions.audit.contents import Contents
from submissions.audit.findings import Fault, Finding, found
from submissions.audit.proofs import content_findings, name_of, receipt_findings
from submissions.audit.sentences import delays_since, instant, mark_words, who_entered
from submissions.deposits import selectors as deposits
from submissions.models import Seal, Submission
from submissions.seals import rules
from submissions.seals import selectors as seals_selectors
from submissions.seals.rules import Manifest

LATE_SEAL = rules.PATIENCE + timedelta(minutes=1)

type Key = tuple[int, int]  # team, deliverable


@dataclass
class SealReport:
    """What was found about one seal; nothing: all that it sealed is as it was."""

    seal: Seal
    findings: list[Finding] = field(default_factory=list)


def verify(seal: Seal, contents: Contents) -> SealReport:
    """Compare one seal, over all or of a department, with the database and the storage."""
    findings = list(_own_findings(seal))
    try:
        if seal.department is None:
            findings += _part_findings(seal)
        else:
            findings += _Comparison(seal, contents).findings()
    except (KeyError, TypeError, ValueError, AttributeError):
        findings.append(found(Fault.MANIFEST_BROKEN))
    return SealReport(seal, findings)


def edition_findings(edition: Edition, *, at: datetime) -> list[Finding]:
    """What is wrong with the seals of an edition taken together: one replaced, one never made."""
    findings = []
    digests = set(Seal.objects.filter(edition=edition).values_list("digest", flat=True))
    made = JournalEntry.objects.filter(act="seal.made", detail__edition=edition.pk)
    for entry in made.order_by("pk"):
        for digest in [entry.detail["digest"], *entry.detail["departments"].values()]:
            if digest not in digests:
                when = instant(entry.at, edition)
                findings.append(found(Fault.SEAL_REPLACED, made=when, digest=digest))
    if edition.departments.exists():
        for due in seals_selectors.seals_to_make(edition, at=at):
            if due.as_of + LATE_SEAL < at:
                as_of, moment = instant(due.as_of, edition), str(due.moment.label)
                findings.append(found(Fault.SEAL_MISSING, as_of=as_of, moment=moment))
    return findings


def _own_findings(seal: Seal) -> Iterator[Finding]:
    """The seal's row against its manifest."""
    digest = rules.digest_of(seal.manifest)
    if digest != seal.digest:
        yield found(Fault.DIGEST_WRONG, found=digest, sealed=seal.digest)
    try:
        due, code = rules.due_of(seal.manifest), seal.manifest.get("department")
    except (KeyError, TypeError, ValueError, AttributeError):
        return
    sealed = (due.moment.value, due.as_of, code)
    now = (seal.moment, seal.as_of, seal.department.code if seal.department else None)
    if sealed != now:
        yield found(Fault.SEAL_CHANGED, sealed=_words(*sealed), found=_words(*now))


def _words(moment: str, as_of: datetime, code: str | None) -> str:
    return " ".join([moment, as_of.isoformat(), code or ""]).strip()


def _part_findings(seal: Seal) -> Iterator[Finding]:
    """The seal over all against those of the departments, and against departments it lacks."""
    same = Seal.objects.filter(edition=seal.edition, moment=seal.moment, as_of=seal.as_of)
    parts = {part.manifest["department"]: part for part in same.exclude(department=None)}
    sealed = seal.manifest["departments"]
    for line in sealed:
        part = parts.get(line["code"])
        if part is None:
            yield found(Fault.PART_GONE, department=line["code"])
        elif part.digest != line["digest"]:
            yield found(
                Fault.PART_OTHER, department=line["code"], found=part.digest, sealed=line["digest"]
            )
    due = rules.due_of(seal.manifest)
    others = seal.edition.departments.exclude(code__in=[line["code"] for line in sealed])
    for manifest in seals_selectors.manifests(
        seal.edition, due, delays_at=None, departments=others
    ):
        for entry in _entries(manifest).values():
            yield _not_sealed(entry, None, seal.edition)


class _Comparison:
    """A department's seal against what it would be now."""

    def __init__(self, seal: Seal, contents: Contents) -> None:
        assert seal.department is not None
        self.edition, self.sealed, self.contents = seal.edition, seal.manifest, contents
        self.due = rules.due_of(seal.manifest)
        # As it would be sealed now, and with the delays of then: what differs in the first only is
        # the doing of a delay that was granted or revoked since.
        self.now = self._again(seal, delays_at=None)
        self.then = self._again(seal, delays_at=self.due.as_of)
        teams = [team["team"] for team in (*self.sealed["teams"], *self.now["teams"])]
        rows = Submission.objects.filter(team__in=teams).select_related(
            "team", "deliverable", "submitted_by", "receipt"
        )
        self.rows = {(s.team_id, s.deliverable_id, s.version): s for s in rows}
        self.delays = list(deposits.extensions_of(self.edition))

    def _again(self, seal: Seal, *, delays_at: datetime | None) -> Manifest:
        assert seal.department is not None
        (manifest,) = seals_selectors.manifests(
            self.edition, self.due, delays_at=delays_at, departments=[seal.department]
        )
        return manifest

    def findings(self) -> Iterator[Finding]:
        """Of the teams, then of each deposit that was sealed or counts now."""
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
                yield found(Fault.TEAM_GONE, team=team["name"])
                continue
            if again["name"] != team["name"]:
                yield found(Fault.RENAMED, what=again["name"], sealed=team["name"])
            if again["deadline_at"] != team["deadline_at"]:
                yield found(
                    Fault.DEADLINE_OTHERWISE,
                    team=team["name"],
                    sealed=instant(team["deadline_at"], self.edition),
                    found=instant(again["deadline_at"], self.edition),
                )

    def _deposit_findings(self, key: Key, sealed: Manifest) -> Iterator[Finding]:
        """The sealed deposit against its row, its bytes and its receipt."""
        row = self.rows.get((*key, sealed["version"]))
        if row is None:
            yield found(Fault.ROW_GONE, what=sealed["what"], version=sealed["version"])
            return
        if row.deliverable.name != sealed["name"]:
            yield found(Fault.RENAMED, what=name_of(row), sealed=sealed["name"])
        receipt = getattr(row, "receipt", None)
        now = {
            "received_at": iso_utc(row.received_at),
            "size": row.size,
            "sha256": row.sha256,
            # Of a receipt that is gone it is said below.
            "receipt": receipt.code if receipt else sealed["receipt"],
        }
        for name, value in now.items():
            if value != sealed[name]:
                yield found(
                    Fault.ROW_CHANGED,
                    what=sealed["what"],
                    version=sealed["version"],
                    field=name,
                    found=value,
                    sealed=sealed[name],
                )
        size, sha256 = sealed["size"], sealed["sha256"]
        yield from content_findings(row, self.contents, size=size, sha256=sha256)
        yield from receipt_findings(row)

    def _counting_findings(
        self, key: Key, sealed: Manifest, now: Manifest, then: Manifest | None
    ) -> Iterator[Finding]:
        """What counts of a deliverable now, against what was sealed to count."""
        if _standing(now) == _standing(sealed):
            return
        why = ""
        if then is not None and _standing(then) == _standing(sealed):
            why = delays_since(self.delays, key[0], self.due.as_of, self.edition)
        elif now["version"] > sealed["version"] and self._as_sealed(key, sealed):
            yield _not_sealed(now, self.rows.get((*key, now["version"])), self.edition)
            return
        if now["version"] != sealed["version"]:
            yield found(
                Fault.COUNTS_OTHERWISE,
                what=sealed["what"],
                found=now["version"],
                sealed=sealed["version"],
                why=why,
            )
        else:
            yield found(
                Fault.MARK_OTHERWISE,
                what=sealed["what"],
                version=now["version"],
                found=mark_words(now["mark"]),
                sealed=mark_words(sealed["mark"]),
                why=why,
            )

    def _as_sealed(self, key: Key, sealed: Manifest) -> bool:
        """Whether the sealed version would still count, had nothing come in since."""
        row = self.rows.get((*key, sealed["version"]))
        deadlines = [
            team["deadline_at"]
            for manifest in (self.sealed, self.then)
            for team in manifest["teams"]
            if team["team"] == key[0]
        ]
        return row is not None and len(set(deadlines)) == 1


def _entries(manifest: Manifest) -> dict[Key, Manifest]:
    """What counts, by team and deliverable, each with its name in words."""
    return {
        (team["team"], entry["deliverable"]): {**entry, "what": f"{team['name']} · {entry['name']}"}
        for team in manifest["teams"]
        for entry in team["deposits"]
    }


def _standing(entry: Manifest) -> tuple[int, str]:
    """Which version, and how it stands to the deadline."""
    return entry["version"], entry["mark"]


def _not_sealed(entry: Manifest, row: Submission | None, edition: Edition) -> Finding:
    """A deposit that the database has from before the seal, and the seal has not."""
    return found(
        Fault.NOT_SEALED,
        what=entry["what"],
        version=entry["version"],
        received=instant(entry["received_at"], edition),
        why=who_entered(row),
    )
