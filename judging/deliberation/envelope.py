"""The sealed envelope: what a jury decided, closed so that it shows if anybody changes it.

At the lock the digest alone is published; once the results are public, the salt and the results
are too. The digest is the SHA-256 of two lines of UTF-8, each ended by a line feed: the salt, and
the results as JSON with its keys in order and no spaces. Anybody can make it again:

    printf '%s\\n' "$SALT" "$RESULTS" | sha256sum

    import hashlib, json
    line = json.dumps(results, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    hashlib.sha256(f"{salt}\\n{line}\\n".encode()).hexdigest()

The salt is what keeps the envelope shut: a department has few possible results, and who could try
them all would read the digest. With 32 bytes from the system nobody can. Everything in the results
is a text or a whole number, so that every program writes the same line.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from hackathon.core.formats import iso_utc

SALT_BYTES = 32

type Results = dict[str, Any]


def results_of(
    *,
    edition: str,
    department: str,
    locked_at: datetime,
    nominees: Iterable[str],
    places: Mapping[int, Iterable[str]],
    special: Iterable[tuple[str, str]] = (),
) -> Results:
    """What goes into the envelope: teams by their names of this instant, equals by the alphabet.

    `edition` is its slug, `department` its code, `places` teams by rank, `special` prize and team.
    """
    return {
        "edition": edition,
        "department": department,
        "locked_at": iso_utc(locked_at),
        "nominees": sorted(nominees),
        "places": [
            {"rank": rank, "teams": sorted(teams)} for rank, teams in sorted(places.items())
        ],
        "special": [{"title": title, "team": team} for title, team in sorted(special)],
    }


def close(results: Results) -> tuple[str, str]:
    """A fresh salt (64 hexadecimal figures) and the digest of the results under it."""
    salt = secrets.token_hex(SALT_BYTES)
    return salt, digest(salt, results)


def digest(salt: str, results: Results) -> str:
    """SHA-256 of what is in the envelope, as 64 hexadecimal figures."""
    return hashlib.sha256(content(salt, results)).hexdigest()


def content(salt: str, results: Results) -> bytes:
    """The two lines that are hashed; a file with these bytes has the digest as its `sha256sum`."""
    return f"{salt}\n{line(results)}\n".encode()


def line(results: Results) -> str:
    """The results as the envelope holds them: JSON, keys in order, no spaces, nothing escaped."""
    return json.dumps(
        results, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    )


def is_intact(salt: str, results: Results, announced: str) -> bool:
    """Whether what is shown is what was announced."""
    return hmac.compare_digest(digest(salt, results), announced)
