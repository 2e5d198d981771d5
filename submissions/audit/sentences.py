"""How findings name instants, marks and people."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from hackathon.core.formats import clock_seconds, date_text
from hackathon.editions.models import Edition
from submissions.enums import Punctuality
from submissions.models import Extension, Submission
from teams.models import Team


def instant(at: datetime | str, edition: Edition) -> str:
    """« 13 février à 23:00:00 » in the edition's zone."""
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    day, time = date_text(at, "j F", edition.zone), clock_seconds(at, edition.zone)
    return _("{day} à {time}").format(day=day, time=time)


def mark_words(mark: str) -> str:
    """« à l’heure »."""
    return str(Punctuality(mark).label)


def delays_since(
    delays: Iterable[Extension], team_pk: int, as_of: datetime, edition: Edition
) -> str:
    """Which delays of this team or its department were granted or revoked after `as_of`."""
    department = Team.objects.filter(pk=team_pk).values_list("department", flat=True).first()
    said = []
    for delay in delays:
        if delay.team_id != team_pk and delay.department_id != department:
            continue
        given = {"minutes": delay.minutes, "reason": delay.reason}
        if delay.granted_at > as_of:
            granted = _("Délai de {minutes} min accordé le {at} par {by} : {reason}.")
            by, at = delay.granted_by.display_name, instant(delay.granted_at, edition)
            said.append(granted.format(**given, by=by, at=at))
        if delay.revoked_at is not None and delay.revoked_by and delay.revoked_at > as_of:
            revoked = _("Délai de {minutes} min retiré le {at} par {by} : {reason}.")
            by, at = delay.revoked_by.display_name, instant(delay.revoked_at, edition)
            said.append(revoked.format(**given, by=by, at=at))
    return " ".join(said)


def who_entered(submission: Submission | None) -> str:
    """« (saisie par Eve : clé USB) » for what an organizer entered; empty for all else."""
    if submission is None or not submission.entry_reason:
        return ""
    return _(" (saisie par {by} : {reason})").format(
        by=submission.submitted_by.display_name, reason=submission.entry_reason
    )
