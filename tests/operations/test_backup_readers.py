"""A backup has everything about everybody: nobody but its owner reads it."""

import os
from pathlib import Path

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_backup_is_closed_to_other_accounts_of_the_machine(world, tmp_path):
    directory, passphrase = tmp_path / "backups", tmp_path / "passphrase"
    directory.mkdir(mode=0o755)  # as an administrator makes it
    passphrase.write_text("the cat sleeps on the server")
    former = os.umask(0o022)
    try:
        call_command("backup", str(directory), f"--passphrase-file={passphrase}")
    finally:
        os.umask(former)
    files = [path for path in directory.rglob("*") if path.is_file()]

    def is_closed(path: Path) -> bool:
        """The file, or a directory on the way to it."""
        way = [path, *path.parents][: len(path.relative_to(directory).parts)]
        return any(step.stat().st_mode & 0o077 == 0 for step in way)

    assert {path.name for path in files} >= {"secrets.enc", "backup.json"}
    assert len(files) > 4
    assert [path for path in files if not is_closed(path)] == []
