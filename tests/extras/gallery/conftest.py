"""Teams of which all members agree that their works are shown."""

from datetime import timedelta

import pytest
from django.test import Client

from hackathon.base.core.received_files import received_file
from hackathon.event.editions.models import Department, Edition
from judging.deliberation import envelope
from judging.models import Award, Deliberation, Nomination
from submissions.deposits import services as deposits
from submissions.inspection import services as inspections
from submissions.inspection.result import Result
from submissions.models import Deliverable, Submission
from teams.models import Team
from tests.conftest import DEADLINE, NOON
from tests.judging.conftest import MORNING, NIGHT
from tests.teams.works import agree

OPEN = DEADLINE + timedelta(minutes=10)  # the end of the grace
LATER = MORNING + timedelta(minutes=5)  # the results are published
PICTURE = b"RIFF picture"


def hand_in(team: Team, deliverable: Deliverable, name: str = "dossier.pdf") -> Submission:
    """A PDF with a picture of its first page."""
    by = team.memberships.select_related("user")[0].user
    submission = deposits.deposit(
        deliverable,
        team,
        file=received_file(f"%PDF-1.4 {team.name}".encode(), name),
        begun_at=NOON,
        by=by,
        at=NOON,
    )
    assert submission is not None
    inspections.record(submission, Result({"type": "pdf", "pages": 1}, thumbnail=PICTURE), at=NOON)
    return Submission.objects.get(pk=submission.pk)


@pytest.fixture
def shown(comunik, dossier) -> Submission:
    """Com’unik has handed in a PDF, and Ada and Ben agree to everybody."""
    submission = hand_in(comunik, dossier)
    agree(comunik)
    return submission


@pytest.fixture
def locked(infocom, comunik, diane) -> Department:
    """The jury has decided that Com’unik has the first prize."""
    results = envelope.results_of(
        edition=infocom.edition.slug,
        department=infocom.code,
        locked_at=NIGHT,
        nominees=[comunik.name],
        places={1: [comunik.name]},
    )
    salt, digest = envelope.close(results)
    decision = Deliberation.objects.create(
        department=infocom,
        locked_at=NIGHT,
        locked_by=diane.user,
        salt=salt,
        digest=digest,
        record={"results": results},
    )
    Nomination.objects.create(deliberation=decision, team=comunik)
    Award.objects.create(deliberation=decision, team=comunik, rank=1)
    return infocom


def publish(edition: Edition) -> None:
    Edition.objects.filter(pk=edition.pk).update(deliberated_at=NIGHT, results_published_at=MORNING)


@pytest.fixture
def published(edition, shown, locked) -> Submission:
    publish(edition)
    return shown


def status_of(browser: Client, address: str) -> int:
    answer = browser.get(address)
    if answer.streaming:
        list(answer.streaming_content)  # to the end, which closes the file
    return answer.status_code
