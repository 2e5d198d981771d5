"""Reads of juries, marks, deliberations and results, each with its right of access built in."""

from judging.selectors.afterwards import get_own_marks, may_read_own_marks
from judging.selectors.assignments import final_sheets, get_judged_team, judged_teams, judges
from judging.selectors.ceremony import Shown, ceremony_has_begun, ceremony_remote, ceremony_shown
from judging.selectors.deliberation import (
    decision_of,
    get_decision_reader_for,
    is_locked,
    is_open_to_sign,
    signers_of,
)
from judging.selectors.envelopes import Envelope, envelopes, get_open_envelope
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
from judging.selectors.results import (
    get_picture,
    palmares,
    palmares_with_pictures,
    publication_states,
)
from judging.selectors.sheets import (
    get_submission_for,
    my_teams,
    sheet_page,
)
from judging.selectors.standings import ranking_of

__all__ = [
    "Envelope",
    "JurorProgress",
    "JuryProgress",
    "Shown",
    "ceremony_has_begun",
    "ceremony_remote",
    "ceremony_shown",
    "criteria_of",
    "decision_of",
    "duties_of_jurors",
    "envelopes",
    "final_sheets",
    "get_criterion_of",
    "get_decision_reader_for",
    "get_department_for",
    "get_judged_team",
    "get_juror_for",
    "get_juror_of",
    "get_open_envelope",
    "get_own_marks",
    "get_picture",
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
    "may_read_own_marks",
    "my_teams",
    "palmares",
    "palmares_with_pictures",
    "progress",
    "progress_of",
    "publication_states",
    "ranking_of",
    "scoring_has_begun",
    "sheet_page",
    "signers_of",
]
