"""The sealed envelope: a commitment to a jury's results, so that a later change shows.

At the lock only the digest is published, with the results also the salt. The digest is the SHA-256
of two lines of UTF-8, each ended by a line feed: the salt, and the results as JSON with sorted keys
and no spaces. Anybody can compute it:

    printf '%s\\n' "$SALT" "$RESULTS" | sha256sum

    import hashlib, json
    line = json.dumps(results, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    hashlib.sha256(f"{salt}\\n{line}\\n".encode()).hexdigest()

The salt (32 random bytes) keeps the results secret: a department has so few possible results that
without it they could be found by trying them all. The results hold only texts and whole numbers, so
that every JSON library writes the same line.
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
    """Teams are given by their names, which are sorted among equals. `edition` is its slug,
    `department` its code, `places` maps a rank to teams, `special` has pairs of prize and team.
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
    """A new salt (64 hexadecimal digits) and the digest of the results with it."""
    salt = secrets.token_hex(SALT_BYTES)
    return salt, digest(salt, results)


def digest(salt: str, results: Results) -> str:
    return hashlib.sha256(content(salt, results)).hexdigest()


def content(salt: str, results: Results) -> bytes:
    """The bytes that are hashed: `sha256sum` of a file with this content is the digest."""
    return f"{salt}\n{line(results)}\n".encode()


def line(results: Results) -> str:
    return json.dumps(
        results, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    )


def is_intact(salt: str, results: Results, announced: str) -> bool:
    return hmac.compare_digest(digest(salt, results), announced)
