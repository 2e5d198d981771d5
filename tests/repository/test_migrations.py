"""Sites exist: a migration that has landed is never changed, renamed or removed, unless with its
whole extra.
"""

import hashlib
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("hackathon", "judging", "submissions", "teams")
# As `sha256sum` writes it. A change that adds a migration adds its line.
LANDED = Path(__file__).with_name("migrations.sha256")


def test_every_migration_is_as_it_has_landed():
    lines = dict(reversed(line.split()) for line in LANDED.read_text().splitlines())
    landed = {name: digest for name, digest in lines.items() if not _of_deleted_extra(name)}
    files = [path for name in PACKAGES for path in ROOT.glob(f"{name}/**/migrations/[0-9]*.py")]

    assert files
    found = {str(path.relative_to(ROOT)): _digest(path) for path in files}
    assert found == landed, f"A new migration: sha256sum FILE >> {LANDED.relative_to(ROOT)}"


def _of_deleted_extra(name: str) -> bool:
    folder = ROOT / Path(*Path(name).parts[:3])
    return name.startswith("hackathon/extras/") and not folder.is_dir()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
