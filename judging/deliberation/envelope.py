"""A commitment to a jury's results: a later change would show.

At the lock only the digest is published; the salt and the results follow with the publication.
The digest is the SHA-256 of `content`; in a shell: printf '%s\\n' "$SALT" "$RESULTS" | sha256sum

A department has so few possible results that without the salt they could be found by trying all.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from hackathon.base.core.commitments import canonical
from hackathon.base.core.formats import iso_utc

SALT_BYTES = 32

type Results = dict[str, Any]


def results_of(
    *,
    edition: str,
    department: str,
    locked_at: datetime,
    nominees: Iterable[str],
    places: Mapping[int, Iterable[str]] | None = None,
    special: Iterable[tuple[str, str]] = (),
) -> Results:
    """`edition` is a slug, `department` a code, `places` maps a rank to teams. Teams are names.
    Without `places` of the first of two acts: nothing in it depends on the winners.
    """
    results: Results = {
        "edition": edition,
        "department": department,
        "locked_at": iso_utc(locked_at),
        "nominees": sorted(nominees),
    }
    if places is None:
        return results
    return results | {
        "places": [
            {"rank": rank, "teams": sorted(teams)} for rank, teams in sorted(places.items())
        ],
        "special": [{"title": title, "team": team} for title, team in sorted(special)],
    }


def close(results: Results) -> tuple[str, str]:
    """A new salt (32 random bytes in hexadecimal) and the digest."""
    salt = secrets.token_hex(SALT_BYTES)
    return salt, digest(salt, results)


def digest(salt: str, results: Results) -> str:
    return hashlib.sha256(content(salt, results)).hexdigest()


def content(salt: str, results: Results) -> bytes:
    """Two lines, each ended by a line feed."""
    return f"{salt}\n{line(results)}\n".encode()


def line(results: Results) -> str:
    return canonical(results).decode()


def is_intact(salt: str, results: Results, announced: str) -> bool:
    return hmac.compare_digest(digest(salt, results), announced)
