"""Time stamps of authorities: whoever can write to the database can replace a seal, but cannot make
a time stamp for it that is older.
"""

from collections.abc import Iterator

from hackathon.editions.models import Edition
from hackathon.witness import authorities
from hackathon.witness.authorities import NoStamp
from hackathon.witness.models import Stamp
from hackathon.witness.selectors import stamps_of_seals
from submissions.audit.findings import Fault, Finding, finding
from submissions.audit.sentences import instant_text
from submissions.models import Seal
from submissions.seals import selectors


def stamps_by_digest(edition: Edition) -> dict[str, list[Stamp]]:
    stamps: dict[str, list[Stamp]] = {}
    for stamp in stamps_of_seals(edition):
        stamps.setdefault(stamp.digest, []).append(stamp)
    return stamps


def stamp_findings(stamps: list[Stamp]) -> Iterator[Finding]:
    for stamp in stamps:
        assert stamp.response is not None
        try:
            stamped_at = authorities.verified(bytes(stamp.response), stamp.digest)
        except NoStamp as error:
            yield finding(Fault.STAMP_WRONG, authority=stamp.host, error=str(error))
            continue
        if stamped_at != stamp.stamped_at:
            yield finding(Fault.STAMP_WRONG, authority=stamp.host, error="other instant")


def replaced_findings(edition: Edition, stamps: dict[str, list[Stamp]]) -> Iterator[Finding]:
    """Stamps of seals that are not in the database any more."""
    digests = set(Seal.objects.filter(edition=edition).values_list("digest", flat=True))
    for digest, (stamp, *_others) in stamps.items():
        if digest not in digests:
            assert stamp.stamped_at is not None
            when = instant_text(stamp.stamped_at, edition)
            yield finding(Fault.STAMPED_REPLACED, digest=digest, authority=stamp.host, stamped=when)


def file_findings(edition: Edition, answer: bytes) -> Iterator[Finding]:
    """`answer`: a file of an authority, which somebody has kept elsewhere."""
    try:
        digests = [seal.digest for seal in selectors.seals_of(edition)]
        about = next((each for each in digests if authorities.is_about(answer, each)), None)
        if about is None:
            yield finding(Fault.STAMP_OF_OTHER)
        else:
            authorities.verified(answer, about)
    except NoStamp as error:
        yield finding(Fault.STAMP_UNREADABLE, error=str(error))
