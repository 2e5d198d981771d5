from judging.models.ceremony import Ceremony
from judging.models.decisions import (
    Award,
    ComparisonConsent,
    Deliberation,
    Nomination,
    Signature,
)
from judging.models.juries import Assignment, Badge, Criterion, Juror, JuryRules, Recusal
from judging.models.sheets import Score, ScoreSheet, SheetChange
from judging.models.visits import Flag, Skip

__all__ = [
    "Assignment",
    "Award",
    "Badge",
    "Ceremony",
    "ComparisonConsent",
    "Criterion",
    "Deliberation",
    "Flag",
    "Juror",
    "JuryRules",
    "Nomination",
    "Recusal",
    "Score",
    "ScoreSheet",
    "SheetChange",
    "Signature",
    "Skip",
]
