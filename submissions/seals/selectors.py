"""Reads of seals, and of what one is made of."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, QuerySet

from hackathon.core.errors import NotFound
from hackathon.editions.models import Department, Edition
from hackathon.editions.rules import results_are_public
from hackathon.editions.selectors import AnyUser, is_organizer
from submissions.deposits import rules as deposits_rules
from submissions.deposits.selectors import extensions_of
from submissions.models import Deliverable, Extension, Seal, Submission, Upload
from submissions.seals import rules
from submissions.seals.rules import DueSeal, Manifest
from teams.models import Team


@dataclass(frozen=True)
class SealSet:
    """The seals made of one instant: over all, and of each department by code."""

    over_all: Seal
    departments: list[Seal]

    @property
    def lines(self) -> list[tuple[Manifest, Seal | None]]:
        """What the seal over all says of each department, with that one's own seal."""
        seals = {seal.digest: seal for seal in self.departments}
        return [(line, seals.get(line["digest"])) for line in self.over_all.manifest["departments"]]


@dataclass(frozen=True)
class SealState:
    """The newest seal over all, and the next instant to be sealed; `pending` once that has come."""

    last: Seal | None
    next: DueSeal | None
    pending: bool


def seals_to_make(edition: Edition, *, at: datetime) -> list[DueSeal]:
    """The instants of this edition that have no seal yet, in order, those to come included.

    None once the results are published: what counts is then history. Two queries.
    """
    if results_are_public(edition, at=at):
        return []
    made = set(Seal.objects.filter(edition=edition, department=None).values_list("moment", "as_of"))
    due = rules.due_seals(edition, extensions_of(edition))
    return [d for d in due if (d.moment.value, d.as_of) not in made]


def seal_state(edition: Edition, *, at: datetime) -> SealState:
    """What a page says of the seal at `at`; three queries."""
    following = next(iter(seals_to_make(edition, at=at)), None)
    pending = following is not None and following.as_of <= at
    return SealState(last_seal(edition), following, pending)


def last_seal(edition: Edition) -> Seal | None:
    """The newest seal over all departments; one query."""
    return _over_all(edition).first()


def seals_of(edition: Edition) -> QuerySet[Seal]:
    """Every seal with its department, by instant, the one over all before its parts."""
    seals = Seal.objects.filter(edition=edition).select_related("edition", "department")
    over_all_first = F("department__code").asc(nulls_first=True)
    return seals.order_by("made_at", "as_of", over_all_first, "pk")


def seals_over_all(edition: Edition) -> list[Seal]:
    """The seals over all departments, the newest first; one query."""
    return list(_over_all(edition))


def seal_sets(edition: Edition) -> list[SealSet]:
    """Every seal, by instant, the newest first; two queries."""
    parts: dict[tuple[str, datetime], list[Seal]] = defaultdict(list)
    of_departments = Seal.objects.filter(edition=edition, department__isnull=False)
    in_order = of_departments.select_related("department").order_by("department__code")
    for seal in in_order.defer("manifest"):
        parts[seal.moment, seal.as_of].append(seal)
    return [SealSet(seal, parts[seal.moment, seal.as_of]) for seal in _over_all(edition)]


def _over_all(edition: Edition) -> QuerySet[Seal]:
    # A late worker makes several at once: then the later instant is the newer one.
    seals = Seal.objects.filter(edition=edition, department=None)
    return seals.order_by("-made_at", "-as_of", "-pk")


def get_seal_for(user: AnyUser, pk: int) -> Seal:
    """A seal with its manifest: over all for everybody, it has digests and counts only; of a
    department for the organizers. Raises `NotFound` for others.
    """
    seal = Seal.objects.select_related("edition", "department").filter(pk=pk).first()
    if seal is None or not (seal.department is None or is_organizer(user, seal.edition)):
        raise NotFound
    return seal


def unfinished_by(edition: Edition, as_of: datetime) -> list[Upload]:
    """The transfers that were whole by `as_of`, may come in, and are no submission yet: something
    died between the last byte and the row, and what takes them up again has not come by.
    """
    whole = Upload.objects.filter(team__edition=edition, submission=None, whole_at__lte=as_of)
    found = list(whole.select_related("team"))
    if not found:
        return []
    windows = {
        team.pk: deposits_rules.deposit_period(edition, held)
        for team, held in _held(edition, [u.team for u in found], as_of=None)
    }
    return [
        upload
        for upload in found
        if upload.whole_at is not None
        and not deposits_rules.deposit_refusal(
            edition, windows[upload.team_id], begun_at=upload.begun_at, at=upload.whole_at
        )
    ]


def manifests(
    edition: Edition,
    due: DueSeal,
    *,
    delays_at: datetime | None,
    departments: Iterable[Department] | None = None,
) -> list[Manifest]:
    """What counted at `due.as_of` of each department (or of those given), in order of their codes.

    Only of what had been received by then, so that it can be made again at any later time. The
    delays are those that stood at `delays_at`; None: those that hold now. Four queries.
    """
    if departments is None:
        departments = edition.departments.all()
    chosen = sorted(departments, key=lambda d: d.code)
    teams = list(
        Team.objects.filter(department__in=[d.pk for d in chosen], registered_at__lte=due.as_of)
    )
    versions = _received_by(teams, due.as_of)
    entries: dict[int, list[Manifest]] = defaultdict(list)
    for team, held in _held(edition, teams, as_of=delays_at):
        entry = rules.team_manifest(edition, due, team, held, versions[team.pk])
        entries[team.department_id].append(entry)
    return [rules.department_manifest(edition, due, d, entries[d.pk]) for d in chosen]


def _received_by(
    teams: Iterable[Team], as_of: datetime
) -> dict[int, dict[Deliverable, list[Submission]]]:
    found: dict[int, dict[Deliverable, list[Submission]]] = defaultdict(lambda: defaultdict(list))
    received = Submission.objects.filter(
        team__in=[team.pk for team in teams], received_at__lte=as_of
    )
    for submission in received.select_related("deliverable", "receipt").defer("text", "url"):
        found[submission.team_id][submission.deliverable].append(submission)
    return found


def _held(
    edition: Edition, teams: Sequence[Team], *, as_of: datetime | None
) -> list[tuple[Team, list[Extension]]]:
    """Each team with the delays that hold for it, or held at `as_of`; one query."""
    extensions = extensions_of(edition)
    if as_of is None:
        held = list(extensions.filter(revoked_at=None))
    else:
        held = rules.extensions_at(extensions, as_of)
    return [
        (
            team,
            [e for e in held if e.team_id == team.pk or e.department_id == team.department_id],
        )
        for team in teams
    ]
