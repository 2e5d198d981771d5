"""A PostgreSQL with a migrated database, made once per run: migrating takes 5 s."""

import os
import subprocess
import sys
from pathlib import Path

from tests import services
from tests.run_directory import once_per_run

ROOT = Path(__file__).parent.parent
NAME = "ccd"
# The garbage collector takes a third of the time of migrations.
MIGRATE = """
import gc
from django.core.management import execute_from_command_line
gc.disable()
execute_from_command_line(["manage.py", "migrate", "-v0"])
"""


def migrated_postgres() -> Path:
    """The files of one that has stopped, for `services.Postgres`; it has the database `NAME`."""
    return once_per_run("postgres", _migrate) / "data"


def _migrate(directory: Path) -> None:
    with services.Postgres() as server:
        server.start()
        server.create(NAME)
        own = {
            "CCD_DATABASE_URL": server.url.replace("/postgres", f"/{NAME}"),
            "CCD_DATA_DIR": str(directory / "site"),
            "DJANGO_SETTINGS_MODULE": "hackathon.settings",
        }
        outside = {k: v for k, v in os.environ.items() if not k.startswith(("CCD_", "DJANGO_"))}
        command = [sys.executable, "-c", MIGRATE]
        subprocess.run(command, cwd=ROOT, env={**outside, **own}, check=True)
        server.stop()
        subprocess.run(["cp", "-a", server.data, directory], check=True)
