from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.event.editions.selectors import AnyUser, is_organizer
from submissions import hand_ins
from submissions.enums import SealMoment
from submissions.models import Deliverable, Extension, Seal, Submission, Upload
from submissions.seals import rules
from submissions.seals.leaves import Manifest
from submissions.seals.rules import DueSeal
from submissions.versions.facts import announced_at_of
from submissions.versions.rules import deposit_period, deposit_refusal
from submissions.versions.selectors import extensions_of
from teams.models import Team


@dataclass(frozen=True)
class SealSet:
    over_all: Seal
    departments: list[Seal]

    @property
    def digest(self) -> str:
        return self.over_all.digest

    @property
    def lines(self) -> list[tuple[Manifest, Seal | None]]:
        seals = {seal.digest: seal for seal in self.departments}
        return [(line, seals.get(line["digest"])) for line in self.over_all.manifest["departments"]]


@dataclass(frozen=True)
class SealState:
    """The newest seal over all and the next instant to seal; `pending` if that has passed."""

    last: Seal | None
    next: DueSeal | None
    pending: bool


def seals_to_make(edition: Edition, *, at: datetime) -> list[DueSeal]:
    """By time, also future ones; empty once the results are published. Three queries, and one per
    participant of hand-ins.
    """
    if results_are_public(edition, at=at):
        return []
    sealed = set(_over_all(edition).values_list("moment", "as_of", "due_at"))
    asked = Deliverable.objects.filter(department__edition=edition).select_related("department")
    deliverables = list(asked.annotate(came_late=Exists(_announced_after_grace(edition))))
    claims = hand_ins.claims_of(edition, Team.objects.filter(edition=edition))
    announced = {claim.deliverable for claim in claims if claim.kept_by is None}
    announced |= {deliverable.pk for deliverable in deliverables if deliverable.came_late}
    due_seals = rules.due_seals(edition, extensions_of(edition), deliverables, announced)
    return [due for due in due_seals if (due.moment.value, due.as_of, due.due_at) not in sealed]


def _announced_after_grace(edition: Edition) -> QuerySet[Submission]:
    """Of a deliverable: announced versions that came later. The grace of a deliverable that has its
    own deadline is left out: then a seal may add nothing.
    """
    grace_ends_at = edition.deadline_at + timedelta(seconds=edition.grace_seconds)
    usual = Q(deliverable__due_at=None, received_at__gt=grace_ends_at)
    own = Q(received_at__gt=F("deliverable__due_at"))
    announced = Submission.objects.filter(deliverable=OuterRef("pk"), announced_at__isnull=False)
    return announced.filter(usual | own)


def seal_state(edition: Edition, *, at: datetime) -> SealState:
    """Four queries, and one per participant of hand-ins."""
    following = next(iter(seals_to_make(edition, at=at)), None)
    pending = following is not None and following.as_of <= at
    return SealState(_over_all(edition).first(), following, pending)


def last_seal(edition: Edition) -> Seal | None:
    """Of what is due at the edition's deadline; one query."""
    return _over_all(edition).filter(due_at=None).first()


def department_digest(department_pk: int) -> str:
    """Of the newest seal of the department; empty without one. One query."""
    seals = Seal.objects.filter(department=department_pk).order_by("-made_at", "-as_of", "-pk")
    return seals.values_list("digest", flat=True).first() or ""


def seals_of(edition: Edition) -> QuerySet[Seal]:
    """By instant; the seal over all first."""
    seals = Seal.objects.filter(edition=edition).select_related("edition", "department")
    over_all_first = F("department__code").asc(nulls_first=True)
    return seals.order_by("made_at", "as_of", over_all_first, "pk")


def seals_over_all(edition: Edition) -> list[Seal]:
    """The newest first, `as_shown`; two queries."""
    return as_shown(edition, _over_all(edition))


def seal_sets(edition: Edition) -> list[SealSet]:
    """The newest first; three queries."""
    by_instant: dict[tuple[str, datetime, datetime | None], list[Seal]] = defaultdict(list)
    of_departments = Seal.objects.filter(edition=edition, department__isnull=False)
    in_order = of_departments.select_related("department").order_by("department__code")
    for seal in in_order.defer("manifest"):
        by_instant[seal.moment, seal.as_of, seal.due_at].append(seal)
    return [
        SealSet(seal, by_instant[seal.moment, seal.as_of, seal.due_at])
        for seal in as_shown(edition, _over_all(edition))
    ]


def _over_all(edition: Edition) -> QuerySet[Seal]:
    # A delayed worker makes several seals at once; the one of the later instant is the newer one.
    seals = Seal.objects.filter(edition=edition, department=None)
    return seals.order_by("-made_at", "-as_of", "-pk")


def as_shown(edition: Edition, seals: Iterable[Seal]) -> list[Seal]:
    """With the attribute `corrections`. Two queries."""
    seals = list(seals)
    asked = Deliverable.objects.filter(department__edition=edition).values_list("pk", "due_at")
    deadlines = {pk: due_at or edition.deadline_at for pk, due_at in asked}
    for seal in seals:
        seal.corrections = rules.corrections_of(seal.manifest, deadlines)
    return seals


def get_seal_over_all(edition: Edition, pk: int) -> Seal:
    seal = get_or_not_found(_over_all(edition), pk=pk)
    seal.edition = edition
    return seal


def get_seal_for(user: AnyUser, pk: int) -> Seal:
    """A seal over all is public, others are for organizers. Raises `NotFound`."""
    seal = get_or_not_found(Seal.objects.select_related("edition", "department"), pk=pk)
    if not (seal.department is None or is_organizer(user, seal.edition)):
        raise NotFound
    return seal


def former_seals(edition: Edition, due: DueSeal) -> dict[str | None, Seal]:
    """By code of department, None: over all. The newest of the same deadline; one query."""
    seals = Seal.objects.filter(edition=edition, due_at=due.due_at).select_related("department")
    former: dict[str | None, Seal] = {}
    for seal in seals.filter(as_of__in=due.earlier.values()).order_by("as_of"):
        if due.earlier.get(SealMoment(seal.moment)) == seal.as_of:
            former[seal.department.code if seal.department else None] = seal
    return former


def parts_of(seal: Seal) -> list[Seal]:
    """The seals of the departments of a seal, by code; one query."""
    same = Seal.objects.filter(
        edition=seal.edition_id, moment=seal.moment, as_of=seal.as_of, due_at=seal.due_at
    )
    parts = same.exclude(department=None).select_related("edition", "department")
    return sorted(parts, key=lambda part: str(part.manifest["department"]))


def unfinished_by(edition: Edition, as_of: datetime) -> list[Upload]:
    """Complete by `as_of` and acceptable, but not submissions yet: their process crashed."""
    complete = Upload.objects.filter(team__edition=edition, submission=None, whole_at__lte=as_of)
    uploads = list(complete.select_related("team__edition", "deliverable"))
    if not uploads:
        return []
    teams = [upload.team for upload in uploads]
    extensions = dict(_extensions_by_team(edition, teams, as_of=None))

    def is_accepted(upload: Upload) -> bool:
        period = deposit_period(edition, extensions[upload.team], upload.deliverable)
        whole_at = upload.whole_at
        return whole_at is not None and not deposit_refusal(
            edition,
            period,
            begun_at=upload.begun_at,
            at=whole_at,
            announced_at=announced_at_of(upload),
        )

    return [upload for upload in uploads if is_accepted(upload)]


def manifests(
    edition: Edition,
    due: DueSeal,
    *,
    extensions_at: datetime | None,
    departments: Iterable[Department] | None = None,
) -> list[Manifest]:
    """By code; the same at any later time. `extensions_at` None: those valid now. Four queries, and
    one per participant of hand-ins.

    `departments` None: all, or those whose deliverables have a deadline of their own.
    """
    if departments is None:
        departments = edition.departments.all()
        if due.due_at is not None:
            asked = [one.deliverable for one in due.sealed or ()]
            departments = departments.filter(deliverables__in=asked).distinct()
    chosen = sorted(departments, key=lambda d: d.code)
    teams = list(
        Team.objects.filter(department__in=[d.pk for d in chosen], registered_at__lte=due.as_of)
    )
    versions, claims = _received_by(teams, due.as_of), hand_ins.claims_of(edition, teams)
    entries: dict[int, list[Manifest]] = defaultdict(list)
    for team, extensions in _extensions_by_team(edition, teams, as_of=extensions_at):
        awaited = [claim for claim in claims if claim.team == team.pk]
        own = versions[team.pk]
        entry = rules.team_manifest(edition, due, team, extensions, own, awaited)
        entries[team.department_id].append(entry)
    return [rules.department_manifest(edition, due, d, entries[d.pk]) for d in chosen]


def _received_by(
    teams: Iterable[Team], as_of: datetime
) -> dict[int, dict[Deliverable, list[Submission]]]:
    versions: dict[int, dict[Deliverable, list[Submission]]] = defaultdict(
        lambda: defaultdict(list)
    )
    received = Submission.objects.filter(
        team__in=[team.pk for team in teams], received_at__lte=as_of
    )
    for submission in received.select_related("deliverable", "receipt").defer("text", "url"):
        versions[submission.team_id][submission.deliverable].append(submission)
    return versions


def _extensions_by_team(
    edition: Edition, teams: Sequence[Team], *, as_of: datetime | None
) -> list[tuple[Team, list[Extension]]]:
    """Those valid at `as_of`, None: now; one query."""
    extensions = extensions_of(edition)
    if as_of is None:
        valid = list(extensions.filter(revoked_at=None))
    else:
        valid = rules.extensions_at(extensions, as_of)
    return [
        (
            team,
            [e for e in valid if e.team_id == team.pk or e.department_id == team.department_id],
        )
        for team in teams
    ]
