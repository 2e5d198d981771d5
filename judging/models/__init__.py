from judging.models.ceremony import Ceremony, CeremonyMessage
from judging.models.decisions import (
    Award,
    ComparisonConsent,
    Deliberation,
    Nomination,
    NominationSeal,
    Signature,
)
from judging.models.hearings import PassageCriterion, PassageMark
from judging.models.juries import Assignment, Badge, Criterion, Juror, JuryRules, Recusal
from judging.models.sheets import Score, ScoreSheet, SheetChange
from judging.models.visits import Flag, Skip

__all__ = [
    "Assignment",
    "Award",
    "Badge",
    "Ceremony",
    "CeremonyMessage",
    "ComparisonConsent",
    "Criterion",
    "Deliberation",
    "Flag",
    "Juror",
    "JuryRules",
    "Nomination",
    "NominationSeal",
    "PassageCriterion",
    "PassageMark",
    "Recusal",
    "Score",
    "ScoreSheet",
    "SheetChange",
    "Signature",
    "Skip",
]
