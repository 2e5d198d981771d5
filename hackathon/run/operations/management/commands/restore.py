import shlex
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from hackathon.event.editions.models import Edition
from hackathon.run.operations.backup import services
from hackathon.run.operations.backup.errors import BackupError
from hackathon.run.operations.backup.secrets import read_passphrase


class Command(BaseCommand):
    """Exit code 1 if the backup could not be restored (then nothing was changed), or if a check
    afterwards found something that was wrong in the backed up site already.
    """

    help = (
        "Restore a backup into an empty installation, or the files of an existing database, "
        "then check deposits and seals."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path)
        parser.add_argument("--passphrase-file", type=Path)
        parser.add_argument("--backup", metavar="NAME", help="the last one, if not given")
        parser.add_argument(
            "--files-only",
            action="store_true",
            help="only put back the files that this database names and that are missing, "
            "from backups or from a copy of deploy/copy-away",
        )
        parser.add_argument(
            "--show-settings",
            action="store_true",
            help="print the settings at the time of the backup, change nothing",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        directory, file = options["directory"].resolve(), options["passphrase_file"]
        try:
            passphrase = read_passphrase(file) if file else ""
            if options["show_settings"]:
                values = services.shown_settings(directory, passphrase, options["backup"])
                for name, value in sorted(values.items()):
                    self.stdout.write(f"{name}={shlex.quote(value)}")
                return
            if options["files_only"]:
                self._restore_files(directory)
                return
            report = services.restore(
                directory, passphrase, name=options["backup"], say=self.stderr.write
            )
        except (BackupError, OSError) as error:
            raise CommandError(f"{error}\nNothing was restored.") from error
        self.stdout.write(
            f"Restored: {report.files} files, the state of {report.made_at}. "
            f"{report.forgotten_uploads} uploads that were in progress begin again."
        )
        self._check()

    def _restore_files(self, directory: Path) -> None:
        """What is still missing, `check-deposits` names with its team."""
        report = services.restore_files(directory, say=self.stderr.write)
        for name in report.missing:
            self.stderr.write(f"missing: {name}")
        self.stdout.write(f"{report.put_back} files put back, {len(report.missing)} are missing.")
        self._check()

    def _check(self) -> None:
        failed = False
        checks: list[tuple[str, dict[str, str]]] = [("check-deposits", {})]
        checks += [("verify-seal", {"edition": edition.slug}) for edition in Edition.objects.all()]
        for name, options in checks:
            self.stdout.write(" ".join([name, *options.values()]))
            try:
                call_command(name, stdout=self.stdout, stderr=self.stderr, **options)
            except SystemExit:
                failed = True
        if failed:
            raise SystemExit(1)
