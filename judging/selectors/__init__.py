"""Reads of juries, marks, deliberations and results, each with its right of access built in."""

from judging.selectors.assignments import final_sheets, get_judged_team, judged_teams, judges
from judging.selectors.deliberation import (
    decision_of,
    get_decision_reader_for,
    is_locked,
    is_open_to_sign,
    signers_of,
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
    jurors_of,
    jury_of,
    progress,
    progress_of,
    scoring_has_begun,
)
from judging.selectors.results import palmares, publication_states
from judging.selectors.sheets import (
    get_submission_for,
    my_teams,
    sheet_page,
)
from judging.selectors.standings import ranking_of

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
    "is_open_to_sign",
    "is_president",
    "judged_teams",
    "judges",
    "juries_of",
    "jurors_of",
    "jury_of",
    "my_teams",
    "palmares",
    "progress",
    "progress_of",
    "publication_states",
    "ranking_of",
    "scoring_has_begun",
    "sheet_page",
    "signers_of",
]
