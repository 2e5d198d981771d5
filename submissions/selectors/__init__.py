"""Reads of what is asked and of what was received, with the right of access built in.

Where a function takes no user, its caller has checked who asks.
"""

from submissions.selectors.asked import (
    deliverables_of,
    get_deliverable_for,
    get_organized_deliverable,
)
from submissions.selectors.delays import (
    department_window,
    extensions_by_team,
    extensions_of,
    get_extension_for,
    teams_concerned,
    window_of,
    windows_of,
)
from submissions.selectors.received import (
    DeliverableStatus,
    LatestDeposit,
    TeamDeposits,
    TeamProgress,
    Version,
    deliverables_for,
    deposits_by_team,
    deposits_of,
    get_submission_for,
    latest,
    progress,
    version_of,
)

__all__ = [
    "DeliverableStatus",
    "LatestDeposit",
    "TeamDeposits",
    "TeamProgress",
    "Version",
    "deliverables_for",
    "deliverables_of",
    "department_window",
    "deposits_by_team",
    "deposits_of",
    "extensions_by_team",
    "extensions_of",
    "get_deliverable_for",
    "get_extension_for",
    "get_organized_deliverable",
    "get_submission_for",
    "latest",
    "progress",
    "teams_concerned",
    "version_of",
    "window_of",
    "windows_of",
]
