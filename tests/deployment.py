"""The tests of what installs, upgrades, watches, backs up and replaces a server, of old databases
and of a full disk run when what they guard has changed, and with `make test-full`.
"""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Of tests/operations these are about the site itself.
OF_THE_SITE = {
    "test_failed_mails.py",
    "test_health.py",
    "test_preflight.py",
    "test_preflight_lines.py",
    "test_sentry.py",
    "test_settings.py",
    "test_watching.py",
}
GUARDED = (
    "*/migrations/*",
    "Dockerfile",
    "deploy",
    "docker-compose*",
    "docs/fr/installer.md",
    "docs/operations*",
    "hackathon/*.py",
    "hackathon/base/core/database_options.py",
    "hackathon/base/core/metrics.py",
    "hackathon/run/operations",
    "submissions/budget",
    "submissions/deposits",
    "submissions/storage*",
    "submissions/tus",
    "tests/__main__.py",
    "tests/containers",
    "tests/deployment.py",
    "tests/operations",
    "tests/services.py",
    "uv.lock",
)


def modules() -> list[str]:
    found = [p for p in ROOT.glob("tests/operations/test_*.py") if p.name not in OF_THE_SITE]
    return sorted(str(path.relative_to(ROOT)) for path in found)


def unchanged_since() -> str | None:
    """The commit since which nothing that these tests guard has changed; None if something has, or
    if no such commit is known, as in a shallow clone.
    """
    base = landed()
    changed = base and _git("diff", "--name-only", base, "--", *GUARDED)
    return None if changed != "" or _git("ls-files", "-o", "--exclude-standard", *GUARDED) else base


def landed() -> str | None:
    """`CCD_LANDED`, or where the branch left main; none on main itself."""
    if named := os.environ.get("CCD_LANDED"):
        return _git("rev-parse", named)
    head = _git("rev-parse", "HEAD")
    for main in ("origin/main", "main"):
        base = _git("merge-base", "HEAD", main)
        if base and base != head:
            return base
    return None


def number_of_tests() -> int:
    """Of functions: one with parameters counts once."""
    texts = (ROOT.joinpath(name).read_text() for name in modules())
    return sum(len(re.findall(r"^(?:async )?def test_", text, re.M)) for text in texts)


def _git(*arguments: str) -> str | None:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, check=False, capture_output=True, text=True
    )
    return done.stdout.strip() if done.returncode == 0 else None
