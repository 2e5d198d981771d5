"""Sealed envelopes: for everybody the digests, and after the publication what is in them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, prefetch_related_objects

from hackathon.core.errors import NotFound
from hackathon.core.models import JournalEntry
from hackathon.editions.models import Department, Edition
from hackathon.editions.rules import results_are_public
from judging.deliberation import envelope
from judging.deliberation.selectors.decision import places_of
from judging.models import Deliberation
from teams.models import Team

RESULTS = ("awards__team", "nominations__team")


@dataclass(frozen=True)
class Struck:
    """A digest that was announced and holds no more: the jury took its decision up again."""

    digest: str
    announced_at: datetime
    struck_at: datetime | None


@dataclass(frozen=True)
class Envelope:
    """A department's. `digest` is empty while its jury has not locked; `salt` and `results` are
    there once the results are public.
    """

    department: Department
    digest: str = ""
    locked_at: datetime | None = None
    struck: list[Struck] = field(default_factory=list)
    salt: str = ""
    results: envelope.Results | None = None
    now: envelope.Results | None = None  # the same, from what the palmarès shows

    @cached_property
    def line(self) -> str:
        """The results as they were hashed."""
        return "" if self.results is None else envelope.line(self.results)

    @cached_property
    def content(self) -> bytes:
        """What was hashed: `sha256sum` of these bytes is the digest."""
        return b"" if self.results is None else envelope.content(self.salt, self.results)

    @property
    def is_open(self) -> bool:
        """Whether everybody may look inside."""
        return self.results is not None

    @property
    def is_intact(self) -> bool:
        """Whether what is in it has the digest that was announced; computed here and now."""
        return self.results is not None and envelope.is_intact(self.salt, self.results, self.digest)

    @property
    def says_the_same(self) -> bool:
        """Whether the palmarès says what is in it: not so where a team was renamed since."""
        return self.results == self.now


def envelopes(edition: Edition, *, at: datetime) -> list[Envelope]:
    """Those of the departments that have teams, in order. Before the publication salts and results
    are not even read. Three queries, then seven.
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
    by_department = {found.department_id: found for found in deliberations}
    struck = _struck(by_department.values())
    return [
        _envelope(department, by_department.get(department.pk), struck, public=public)
        for department in departments
    ]


def get_open_envelope(edition: Edition | None, code: str, *, at: datetime) -> Envelope:
    """A department's envelope, once everybody may look inside. Raises NotFound before."""
    for found in envelopes(edition, at=at) if edition is not None else ():
        if found.is_open and found.department.code.casefold() == code.casefold():
            return found
    raise NotFound


def results_to_seal(deliberation: Deliberation) -> envelope.Results:
    """What goes into the envelope of a deliberation that is being locked. No right of access here:
    the service that locks and this module are the only callers.
    """
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


def _envelope(
    department: Department,
    deliberation: Deliberation | None,
    struck: dict[int, list[Struck]],
    *,
    public: bool,
) -> Envelope:
    if deliberation is None:
        return Envelope(department)
    of_it = struck[deliberation.pk]
    if deliberation.locked_at is None:
        return Envelope(department, struck=of_it)
    shut = Envelope(department, deliberation.digest, deliberation.locked_at, of_it)
    if not public or "results" not in deliberation.record:
        return shut
    deliberation.department = department
    return Envelope(
        department,
        deliberation.digest,
        deliberation.locked_at,
        of_it,
        salt=deliberation.salt,
        results=deliberation.record["results"],
        now=results_to_seal(deliberation),
    )


def _struck(deliberations: Iterable[Deliberation]) -> dict[int, list[Struck]]:
    """By deliberation, the digests that the journal says were announced and that hold no more."""
    targets = {f"{found._meta.label_lower}:{found.pk}": found for found in deliberations}
    found: dict[int, list[Struck]] = defaultdict(list)
    last: dict[str, JournalEntry] = {}
    acts = ["deliberation.locked", "deliberation.reopened"]
    for entry in JournalEntry.objects.filter(act__in=acts, target__in=targets).order_by("id"):
        locked, reopened = last.pop(entry.target, None), entry.act == acts[1]
        if locked is not None and (digest := locked.detail.get("digest")):
            at = entry.at if reopened else None
            found[targets[entry.target].pk].append(Struck(digest, locked.at, at))
        if not reopened:
            last[entry.target] = entry
    return found
