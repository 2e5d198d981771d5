"""Lines by kind, against the budgets of decision 38."""

import re

import pytest

from bench.lines import counted
from tests.sources import ROOT

DECISION = ROOT / "docs" / "decisions" / "0038-plain-code.md"
TOLERANCE = 1.02
ROW = re.compile(r"^\| ([^|]+?) \| ([\d,]+) \| ([\d,]+) \|$", re.MULTILINE)

BUDGETS = {
    kind: int(budget.replace(",", "")) for kind, budget, _aim in ROW.findall(DECISION.read_text())
}
LINES = counted(ROOT)


def test_every_kind_has_a_budget():
    assert BUDGETS.keys() == LINES.keys() - {"migrations"}


@pytest.mark.parametrize("kind", BUDGETS)
def test_no_budget_is_passed(kind):
    """Cut before you go on. Who raises a budget says in the decision what for."""
    assert LINES[kind] <= BUDGETS[kind] * TOLERANCE
