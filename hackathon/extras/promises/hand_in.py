"""What a hand-in is told of promises, and what they are told of it (`submissions.hand_ins`)."""

from collections.abc import Iterable
from datetime import datetime

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.extras.promises.models import Promise
from submissions.hand_ins import Claim, Participant
from submissions.models import Submission
from teams.models import Team

SOURCE = "promises"  # also in the manifests of seals


def claims(teams: Iterable[Team]) -> list[Claim]:
    return [
        Claim(
            SOURCE,
            promise.pk,
            promise.code,
            promise.team_id,
            promise.deliverable_id,
            promise.size,
            promise.digest,
            promise.received_at,
            promise.kept_by_id,
        )
        for promise in Promise.objects.filter(team__in=teams)
    ]


def keep(submission: Submission, claim: Claim | None) -> None:
    if claim is None or claim.source != SOURCE:
        return
    promise = Promise.objects.select_related("deliverable").get(pk=claim.pk)
    promise.kept_by = submission
    promise.save(update_fields=["kept_by"])
    record("promise.kept", promise, by=submission.submitted_by, at=submission.received_at)


PARTICIPANT = Participant(SOURCE, claims, keep)


def record(act: str, promise: Promise, *, by: User | None, at: datetime) -> None:
    journal.record(
        act,
        promise,
        by=by,
        at=at,
        team=promise.team_id,
        deliverable=promise.deliverable_id,
        name=promise.deliverable.name,
        code=promise.spoken_code,
    )
