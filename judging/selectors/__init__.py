"""Reads of juries, marks, deliberations and results, each with its right of access built in."""

from judging.selectors.assignments import final_sheets, get_judged_team, judged_teams, judges
from judging.selectors.deliberation import (
    decision_of,
    get_decision_reader_for,
    is_locked,
    ranking_of,
)
from judging.selectors.juries import (
    JurorProgress,
    JuryProgress,
    criteria_of,
    duties_of_jurors,
    get_criterion_of,
    get_department_for,
    get_juror_for,
    get_juror_of,
    get_president_for,
    is_president,
    juries_of,
    juror_of_badge,
    jurors_of,
    jury_of,
    progress,
    progress_of,
    scoring_has_begun,
    seats_at,
)
from judging.selectors.results import palmares, publication_states
from judging.selectors.sheets import (
    get_submission_for,
    my_teams,
    sheet_page,
)

__all__ = [
    "JurorProgress",
    "JuryProgress",
    "criteria_of",
    "decision_of",
    "duties_of_jurors",
    "final_sheets",
    "get_criterion_of",
    "get_decision_reader_for",
    "get_department_for",
    "get_judged_team",
    "get_juror_for",
    "get_juror_of",
    "get_president_for",
    "get_submission_for",
    "is_locked",
    "is_president",
    "judged_teams",
    "judges",
    "juries_of",
    "juror_of_badge",
    "jurors_of",
    "jury_of",
    "my_teams",
    "palmares",
    "progress",
    "progress_of",
    "publication_states",
    "ranking_of",
    "scoring_has_begun",
    "seats_at",
    "sheet_page",
]
