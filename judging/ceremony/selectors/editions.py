"""Editions whose results are public, whichever one the site shows."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count

from hackathon.event.editions.models import Brief, Department, Edition
from hackathon.event.editions.selectors import published_editions
from hackathon.event.partners.models import ClientPage, Partner
from hackathon.event.partners.selectors import partners_of, public_client_page, public_clients
from judging.ceremony.selectors.results import (
    DepartmentResults,
    held_back_in,
    results_with_details,
)
from judging.models import Award, Deliberation
from teams.models import Team


@dataclass(frozen=True)
class EditionLine:
    """`first`: the first prizes of each department. `client`: empty while it is secret."""

    edition: Edition
    client: str
    first: Mapping[Department, list[Team]]


@dataclass(frozen=True)
class EditionRecord:
    """What an edition leaves for everybody. `held_back`: departments whose results come later.
    `client_page`: None while the client is secret.
    """

    edition: Edition
    results: list[DepartmentResults]
    held_back: list[Department]
    client_page: ClientPage | None
    partners: list[Partner]
    teams: int
    students: int


def edition_lines(*, at: datetime) -> list[EditionLine]:
    """Newest first. Four queries."""
    editions = list(published_editions(at=at))
    clients = public_clients(editions, at=at)
    first: dict[int, dict[Department, list[Team]]] = defaultdict(dict)
    awards = Award.objects.filter(rank=1, deliberation__in=Deliberation.objects.published(at))
    awards = awards.filter(deliberation__department__edition__in=editions)
    in_order = awards.order_by(
        "deliberation__department__position", "deliberation__department__name", "team__name"
    )
    for award in in_order.select_related("team", "deliberation__department"):
        department = award.deliberation.department
        first[department.edition_id].setdefault(department, []).append(award.team)
    return [EditionLine(e, clients.get(e.pk, ""), first[e.pk]) for e in editions]


def has_other_published(edition: Edition | None, *, at: datetime) -> bool:
    """Whether an edition other than the one that is shown has public results."""
    published = published_editions(at=at)
    return (published.exclude(pk=edition.pk) if edition else published).exists()


def edition_record(edition: Edition, *, at: datetime) -> EditionRecord:
    """Of an edition with public results; empty results otherwise. Pictures are left out: nobody
    has agreed that they stay.
    """
    published = Brief.objects.filter(department__edition=edition).published(at)
    titles = dict(published.values_list("department", "title"))
    results = results_with_details(edition, at=at) or []
    present = Team.objects.filter(edition=edition).present()
    counts = present.aggregate(
        teams=Count("pk", distinct=True), students=Count("memberships", distinct=True)
    )
    return EditionRecord(
        edition=edition,
        results=[
            replace(r, brief_title=titles.get(r.department.pk, ""), pictures=frozenset())
            for r in results
        ],
        held_back=held_back_in(edition),
        client_page=public_client_page(edition, at=at),
        partners=partners_of(edition),
        **counts,
    )
