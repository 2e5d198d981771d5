from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, prefetch_related_objects

from hackathon.base.core.errors import NotFound
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.rules import results_are_public
from judging.deliberation import envelope
from judging.deliberation.selectors.decision import places_of
from judging.models import Deliberation, NominationSeal
from teams.models import Team

RESULTS = ("awards__team", "nominations__team")
# What everybody may know before the publication.
ANNOUNCED = (
    "department",
    "locked_at",
    "digest",
    "nomination_seal__locked_at",
    "nomination_seal__digest",
)
NOMINEES, WINNERS = "nominations", "deliberation"  # as acts of the journal name them

type Sealed = Deliberation | NominationSeal


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
    """Of a department in two acts two: both open with the publication of the department. Reads
    salts and results only then. Three queries before it.
    """
    has_teams = Exists(Team.objects.present().filter(department=OuterRef("pk")))
    departments = list(
        Department.objects.filter(has_teams, edition=edition).select_related("edition")
    )
    deliberations = Deliberation.objects.filter(department__in=departments)
    deliberations = deliberations.select_related("nomination_seal")
    public = [each.pk for each in departments if results_are_public(each, at=at)]
    found = list(deliberations.exclude(department__in=public).only(*ANNOUNCED))
    if public:
        found += deliberations.filter(department__in=public).prefetch_related(*RESULTS)
    by_department = {deliberation.department_id: deliberation for deliberation in found}
    struck = _struck(by_department.values())
    shown = []
    for department in departments:
        deliberation = by_department.get(department.pk)
        if deliberation is None:
            shown.append(Envelope(department))
            continue
        deliberation.department = department
        is_public = department.pk in public
        seal = getattr(deliberation, "nomination_seal", None)
        void = struck[deliberation.pk, NOMINEES]
        if seal or void:
            closed = Envelope(department, struck=void, of_nominees=True)
            shown.append(_sealed(closed, seal, public=is_public))
        closed = Envelope(department, struck=struck[deliberation.pk, WINNERS])
        shown.append(_sealed(closed, deliberation, public=is_public))
    return shown


def get_open_envelope(edition: Edition | None, code: str, *, at: datetime) -> Envelope:
    """Raises NotFound before the publication."""
    for shown in envelopes(edition, at=at) if edition is not None else ():
        if shown.is_open and shown.name.casefold() == code.casefold():
            return shown
    raise NotFound


def results_to_seal(sealed: Sealed) -> envelope.Results:
    """No access check: only for the service that locks, and for this module."""
    nominates = isinstance(sealed, NominationSeal)
    deliberation = sealed.deliberation if isinstance(sealed, NominationSeal) else sealed
    prefetch_related_objects([deliberation], *RESULTS)
    department, locked_at = deliberation.department, sealed.locked_at
    assert locked_at is not None
    awards = list(deliberation.awards.all())
    places = {place.rank: [team.name for team in place.teams] for place in places_of(awards)}
    return envelope.results_of(
        edition=department.edition.slug,
        department=department.code,
        locked_at=locked_at,
        nominees=(nomination.team.name for nomination in deliberation.nominations.all()),
        places=None if nominates else places,
        special=[(award.title, award.team.name) for award in awards if award.rank is None],
    )


def _sealed(closed: Envelope, sealed: Sealed | None, *, public: bool) -> Envelope:
    if sealed is None or sealed.locked_at is None:
        return closed
    announced = replace(closed, digest=sealed.digest, locked_at=sealed.locked_at)
    if not public or "results" not in sealed.record:
        return announced
    return replace(
        announced,
        salt=sealed.salt,
        results=sealed.record["results"],
        current=results_to_seal(sealed),
    )


def _struck(deliberations: Iterable[Deliberation]) -> dict[tuple[int, str], list[StruckDigest]]:
    """By deliberation id and `NOMINEES` or `WINNERS`, from the journal, because a deliberation
    keeps only its last digest. One query.
    """
    targets = {f"{row._meta.label_lower}:{row.pk}": row.pk for row in deliberations}
    struck: dict[tuple[int, str], list[StruckDigest]] = defaultdict(list)
    last: dict[tuple[int, str], JournalEntry] = {}
    acts = [f"{what}.{done}" for what in (NOMINEES, WINNERS) for done in ("locked", "reopened")]
    for entry in JournalEntry.objects.filter(act__in=acts, target__in=targets).order_by("id"):
        what, done = entry.act.split(".")
        sealed = targets[entry.target], what
        locked, reopened = last.pop(sealed, None), done == "reopened"
        if locked is not None and (digest := locked.detail.get("digest")):
            at = entry.at if reopened else None
            struck[sealed].append(StruckDigest(digest, locked.at, at))
        if not reopened:
            last[sealed] = entry
    return struck
