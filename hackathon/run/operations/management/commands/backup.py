from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from hackathon.base.core import clock
from hackathon.run.operations.backup import services
from hackathon.run.operations.backup.errors import BackupError
from hackathon.run.operations.backup.secrets import read_passphrase


class Command(BaseCommand):
    """Exit code 1 if a file is missing or is not what its receipt says."""

    help = "Back up database, files and settings while the site runs. See docs/operations.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path)
        parser.add_argument("--passphrase-file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        file = options["passphrase_file"]
        try:
            passphrase = read_passphrase(file) if file else ""
            report = services.backup(
                options["directory"].resolve(),
                passphrase,
                at=clock.now(),
                say=self.stderr.write,
            )
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        if not passphrase:
            self.stderr.write(
                "Without --passphrase-file the secret key and the settings are not in the backup. "
                "Keep them elsewhere: without the key every receipt looks altered."
            )
        for key in report.missing:
            self.stderr.write(f"missing: {key}")
        for key in report.altered:
            self.stderr.write(f"not what its receipt says: {key}")
        self.stdout.write(
            f"{report.path}: {report.files} files, {report.copied_bytes} bytes copied"
        )
        if report.missing or report.altered:
            raise SystemExit(1)
