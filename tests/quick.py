"""What `make test-quick` runs: all contracts, and the tests of the packages that have changed."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Each names what is missing: an address without its readers, a message without its part, an act
# without its sentence, a refusal, a field with personal data, a text without its translation.
CONTRACTS = (
    "tests/test_*.py",
    "tests/repository",
    "tests/journal",
    "tests/**/test_refusals.py",
    "tests/core/test_personal_data.py",
    "tests/privacy",
    "tests/site/test_clock_contract.py",
    "tests/site/test_fragments_secret.py",
    "tests/site/test_live_contract*.py",
)
# The same requests a second time, after the publication: a third of the time of all contracts.
FOLDERS = ("base", "event", "day", "run")
LEFT_OUT = (
    "tests/test_access.py::test_who_reads[published]",
    "tests/test_access.py::test_who_writes[published]",
)


def arguments() -> list[str]:
    """For pytest: contracts and folders, none of them in another."""
    wanted = {path for pattern in CONTRACTS for path in ROOT.glob(pattern)}
    wanted |= tests_of(changed_files())
    outermost = {path for path in wanted if wanted.isdisjoint(path.parents)}
    left_out = [f"--deselect={nodeid}" for nodeid in LEFT_OUT]
    return left_out + sorted(str(path.relative_to(ROOT)) for path in outermost)


def changed_files() -> list[str]:
    """Since the branch left main, with what is not committed."""
    base = _git("merge-base", "HEAD", "main") or ["HEAD"]
    return _git("diff", "--name-only", *base) + _git("ls-files", "--others", "--exclude-standard")


def tests_of(changed: Iterable[str]) -> set[Path]:
    """Of `judging/plan/services.py`: `tests/judging/plan`, or `tests/judging` if it is not there.

    The same of its templates. A module of tests is run itself, what is beside it with its folder.
    """
    found = set()
    for name in changed:
        parts = Path(name).parts
        if parts[0] in ("hackathon", "templates", "tests"):
            parts = parts[2:] if parts[1] in FOLDERS else parts[1:]
        candidates = (ROOT / "tests" / Path(*parts[:n]) for n in range(len(parts), 0, -1))
        path = next((path for path in candidates if _has_tests(path)), None)
        found |= {path} if path else set()
    return found


def _has_tests(path: Path) -> bool:
    return path.is_dir() or (path.is_file() and path.name.startswith("test_"))


def _git(*arguments: str) -> list[str]:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, check=False, capture_output=True, text=True
    )
    return done.stdout.split("\n")[:-1]
