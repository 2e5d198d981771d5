from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, prefetch_related_objects

from hackathon.core.errors import NotFound
from hackathon.core.models import JournalEntry
from hackathon.editions.models import Department, Edition
from hackathon.editions.rules import results_are_public
from judging.deliberation import envelope
from judging.deliberation.selectors.decision import places_of
from judging.models import Deliberation, NominationSeal
from teams.models import Team

RESULTS = ("awards__team", "nominations__team")


@dataclass(frozen=True)
class StruckDigest:
    digest: str
    announced_at: datetime
    struck_at: datetime | None


@dataclass(frozen=True)
class Envelope:
    """`digest` is empty until the lock; `salt` and `results` until the publication. `of_nominees`:
    of the first of two acts.
    """

    department: Department
    digest: str = ""
    locked_at: datetime | None = None
    struck: list[StruckDigest] = field(default_factory=list)
    salt: str = ""
    results: envelope.Results | None = None
    current: envelope.Results | None = None  # as the rows of the palmarès are now
    of_nominees: bool = False

    @property
    def name(self) -> str:
        """In its address."""
        return f"{self.department.code}-nommes" if self.of_nominees else self.department.code

    @cached_property
    def line(self) -> str:
        return "" if self.results is None else envelope.line(self.results)

    @cached_property
    def content(self) -> bytes:
        return b"" if self.results is None else envelope.content(self.salt, self.results)

    @property
    def is_open(self) -> bool:
        return self.results is not None

    @property
    def is_intact(self) -> bool:
        """Computes the digest on each call."""
        return self.results is not None and envelope.is_intact(self.salt, self.results, self.digest)

    @property
    def matches_palmares(self) -> bool:
        """False for instance if a team was renamed since the lock."""
        return self.results == self.current


def envelopes(edition: Edition, *, at: datetime) -> list[Envelope]:
    """Of a department in two acts two: both open with the publication, so that this page depends on
    one instant. Reads salts and results only then. Five queries before it.
    """
    public = results_are_public(edition, at=at)
    has_teams = Exists(Team.objects.filter(department=OuterRef("pk")))
    departments = list(
        Department.objects.filter(has_teams, edition=edition).select_related("edition")
    )
    deliberations = Deliberation.objects.filter(department__in=departments)
    if public:
        deliberations = deliberations.prefetch_related(*RESULTS)
    else:
        deliberations = deliberations.only("department", "locked_at", "digest")
    by_department = {deliberation.department_id: deliberation for deliberation in deliberations}
    struck = _struck(by_department.values(), "deliberation")
    struck_nominees = _struck(by_department.values(), "nominations")
    seals = _seals(departments, public=public)
    shown = []
    for department in departments:
        deliberation = by_department.get(department.pk)
        seal = seals.get(department.pk)
        if deliberation and (seal or struck_nominees[deliberation.pk]):
            void = struck_nominees[deliberation.pk]
            shown.append(_nominations(department, seal, void, public=public))
        shown.append(_envelope(department, deliberation, struck, public=public))
    return shown


def get_open_envelope(edition: Edition | None, code: str, *, at: datetime) -> Envelope:
    """Raises NotFound before the publication."""
    for shown in envelopes(edition, at=at) if edition is not None else ():
        if shown.is_open and shown.name.casefold() == code.casefold():
            return shown
    raise NotFound


def results_to_seal(deliberation: Deliberation) -> envelope.Results:
    """No access check: only for the service that locks, and for this module."""
    prefetch_related_objects([deliberation], *RESULTS)
    department, locked_at = deliberation.department, deliberation.locked_at
    assert locked_at is not None
    awards = list(deliberation.awards.all())
    return envelope.results_of(
        edition=department.edition.slug,
        department=department.code,
        locked_at=locked_at,
        nominees=(nomination.team.name for nomination in deliberation.nominations.all()),
        places={place.rank: [t.name for t in place.teams] for place in places_of(awards)},
        special=[(award.title, award.team.name) for award in awards if award.rank is None],
    )


def nominations_to_seal(deliberation: Deliberation, *, locked_at: datetime) -> envelope.Results:
    """As `results_to_seal`, of the first of two acts."""
    department = deliberation.department
    nominees = deliberation.nominations.values_list("team__name", flat=True)
    return envelope.nominations_of(
        edition=department.edition.slug,
        department=department.code,
        locked_at=locked_at,
        nominees=nominees,
    )


def _seals(departments: Iterable[Department], *, public: bool) -> dict[int, NominationSeal]:
    """By department id. One query."""
    seals = NominationSeal.objects.filter(deliberation__department__in=departments)
    if not public:
        seals = seals.only("locked_at", "digest", "deliberation__department")
    return {seal.deliberation.department_id: seal for seal in seals.select_related("deliberation")}


def _nominations(
    department: Department,
    seal: NominationSeal | None,
    void: list[StruckDigest],
    *,
    public: bool,
) -> Envelope:
    if seal is None:
        return Envelope(department, struck=void, of_nominees=True)
    closed = Envelope(department, seal.digest, seal.locked_at, void, of_nominees=True)
    if not public or "results" not in seal.record:
        return closed
    seal.deliberation.department = department
    return replace(
        closed,
        salt=seal.salt,
        results=seal.record["results"],
        current=nominations_to_seal(seal.deliberation, locked_at=seal.locked_at),
    )


def _envelope(
    department: Department,
    deliberation: Deliberation | None,
    struck: dict[int, list[StruckDigest]],
    *,
    public: bool,
) -> Envelope:
    if deliberation is None:
        return Envelope(department)
    void = struck[deliberation.pk]
    if deliberation.locked_at is None:
        return Envelope(department, struck=void)
    closed = Envelope(department, deliberation.digest, deliberation.locked_at, void)
    if not public or "results" not in deliberation.record:
        return closed
    deliberation.department = department
    return Envelope(
        department,
        deliberation.digest,
        deliberation.locked_at,
        void,
        salt=deliberation.salt,
        results=deliberation.record["results"],
        current=results_to_seal(deliberation),
    )


def _struck(deliberations: Iterable[Deliberation], what: str) -> dict[int, list[StruckDigest]]:
    """By deliberation id, from the journal, because a deliberation keeps only its last digest.
    `what`: "deliberation" or "nominations".
    """
    targets = {f"{row._meta.label_lower}:{row.pk}": row for row in deliberations}
    struck: dict[int, list[StruckDigest]] = defaultdict(list)
    last: dict[str, JournalEntry] = {}
    acts = [f"{what}.locked", f"{what}.reopened"]
    for entry in JournalEntry.objects.filter(act__in=acts, target__in=targets).order_by("id"):
        locked, reopened = last.pop(entry.target, None), entry.act == acts[1]
        if locked is not None and (digest := locked.detail.get("digest")):
            at = entry.at if reopened else None
            struck[targets[entry.target].pk].append(StruckDigest(digest, locked.at, at))
        if not reopened:
            last[entry.target] = entry
    return struck
