"""What a jury decides."""

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.errors import check
from hackathon.editions.models import Department, Edition
from hackathon.editions.services import editions
from judging import envelope, live, rules
from judging.enums import SheetState
from judging.models import Award, Deliberation, Juror, Nomination, ScoreSheet
from judging.selectors import is_locked, is_president, publication_states
from judging.selectors.envelopes import results_to_seal
from judging.services import locks
from teams.models import Team


@transaction.atomic
def decide(
    *,
    department: Department,
    nominees: Collection[int],
    places: Mapping[int, int],
    by: User,
    at: datetime,
) -> Deliberation:
    """Replace the draft. `places` is by team id; equal places are ex aequo, gaps are closed up.

    The journal says that something was decided, never what.
    """
    department = locks.jury(department.pk)
    _check(department, by, at)
    teams = {team.pk: team for team in Team.objects.filter(department=department)}
    decided = rules.decision(nominees, places)
    check(rules.decision_refusal(decided, teams))
    deliberation, _ = Deliberation.objects.get_or_create(department=department)
    Nomination.objects.filter(deliberation=deliberation).delete()
    Award.objects.filter(deliberation=deliberation).delete()
    Nomination.objects.bulk_create(
        Nomination(deliberation=deliberation, team=teams[pk]) for pk in sorted(decided.nominees)
    )
    Award.objects.bulk_create(
        Award(deliberation=deliberation, team=teams[pk], rank=rank)
        for pk, rank in sorted(decided.ranks.items())
    )
    journal.record("deliberation.drafted", deliberation, by=by, at=at)
    return deliberation


@transaction.atomic
def lock(*, department: Department, by: User, at: datetime) -> Deliberation:
    """Make the draft final. With the last department that has teams the edition is deliberated."""
    edition = locks.edition(department.edition_id)
    department = locks.jury(department.pk)
    _check(department, by, at)
    deliberation, _ = Deliberation.objects.get_or_create(department=department)
    winners = Award.objects.filter(deliberation=deliberation).count()
    teams = Team.objects.filter(department=department).count()
    check(rules.lock_refusal(edition, winners=winners, teams=teams))
    deliberation.locked_at = at
    deliberation.locked_by = by
    results = results_to_seal(deliberation)
    deliberation.record = {**deliberation.record, "results": results}
    deliberation.salt, deliberation.digest = envelope.close(results)
    deliberation.save(update_fields=["locked_at", "locked_by", "record", "salt", "digest"])
    # The digest is public from here on, also after a reopening: it was on the projector.
    journal.record("deliberation.locked", deliberation, by=by, at=at, digest=deliberation.digest)
    live.deliberation_locked(department, deliberation.digest, at=at)
    if _all_locked(edition):
        editions.mark_deliberated(edition=edition, at=at)
    return deliberation


def _check(department: Department, by: User, at: datetime) -> None:
    jurors = Juror.objects.seated().filter(department=department)
    final = ScoreSheet.objects.filter(juror__in=jurors, state=SheetState.FINAL).count()
    check(
        rules.deliberation_refusal(
            department.edition,
            president=is_president(by, department),
            locked=is_locked(department),
            final_sheets=final,
            at=at,
        )
    )


def _all_locked(edition: Edition) -> bool:
    return all(state.deliberation is not None for state in publication_states(edition))
