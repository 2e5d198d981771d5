from collections.abc import Iterable
from datetime import datetime

from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.file_types import PICTURES
from hackathon.event.partners.errors import PartnerRefusal

MEGABYTE = 1_000_000
LOGO_MAX_BYTES = 2 * MEGABYTE
DOCUMENT_MAX_BYTES = 200 * MEGABYTE
PARTNERS_MAX = 60


def logo_refusal(filename: str, size: int, kind: str) -> Refusal | None:
    """`size` in bytes; `kind`: by `file_types.type_of`."""
    if size > LOGO_MAX_BYTES:
        return refuse(
            PartnerRefusal.LOGO_TOO_LARGE, filename=filename, max=LOGO_MAX_BYTES // MEGABYTE
        )
    if kind not in PICTURES:
        return refuse(PartnerRefusal.LOGO_KIND, filename=filename)
    return None


def document_refusal(filename: str, size: int) -> Refusal | None:
    """`size` in bytes."""
    if size <= DOCUMENT_MAX_BYTES:
        return None
    return refuse(
        PartnerRefusal.DOCUMENT_TOO_LARGE,
        filename=filename,
        max=DOCUMENT_MAX_BYTES // MEGABYTE,
    )


def new_partner_refusal(*, partners: int) -> Refusal | None:
    return refuse(PartnerRefusal.TOO_MANY, max=PARTNERS_MAX) if partners >= PARTNERS_MAX else None


def client_is_public(
    public_at: datetime | None, briefs: Iterable[datetime], *, at: datetime
) -> bool:
    """`briefs`: their instants. The name of the client is a secret of the briefs."""
    instant = public_at or min(briefs, default=None)
    return instant is not None and instant <= at
