"""Briefs and their attachments. No live message mentions a brief before it is public."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import Max
from django.db.models.fields.files import FieldFile

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import check
from hackathon.base.core.received_files import ReceivedFile
from hackathon.base.push.tasks import notify
from hackathon.event.editions import live, rules, selectors
from hackathon.event.editions.models import (
    Brief,
    BriefAttachment,
    BriefVersion,
    Department,
    Edition,
)
from hackathon.event.editions.services import tables
from hackathon.event.editions.services.guard import lock_for
from hackathon.event.editions.signals import brief_hidden

WRITTEN = ("title", "body", "published_at")


@transaction.atomic
def write(
    *,
    department: Department,
    title: str,
    body: str,
    published_at: datetime,
    seen: Mapping[str, Any] | None = None,
    by: User,
    at: datetime,
) -> Brief:
    """A `published_at` in the future makes a public brief secret again. `seen`: what was stored
    when `by` decided to replace it. Raises `Refused` if it is another by now.
    """
    edition = lock_for(by, department.edition_id)
    brief = Brief.objects.filter(department=department).first()
    check(rules.replacing_refusal(brief, seen))
    was_public = brief is not None and rules.brief_is_published(brief, at=at)
    before = (brief.title, brief.body) if brief else None
    brief = brief or Brief(department=department)
    brief.title, brief.body, brief.published_at = title, body, published_at
    brief.save()
    journal.record("brief.written", brief, by=by, at=at, published_at=published_at.isoformat())
    is_public = rules.brief_is_published(brief, at=at)
    if was_public and not is_public:
        brief_hidden.send(Brief, department=department, at=at)
    if before != (title, body):
        _keep_version(brief, before, replaces_public=was_public and is_public, at=at)
    live.brief_changed(edition, department.code, is_public=was_public or is_public, at=at)
    return brief


def _keep_version(
    brief: Brief, before: tuple[str, str] | None, *, replaces_public: bool, at: datetime
) -> None:
    if before is not None and not brief.versions.exists():
        title, body = before
        brief.versions.create(title=title, body=body)
    version = brief.versions.create(
        title=brief.title, body=brief.body, written_at=at, replaces_public=replaces_public
    )
    if replaces_public:
        enqueue(notify, "brief-changed", version.pk)


@transaction.atomic
def save(
    *,
    department: Department,
    title: str,
    body: str,
    published_at: datetime,
    attachments: Iterable[ReceivedFile] = (),
    seen: Mapping[str, Any] | None = None,
    by: User,
    at: datetime,
) -> Brief:
    brief = write(
        department=department,
        title=title,
        body=body,
        published_at=published_at,
        seen=seen,
        by=by,
        at=at,
    )
    for file in attachments:
        attach(brief=brief, file=file, by=by, at=at)
    return brief


@transaction.atomic
def move(*, edition: Edition, to: datetime, by: User, at: datetime) -> None:
    """The first brief that is still secret comes at `to`, the others by the same delay. Those that
    are public stay. Asked again, it does nothing.
    """
    edition = lock_for(by, edition.pk)
    coming = selectors.coming_briefs(edition, at=at)
    if not coming or coming[0].published_at == to:
        return
    delay = to - coming[0].published_at
    for brief in coming:
        write(
            department=brief.department,
            title=brief.title,
            body=brief.body,
            published_at=brief.published_at + delay,
            by=by,
            at=at,
        )


@transaction.atomic
def restore(*, version: BriefVersion, by: User, at: datetime) -> Brief:
    """Its text becomes that of the brief, as a new version."""
    brief = version.brief
    return write(
        department=brief.department,
        title=version.title,
        body=version.body,
        published_at=brief.published_at,
        by=by,
        at=at,
    )


@transaction.atomic
def attach(*, brief: Brief, file: ReceivedFile, by: User, at: datetime) -> BriefAttachment:
    edition = lock_for(by, brief.department.edition_id)
    filename = file.name or ""
    check(rules.attachment_refusal(filename, file.size or 0))
    last = brief.attachments.aggregate(last=Max("position"))["last"] or 0
    attachment = BriefAttachment.objects.create(
        brief=brief,
        file=file,
        filename=filename,
        size=file.size or 0,
        sha256=file.sha256,
        position=last + 1,
    )
    journal.record("brief.attached", brief, by=by, at=at, attachment=str(attachment.pk))
    _publish_change(edition, brief, at=at)
    return attachment


@transaction.atomic
def detach(*, attachment: BriefAttachment, by: User, at: datetime) -> None:
    brief = attachment.brief
    edition = lock_for(by, brief.department.edition_id)
    remove_on_commit([attachment.file])
    journal.record("brief.detached", brief, by=by, at=at, attachment=str(attachment.pk))
    attachment.delete()
    _publish_change(edition, brief, at=at)


def _save_row(change: tables.Change, *, by: User, at: datetime) -> None:
    brief = Brief.objects.filter(department=change.department).first()
    before = {name: getattr(brief, name) for name in WRITTEN} if brief else {}
    values = before | change.row.values_for(brief)
    save(department=change.department, by=by, at=at, **values)


def _copy(source: Department, target: Department, *, by: User, at: datetime) -> tables.Copied:
    """With its attachments. The other department keeps the brief that it has, and gets the
    attachments that it lacks.
    """
    original = Brief.objects.filter(department=source).first()
    existing = Brief.objects.filter(department=target).first()
    if original is None:
        return tables.Copied(target, kept=[existing.title] if existing else [])
    values = {name: getattr(original, name) for name in WRITTEN}
    brief = existing or write(department=target, by=by, at=at, **values)
    attachments = _copy_attachments(original, brief)
    for copied in attachments:
        journal.record("brief.attached", brief, by=by, at=at, attachment=str(copied.pk))
    if existing is None:
        return tables.Copied(target, added=[original.title])
    if attachments:
        _publish_change(target.edition, brief, at=at)
    return tables.Copied(
        target, added=[copied.filename for copied in attachments], kept=[existing.title]
    )


save_table = partial(tables.write, save=_save_row, copy=_copy)


def copy(departments: Mapping[int, Department], moved: Callable[[datetime], datetime]) -> None:
    """`departments` is by the id of the original. The copies have files of their own."""
    originals = Brief.objects.filter(department__in=departments).prefetch_related("attachments")
    for original in originals:
        brief = Brief.objects.create(
            department=departments[original.department_id],
            title=original.title,
            body=original.body,
            published_at=moved(original.published_at),
        )
        _copy_attachments(original, brief)


def _copy_attachments(original: Brief, brief: Brief) -> list[BriefAttachment]:
    """Those that `brief` lacks, after its own ones."""
    there = {(own.filename, own.sha256) for own in brief.attachments.all()}
    last = max([0, *brief.attachments.values_list("position", flat=True)])
    lacking = [a for a in original.attachments.all() if (a.filename, a.sha256) not in there]
    copied = []
    for position, attachment in enumerate(lacking, start=last + 1):
        with attachment.file.open("rb") as file:
            copied.append(
                BriefAttachment.objects.create(
                    brief=brief,
                    file=File(file, name=attachment.filename),
                    filename=attachment.filename,
                    size=attachment.size,
                    sha256=attachment.sha256,
                    position=position,
                )
            )
    return copied


def stored_files(departments: Iterable[Department]) -> list[FieldFile]:
    """Of briefs, to be deleted after the rows."""
    return [a.file for a in BriefAttachment.objects.filter(brief__department__in=departments)]


def remove_on_commit(files: Iterable[FieldFile]) -> None:
    names = [(file.storage, str(file.name)) for file in files]

    def remove() -> None:
        for storage, name in names:
            storage.delete(name)

    transaction.on_commit(remove)


def _publish_change(edition: Edition, brief: Brief, *, at: datetime) -> None:
    is_public = rules.brief_is_published(brief, at=at)
    live.brief_changed(edition, brief.department.code, is_public=is_public, at=at)
