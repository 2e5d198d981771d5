"""No live message and no journal entry says who the client is: it is secret until its instant."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models.fields.files import FieldFile

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.base.core.file_types import type_of
from hackathon.base.core.received_files import ReceivedFile
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services.briefs import remove_on_commit
from hackathon.event.editions.services.guard import lock_for
from hackathon.event.partners import live, rules, selectors
from hackathon.event.partners.models import ClientDocument, ClientPage, Partner


@transaction.atomic
def write_client(
    *,
    edition: Edition,
    logo: ReceivedFile | None = None,
    documents: Iterable[ReceivedFile] = (),
    by: User,
    at: datetime,
    **texts: Any,
) -> ClientPage:
    """`texts`: `text`, `link`, `representatives`, `public_at`. Without `logo` it stays. Raises
    `Refused`.
    """
    edition = lock_for(by, edition.pk)
    page = selectors.client_page_of(edition)
    was_public = selectors.client_is_public(edition, page, at=at)
    for name, value in texts.items():
        setattr(page, name, value)
    if logo:
        _replace_logo(page, logo)
    page.save()
    journal.record("client.written", edition, by=by, at=at)
    for file in documents:
        filename, size = file.name or "", file.size or 0
        check(rules.document_refusal(filename, size))
        page.documents.create(file=file, filename=filename, size=size, sha256=file.sha256)
        journal.record("client.document_added", edition, by=by, at=at)
    _publish(edition, page, was_public, at=at)
    return page


@transaction.atomic
def remove_document(*, document: ClientDocument, by: User, at: datetime) -> None:
    edition = lock_for(by, document.page.edition_id)
    remove_on_commit([document.file])
    document.delete()
    journal.record("client.document_removed", edition, by=by, at=at)
    _publish(edition, document.page, False, at=at)


@transaction.atomic
def save_partner(
    *,
    edition: Edition,
    partner: Partner | None = None,
    logo: ReceivedFile | None = None,
    by: User,
    at: datetime,
    **values: Any,
) -> Partner:
    """`values`: `name`, `sentence`, `link`, `position`. A new one without position comes last.
    Without `logo` it stays. Raises `Refused`.
    """
    edition = lock_for(by, edition.pk)
    others = list(edition.partners.all())
    act = "partner.changed"
    if partner is None:
        check(rules.new_partner_refusal(partners=len(others)))
        partner, act = Partner(edition=edition), "partner.added"
    if values.get("position") is None:
        last = max((other.position for other in others), default=0)
        values["position"] = partner.position or last + 1
    for name, value in values.items():
        setattr(partner, name, value)
    if logo:
        _replace_logo(partner, logo)
    partner.save()
    journal.record(act, edition, by=by, at=at, name=partner.name)
    live.partners_changed(edition, at=at)
    return partner


@transaction.atomic
def remove_partner(*, partner: Partner, by: User, at: datetime) -> None:
    edition = lock_for(by, partner.edition_id)
    if partner.logo:
        remove_on_commit([partner.logo])
    partner.delete()
    journal.record("partner.removed", edition, by=by, at=at, name=partner.name)
    live.partners_changed(edition, at=at)


def copy(source: Edition, clone: Edition) -> None:
    """The page of the client, without its instant, and the partners. With files of their own."""
    page = ClientPage.objects.filter(edition=source).first()
    if page is not None:
        copied = ClientPage(edition=clone, text=page.text, link=page.link)
        copied.representatives = page.representatives
        _copy_logo(page.logo, copied)
        copied.save()
        for document in page.documents.all():
            with document.file.open("rb") as file:
                copied.documents.create(
                    file=File(file, name="document"),
                    filename=document.filename,
                    size=document.size,
                    sha256=document.sha256,
                )
    for partner in source.partners.all():
        twin = Partner(edition=clone, name=partner.name, sentence=partner.sentence)
        twin.link, twin.position = partner.link, partner.position
        _copy_logo(partner.logo, twin)
        twin.save()


def _copy_logo(logo: FieldFile, to: ClientPage | Partner) -> None:
    if logo:
        with logo.open("rb") as file:
            to.logo.save("logo", File(file), save=False)


def _replace_logo(owner: ClientPage | Partner, logo: ReceivedFile) -> None:
    check(rules.logo_refusal(logo.name or "", logo.size or 0, type_of(logo)))
    if owner.logo:
        remove_on_commit([owner.logo])
    owner.logo = logo


def _publish(edition: Edition, page: ClientPage, was_public: bool, *, at: datetime) -> None:
    is_public = was_public or selectors.client_is_public(edition, page, at=at)
    live.client_changed(edition, is_public=is_public, at=at)
