"""`python -m bench.proofs`: all proofs of a seal of 1,200 teams with five deposits each, from its
stored manifests (no database).
"""

import argparse
import hashlib
import os
import time
from datetime import UTC, datetime
from typing import Any

import django

DEPARTMENTS = 5
DEPOSITS = 5
INSTANT = "2026-11-28T22:00:00Z"


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.proofs")
    options.add_argument("--teams", type=int, default=1200)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "hackathon.settings"
    django.setup()
    from submissions.models import Seal
    from submissions.seals import leaves
    from submissions.seals.proofs import SealTree

    share = chosen.teams // DEPARTMENTS
    manifests = [manifest(code, share) for code in range(DEPARTMENTS)]
    head = {"format": leaves.FORMAT, "departments": []}
    digest = leaves.digest_of(head, manifests)
    seal = Seal(manifest=head, digest=digest, as_of=datetime(2026, 11, 28, 22, tzinfo=UTC))
    parts = [Seal(manifest=each) for each in manifests]
    times = []
    for _round in range(chosen.rounds):
        begun = time.perf_counter()
        tree = SealTree(seal, parts)
        assert tree.is_intact
        proofs = [tree.proof(index) for index in tree.indices.values()]
        times.append(time.perf_counter() - begun)
    assert len(proofs) == share * DEPARTMENTS * DEPOSITS
    slowest = max(times) * 1000
    print(
        f"{len(proofs)} proofs of {len(tree.leaves)} leaves: {min(times) * 1000:.0f} ms", end=", "
    )
    print(f"slowest {slowest:.0f} ms; a path has up to {max(len(p.path) for p in proofs)} hashes")


def manifest(department: int, teams: int) -> dict[str, Any]:
    return {
        "format": 2,
        "edition": "ccd",
        "department": f"D{department}",
        "moment": "deadline",
        "as_of": INSTANT,
        "due_at": None,
        "secret": hashlib.sha256(bytes([department])).hexdigest(),
        "teams": [team(department * teams + number) for number in range(teams)],
    }


def team(number: int) -> dict[str, Any]:
    deposits = [
        {
            "deliverable": deliverable,
            "name": f"Livrable {deliverable}",
            "version": 1,
            "received_at": INSTANT,
            "mark": "on_time",
            "size": 150_000_000,
            "sha256": hashlib.sha256(f"{number}/{deliverable}".encode()).hexdigest(),
            "receipt": f"{number:05}K7QM2",
        }
        for deliverable in range(DEPOSITS)
    ]
    return {"team": number, "name": f"Équipe {number}", "deadline_at": INSTANT} | {
        "deposits": deposits
    }


if __name__ == "__main__":
    main()
