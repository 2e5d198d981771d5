"""Bytes that the server knows before they come, without an extra (`submissions.hand_ins`)."""

import hashlib
from datetime import datetime

import pytest

from submissions import hand_ins
from submissions.hand_ins import Claim, Participant
from submissions.models import Deliverable, Submission
from teams.models import Team
from tests.submissions.conftest import PDF

SOURCE = "annonces"


class Announced:
    """What is announced, and what the participant was called with before each commit."""

    def __init__(self) -> None:
        self.claims: list[Claim] = []
        self.kept: list[tuple[Submission, Claim | None]] = []

    def keep(self, submission: Submission, claim: Claim | None) -> None:
        self.kept.append((submission, claim))


def announce(
    patch: pytest.MonkeyPatch,
    team: Team,
    deliverable: Deliverable,
    content: bytes = PDF,
    *,
    at: datetime,
) -> Announced:
    """The edition has its source on."""
    team.edition.extras = [*team.edition.extras, SOURCE]
    team.edition.save()
    announced, digest = Announced(), hashlib.sha256(content).hexdigest()
    announced.claims = [
        Claim(SOURCE, 1, "K7QM2", team.pk, deliverable.pk, len(content), digest, at)
    ]
    participant = Participant(
        SOURCE, claims=lambda teams: announced.claims, before_commit=announced.keep
    )
    patch.setattr(
        hand_ins,
        "participants",
        lambda edition: [participant] if SOURCE in edition.extras else [],
    )
    return announced
