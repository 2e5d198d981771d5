from datetime import datetime

from judging.jury.selectors import rules_of
from judging.models import Juror
from judging.plan.offers import offer
from judging.plan.situations import situation_of
from teams.models import Team


def offered_team(juror: Juror, *, at: datetime) -> Team | None:
    """The team that the juror, who has finished, is asked to read as well. The caller has checked
    that the jury is open.
    """
    if not rules_of(juror.department).offers_readings:
        return None
    situation = situation_of(juror.department, at=at)
    pk = offer(situation, juror.pk) if situation else None
    return Team.objects.filter(pk=pk).first() if pk else None
