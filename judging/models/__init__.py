from judging.models.ceremony import Ceremony
from judging.models.decisions import Award, Deliberation, Nomination, Signature
from judging.models.juries import Assignment, Criterion, Juror, JuryRules, Recusal
from judging.models.sheets import Score, ScoreSheet, SheetChange

__all__ = [
    "Assignment",
    "Award",
    "Ceremony",
    "Criterion",
    "Deliberation",
    "Juror",
    "JuryRules",
    "Nomination",
    "Recusal",
    "Score",
    "ScoreSheet",
    "SheetChange",
    "Signature",
]
