"""What is known of the 9th Crazy Charly Day, and names to fill it with."""

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def facts() -> dict[str, Any]:
    """The content of `edition.json`: edition, milestones, departments, criteria, names."""
    return json.loads((Path(__file__).parent / "edition.json").read_text())
