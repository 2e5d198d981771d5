"""Whoever can write to the database can replace a seal, but cannot make a time stamp for it that is
older.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from hackathon.event.editions.models import Edition
from hackathon.extras.witness import authorities
from hackathon.extras.witness.authorities import NoStamp
from hackathon.extras.witness.models import Stamp
from submissions.audit.sentences import instant_text
from submissions.models import Seal


def stamp_fault(stamp: Stamp) -> str:
    """Empty for a granted stamp that is verified."""
    assert stamp.response is not None
    try:
        stamped_at = authorities.verified(bytes(stamp.response), stamp.digest)
        error = "" if stamped_at == stamp.stamped_at else "other instant"
    except NoStamp as reason:
        error = str(reason)
    text = _("L’horodatage de {authority} ne se vérifie pas : {error}.")
    return text.format(authority=stamp.host, error=error) if error else ""


def replaced(edition: Edition, stamps: list[Stamp]) -> Iterator[str]:
    """Seals that were stamped and are not in the database any more."""
    digests = set(Seal.objects.filter(edition=edition).values_list("digest", flat=True))
    for stamp in {stamp.digest: stamp for stamp in stamps}.values():
        if stamp.digest not in digests:
            assert stamp.stamped_at is not None
            text = _("{authority} a horodaté le {stamped} un scellé qui n’est plus là : {digest}.")
            when = instant_text(stamp.stamped_at, edition)
            yield text.format(authority=stamp.host, stamped=when, digest=stamp.digest)


def file_fault(edition: Edition, answer: bytes) -> str:
    """`answer`: a file of an authority that was stored outside the site."""
    digests = Seal.objects.filter(edition=edition).values_list("digest", flat=True)
    try:
        about = next((each for each in digests if authorities.is_about(answer, each)), None)
        if about is not None:
            authorities.verified(answer, about)
            return ""
    except NoStamp as error:
        text = _("L’horodatage de ce fichier ne se vérifie pas : {error}.")
        return text.format(error=error)
    return _("Ce fichier n’horodate aucun scellé de l’édition : un scellé a été remplacé depuis.")
