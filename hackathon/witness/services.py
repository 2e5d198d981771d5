from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from hackathon.core.background import enqueue
from hackathon.editions.models import Edition
from hackathon.witness import tasks
from hackathon.witness.enums import Subject
from hackathon.witness.models import Stamp


def request(edition: Edition, digests: Iterable[str], subject: Subject, *, at: datetime) -> None:
    """Of each authority of the settings. Call it in the transaction that makes the digests: they
    stand, whatever becomes of the stamps.
    """
    wanted = [
        Stamp(edition=edition, subject=subject, digest=digest, authority=authority, next_at=at)
        for digest in digests
        for authority in settings.TIMESTAMP_AUTHORITIES
    ]
    for stamp in Stamp.objects.bulk_create(wanted):
        enqueue(tasks.stamp, stamp.pk)
