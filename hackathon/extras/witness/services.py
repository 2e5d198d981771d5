from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from hackathon.base.core import journal
from hackathon.event.editions.models import Edition
from hackathon.extras.witness import authorities, live, rules
from hackathon.extras.witness.authorities import NoStamp
from hackathon.extras.witness.enums import Subject
from hackathon.extras.witness.models import Stamp


def request(
    edition: Edition, digests: Iterable[str], subject: Subject, *, at: datetime
) -> list[int]:
    """Stamps of each authority of the settings, to be attempted. Call it in the transaction that
    makes the digests: they stand, whatever becomes of the stamps.
    """
    wanted = [
        Stamp(edition=edition, subject=subject, digest=digest, authority=authority, next_at=at)
        for digest in digests
        for authority in settings.TIMESTAMP_AUTHORITIES
    ]
    return [stamp.pk for stamp in Stamp.objects.bulk_create(wanted)]


def attempt(pk: int, *, at: datetime) -> None:
    """No row is locked while the authority works: the worker that sets `next_at` asks it. After a
    crash the next attempt is due at that instant.
    """
    stamp = Stamp.objects.select_related("edition").filter(pk=pk, response=None).first()
    if stamp is None:
        return
    again_at = rules.next_attempt(stamp.attempts + 1, at=at)
    # This update decides: of two workers that have read the same row, the second one changes none.
    mine = Stamp.objects.filter(pk=pk, next_at__lte=at, attempts=stamp.attempts)
    if not mine.update(attempts=stamp.attempts + 1, next_at=again_at):
        return
    try:
        response, stamped_at = authorities.ask(stamp.authority, stamp.digest)
    except NoStamp as error:
        Stamp.objects.filter(pk=pk, response=None).update(error=str(error)[:120])
        return
    keep(stamp, response, stamped_at, at=at)


@transaction.atomic
def keep(stamp: Stamp, response: bytes, stamped_at: datetime, *, at: datetime) -> None:
    """Two attempts may end, if the first takes longer than the pause: the first answer is kept."""
    granted = {"response": response, "stamped_at": stamped_at, "next_at": None, "error": ""}
    if not Stamp.objects.filter(pk=stamp.pk, response=None).update(**granted):
        return
    details = {
        "authority": stamp.host,
        "digest": stamp.digest,
        "stamped_at": stamped_at.isoformat(),
    }
    journal.record("stamp.granted", stamp.edition, by=None, at=at, **details)
    live.stamp_granted(stamp, at=at)
