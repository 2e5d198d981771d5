from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import NotFound
from hackathon.event.editions.models import Department, Edition
from judging.jury.rules import may_read_decision
from judging.jury.selectors import get_juror_for, is_decided, rules_of, stage_of
from judging.models import Award, Deliberation, Juror, NominationSeal, Signature
from teams.models import Team


@dataclass(frozen=True)
class Place:
    rank: int
    teams: list[Team]


@dataclass(frozen=True)
class SpecialPrize:
    title: str
    team: Team


@dataclass(frozen=True)
class Signer:
    juror: Juror
    signed_at: datetime | None  # None: not yet
    absent: bool = False  # known from the lock on


@dataclass(frozen=True)
class DecisionState:
    """Empty without a deliberation. `hears`: the jury decides in two acts."""

    deliberation: Deliberation | None = None
    nominees: list[Team] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    special: list[SpecialPrize] = field(default_factory=list)
    hears: bool = False

    @property
    def seal(self) -> NominationSeal | None:
        """Of the nominees, once they are locked in the first of two acts."""
        return getattr(self.deliberation, "nomination_seal", None)

    @property
    def nominates(self) -> bool:
        """In the first of two acts: no prize can be given yet."""
        return self.hears and self.seal is None and not self.is_locked

    @property
    def can_open(self) -> bool:
        """There is something to sign."""
        return not self.is_locked and bool(self.nominees if self.nominates else self.places)

    @property
    def is_locked(self) -> bool:
        """The winners."""
        return self.deliberation is not None and self.deliberation.locked_at is not None

    @property
    def is_open(self) -> bool:
        return (
            self.deliberation is not None
            and self.deliberation.opened_at is not None
            and not self.is_locked
        )

    @property
    def reason(self) -> str:
        return self.deliberation.reason if self.deliberation else ""

    @property
    def ranks(self) -> dict[int, int]:
        """By team id."""
        return {team.pk: place.rank for place in self.places for team in place.teams}

    @property
    def winners(self) -> int:
        """Without special prizes."""
        return len(self.ranks)


def get_decision_reader_for(
    user: User | AnonymousUser, department_code: str, edition: Edition | None, *, at: datetime
) -> Juror:
    """Raises NotFound for organizers, and for jurors who must not read the decision yet."""
    juror = get_juror_for(user, department_code, edition)
    if not may_read_decision(juror, locked=is_decided(juror.department), at=at):
        raise NotFound
    return juror


def decision_of(department: Department) -> DecisionState:
    """No access check: callers fetch the reader first. At most four queries."""
    hears = rules_of(department).hears_nominees
    rows = Deliberation.objects.filter(department=department)
    deliberation = rows.select_related("locked_by", "nomination_seal__locked_by").first()
    if deliberation is None:
        return DecisionState(hears=hears)
    nominations = deliberation.nominations.select_related("team")
    awards = list(deliberation.awards.select_related("team"))
    return DecisionState(
        deliberation=deliberation,
        nominees=sorted((n.team for n in nominations), key=lambda team: team.name),
        places=places_of(awards),
        special=[SpecialPrize(award.title, award.team) for award in awards if award.rank is None],
        hears=hears,
    )


def decision_to_sign(department: Department) -> DecisionState | None:
    """None, without reading the decision, unless it is open for signatures."""
    return decision_of(department) if stage_of(department).is_open_to_sign else None


def signers_of(department: Department) -> list[Signer]:
    """The seated jurors, and those who signed and left."""
    signed = dict(
        Signature.objects.filter(deliberation__department=department).values_list(
            "juror_id", "signed_at"
        )
    )
    seated = set(Juror.objects.seated().filter(department=department).values_list("pk", flat=True))
    jurors = Juror.objects.filter(department=department).select_related("user")
    return [Signer(j, signed.get(j.pk)) for j in jurors if j.pk in seated or j.pk in signed]


def signers_and_absent(decided: DecisionState, department: Department) -> list[Signer]:
    """With what the president said about absence at the lock."""
    record = decided.deliberation.record if decided.deliberation else {}
    absent = absent_in(record)
    return [replace(signer, absent=signer.juror.pk in absent) for signer in signers_of(department)]


def absent_in(record: Mapping[str, Any]) -> list[int]:
    """Jurors of whom the president said at the lock that they were absent. Records without
    `unsigned` are older: nobody was asked, and `absent` has all who did not sign.
    """
    return record["absent"] if "unsigned" in record else []


def unsigned_in(record: Mapping[str, Any]) -> list[int]:
    """The others who did not sign."""
    unsigned: list[int] = record.get("unsigned", record.get("absent", []))
    return unsigned


def signing_of(juror: Juror) -> str:
    """ "unsigned" or "signed"; "" while the decision is not open for signatures."""
    if not stage_of(juror.department_id).is_open_to_sign:
        return ""
    signed = Signature.objects.filter(juror=juror, deliberation__department=juror.department_id)
    return "signed" if signed.exists() else "unsigned"


def places_of(awards: Iterable[Award]) -> list[Place]:
    """Best first, without special prizes."""
    by_rank: dict[int, list[Team]] = defaultdict(list)
    for award in awards:
        if award.rank is not None:
            by_rank[award.rank].append(award.team)
    return [
        Place(rank, sorted(teams, key=lambda team: team.name))
        for rank, teams in sorted(by_rank.items())
    ]
