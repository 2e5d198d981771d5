from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check, refuse
from hackathon.base.core.received_files import ReceivedFile
from hackathon.event.appearance import drawing, rules
from hackathon.event.appearance.enums import PictureKind
from hackathon.event.appearance.errors import AppearanceRefusal
from hackathon.event.appearance.models import Picture
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import editions
from hackathon.event.editions.services.guard import lock_for


def draw(file: ReceivedFile | None) -> bytes | None:
    """The PNG of a picture that was sent. Starts a process, so call it outside of a transaction.
    Raises `Refused`.
    """
    if file is None:
        return None
    filename = file.name or ""
    check(rules.picture_refusal(filename, file.size or 0))
    png = drawing.drawn(file.read())
    if png is None:
        check(refuse(AppearanceRefusal.PICTURE_UNREADABLE, filename=filename))
    return png


@transaction.atomic
def update(
    *,
    edition: Edition,
    pictures: dict[PictureKind, bytes | None],
    removed: frozenset[PictureKind] = frozenset(),
    by: User,
    at: datetime,
    **fields: Any,
) -> Edition:
    """`pictures`: PNG; None: it stays. Raises `Refused`."""
    edition = lock_for(by, edition.pk)
    for kind, png in pictures.items():
        if png is None and kind not in removed:
            continue
        digest = sha256(png).hexdigest()[:16] if png else ""
        if png:
            values = {"digest": digest, "content": png}
            edition.pictures.update_or_create(kind=kind, defaults=values)
        else:
            edition.pictures.filter(kind=kind).delete()
        journal.record("edition.picture", edition, by=by, at=at, kind=kind, digest=digest)
        if kind == PictureKind.LOGO:
            fields["logo"] = digest
    return editions.update(edition=edition, by=by, at=at, **fields)


def copy(source: Edition, clone: Edition) -> None:
    Picture.objects.bulk_create(
        Picture(edition=clone, kind=each.kind, digest=each.digest, content=each.content)
        for each in source.pictures.all()
    )
