"""Raises `NotFound` for users who may not see the object."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.enums import EditionState
from hackathon.event.editions.models import Brief, Edition
from hackathon.event.editions.selectors import AnyUser, is_organizer
from hackathon.event.partners import rules
from hackathon.event.partners.models import ClientDocument, ClientPage, Partner


def client_page_of(edition: Edition) -> ClientPage:
    """An unsaved one without a row."""
    page = ClientPage.objects.filter(edition=edition).prefetch_related("documents").first()
    return page or ClientPage(edition=edition)


def client_is_public(edition: Edition, page: ClientPage, *, at: datetime) -> bool:
    """One query."""
    briefs = Brief.objects.filter(department__edition=edition)
    instants = briefs.values_list("published_at", flat=True)
    return rules.client_is_public(page.public_at, instants, at=at)


def public_client_page(edition: Edition, *, at: datetime) -> ClientPage | None:
    """Three queries at most."""
    page = client_page_of(edition)
    return page if edition.client and client_is_public(edition, page, at=at) else None


def public_clients(editions: Iterable[Edition], *, at: datetime) -> dict[int, str]:
    """The names of those that are public, by the id of their edition. Two queries."""
    by_pk = {edition.pk: edition for edition in editions}
    pages = ClientPage.objects.filter(edition__in=by_pk).values_list("edition", "public_at")
    public_at = dict(pages)
    briefs: dict[int, list[datetime]] = defaultdict(list)
    instants = Brief.objects.filter(department__edition__in=by_pk)
    for pk, instant in instants.values_list("department__edition", "published_at"):
        briefs[pk].append(instant)
    return {
        pk: edition.client
        for pk, edition in by_pk.items()
        if rules.client_is_public(public_at.get(pk), briefs[pk], at=at)
    }


def client_instants(edition: Edition) -> tuple[datetime | None, list[datetime]]:
    """`public_at`, and the instants of the briefs: what `rules.client_is_public` takes."""
    pages = ClientPage.objects.filter(edition=edition)
    briefs = Brief.objects.filter(department__edition=edition)
    public_at = pages.values_list("public_at", flat=True).first()
    return public_at, list(briefs.values_list("published_at", flat=True))


def get_client_page_for(user: AnyUser, edition: Edition | None, *, at: datetime) -> ClientPage:
    if edition is None or not edition.client:
        raise NotFound
    page = client_page_of(edition)
    if not client_is_public(edition, page, at=at) and not is_organizer(user, edition):
        raise NotFound
    return page


def get_logo_page_for(user: AnyUser, edition: Edition | None, *, at: datetime) -> ClientPage:
    page = get_client_page_for(user, edition, at=at)
    if not page.logo:
        raise NotFound
    return page


def get_document_for(user: AnyUser, pk: uuid.UUID, *, at: datetime) -> ClientDocument:
    document = get_or_not_found(ClientDocument.objects.select_related("page__edition"), pk=pk)
    edition = document.page.edition
    is_public = edition.state == EditionState.OPEN and client_is_public(
        edition, document.page, at=at
    )
    if not is_public and not is_organizer(user, edition):
        raise NotFound
    return document


def get_document_of(edition: Edition, pk: uuid.UUID) -> ClientDocument:
    documents = ClientDocument.objects.select_related("page")
    return get_or_not_found(documents, page__edition=edition, pk=pk)


def partners_of(edition: Edition) -> list[Partner]:
    return list(Partner.objects.filter(edition=edition))


def get_partner_of(edition: Edition, pk: uuid.UUID) -> Partner:
    partner = get_or_not_found(Partner.objects.all(), edition=edition, pk=pk)
    partner.edition = edition
    return partner


def get_logo_for(user: AnyUser, pk: uuid.UUID) -> Partner:
    """Public while its edition is no draft."""
    partner = get_or_not_found(Partner.objects.select_related("edition"), pk=pk)
    is_shown = partner.edition.state != EditionState.DRAFT
    if not partner.logo or not (is_shown or is_organizer(user, partner.edition)):
        raise NotFound
    return partner
