"""`python -m bench.call_paths`: the modules that four writes pass through, one a line, in the order
of their first call, each with how often it is called from another one.
"""

import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    paths = Path(__file__).parent / "test_paths.py"
    sys.exit(pytest.main(["-n0", "-s", "--log-level=ERROR", str(paths)]))
