from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from hackathon.core.errors import NotFound
from hackathon.editions.models import Edition
from hackathon.witness import rules
from hackathon.witness.enums import Subject
from hackathon.witness.models import Stamp


def due_stamps(*, at: datetime) -> list[int]:
    return list(Stamp.objects.filter(next_at__lte=at).values_list("pk", flat=True))


def stamps_of(digests: Iterable[str]) -> dict[str, list[Stamp]]:
    """Also those that are awaited; without the answers themselves. One query."""
    by_digest: dict[str, list[Stamp]] = defaultdict(list)
    for stamp in Stamp.objects.filter(digest__in=list(digests)).defer("response"):
        by_digest[stamp.digest].append(stamp)
    return by_digest


def get_granted(pk: int) -> Stamp:
    """Public, as the digests of seals and envelopes are. Raises `NotFound`."""
    stamp = Stamp.objects.filter(pk=pk, response__isnull=False).first()
    if stamp is None:
        raise NotFound
    return stamp


def stamps_of_seals(edition: Edition) -> list[Stamp]:
    """Granted ones."""
    return list(Stamp.objects.filter(edition=edition, subject=Subject.SEAL, next_at=None))


def late_stamps() -> list[Stamp]:
    """Asked for in vain for some minutes; one query."""
    awaited = Stamp.objects.filter(response=None, attempts__gte=rules.LATE_ATTEMPTS)
    return list(awaited.order_by("authority", "pk"))
