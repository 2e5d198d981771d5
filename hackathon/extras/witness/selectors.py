from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from hackathon.base.core import extras
from hackathon.base.core.errors import NotFound
from hackathon.event.editions.models import Edition
from hackathon.extras.witness import rules
from hackathon.extras.witness.enums import Subject
from hackathon.extras.witness.models import Stamp


def due_stamps(*, at: datetime) -> list[int]:
    """Of editions that have this extra on."""
    due = Stamp.objects.filter(next_at__lte=at).select_related("edition")
    return [stamp.pk for stamp in due if extras.is_on("witness", stamp.edition)]


def stamps_of(digests: Iterable[str]) -> dict[str, list[Stamp]]:
    """Also those that are awaited; without the answers themselves. One query."""
    by_digest: dict[str, list[Stamp]] = defaultdict(list)
    stamps = Stamp.objects.filter(digest__in=list(digests)).select_related("edition")
    for stamp in stamps.defer("response"):
        by_digest[stamp.digest].append(stamp)
    return by_digest


def stamps_in(edition: Edition) -> list[Stamp]:
    """As above; one query."""
    return list(Stamp.objects.filter(edition=edition).select_related("edition").defer("response"))


def get_granted(slug: str, pk: int) -> Stamp:
    """Public, as the digests of seals and envelopes are. Raises `NotFound`."""
    granted = Stamp.objects.filter(edition__slug=slug, response__isnull=False)
    stamp = granted.filter(pk=pk).first()
    if stamp is None:
        raise NotFound
    return stamp


def stamps_of_seals(edition: Edition) -> list[Stamp]:
    """Granted ones."""
    return list(Stamp.objects.filter(edition=edition, subject=Subject.SEAL, next_at=None))


def late_stamps(edition: Edition) -> list[Stamp]:
    """Asked for in vain for some minutes; one query."""
    awaited = Stamp.objects.filter(edition=edition, response=None)
    late = awaited.filter(attempts__gte=rules.LATE_ATTEMPTS)
    return list(late.order_by("authority", "pk"))
