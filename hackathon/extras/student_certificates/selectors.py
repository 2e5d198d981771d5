"""Without access checks, except for results: the views make them."""

from collections import defaultdict
from datetime import datetime

from hackathon.base.core.errors import NotFound
from hackathon.event.editions.models import Department, Edition
from hackathon.event.printing.selectors import teams_to_print
from hackathon.extras.student_certificates.rules import (
    Certificate,
    CertificateKind,
    Prize,
    is_absent,
    is_due,
    is_genuine,
    parsed_code,
)
from judging.ceremony.selectors.results import published_results
from submissions.versions.selectors import period_of
from teams.models import Membership, Team


def certificates(
    edition: Edition, department: Department | None, *, at: datetime
) -> list[Certificate]:
    """Of everybody who is not absent; none before the launch."""
    if at < edition.starts_at:
        return []
    return [
        Certificate(membership, CertificateKind.TAKING_PART)
        for team in teams_to_print(edition, department)
        if team.absent_at is None
        for membership in _members(team)
    ]


def prize_certificates(
    edition: Edition, department: Department | None, *, at: datetime
) -> list[Certificate]:
    """Of the winners. Raises `NotFound` until the results are published, without a query."""
    prizes = _prizes(edition, at=at)
    if prizes is None:
        raise NotFound
    return [
        Certificate(membership, CertificateKind.PRIZE, prizes[team.pk])
        for team in teams_to_print(edition, department)
        if team.pk in prizes
        for membership in _members(team)
    ]


def get_own_certificates(membership: Membership | None, *, at: datetime) -> list[Certificate]:
    """Of a prize too, once the results are published. Raises `NotFound` if it is not due."""
    if membership is None or is_absent(membership):
        raise NotFound
    team = membership.team
    if not is_due(period_of(team), at=at):
        raise NotFound
    own = [Certificate(membership, CertificateKind.TAKING_PART)]
    if prizes := (_prizes(team.edition, at=at) or {}).get(team.pk):
        own.append(Certificate(membership, CertificateKind.PRIZE, prizes))
    return own


def find_certificate(code: str, *, at: datetime, read_name: str = "") -> Certificate | None:
    """Without an access check: the code itself is the permission. None if it isn't genuine.

    With `read_name` also if the name was corrected or anonymised since.
    """
    parsed = parsed_code(code)
    if parsed is None:
        return None
    kind, pk = parsed
    members = Membership.objects.select_related("user", "team__department", "team__edition")
    membership = members.filter(pk=pk).first()
    if membership is None:
        return None
    edition, prizes = membership.team.edition, None
    if at < edition.starts_at or is_absent(membership):
        return None
    if kind is CertificateKind.PRIZE:
        prizes = (_prizes(edition, at=at) or {}).get(membership.team_id)
        if prizes is None:
            return None
    possible = (Certificate(membership, kind, prizes or [], name) for name in {"", read_name})
    return next((each for each in possible if is_genuine(each, code)), None)


def _prizes(edition: Edition, *, at: datetime) -> dict[int, list[Prize]] | None:
    """By primary key of the team; None until the results are published."""
    results = published_results(edition, at=at)
    if results is None:
        return None
    prizes: dict[int, list[Prize]] = defaultdict(list)
    for result in results:
        for place in result.places:
            for team in place.teams:
                prizes[team.pk].append(Prize(place.rank, is_tied=len(place.teams) > 1))
        for special in result.special:
            for team in special.teams:
                prizes[team.pk].append(Prize(None, special.title, by_jury=special.by_jury))
    return dict(prizes)


def _members(team: Team) -> list[Membership]:
    memberships = [member for member in team.memberships.all() if member.absent_at is None]
    for membership in memberships:
        membership.team = team
    return memberships
