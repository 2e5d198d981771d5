import os
import subprocess
import sys
from pathlib import Path

from tests.run_directory import once_per_run

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "hackathon" / "static"
COLLECT = """
from django.conf import settings
from django.core.management import call_command
settings.STATICFILES_DIRS = [{source!r}, *settings.STATICFILES_DIRS[1:]]
call_command("collectstatic", interactive=False, verbosity=0)
"""


def static_files() -> Path:
    """Collected once per run: bundling and compressing takes 5 s."""
    return once_per_run("static", collect)


def collect(directory: Path, source: Path = SOURCE) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith(("CCD_", "DJANGO_"))}
    env |= {"CCD_STATIC_ROOT": str(directory), "CCD_DATA_DIR": f"{directory}-data"}
    code = COLLECT.format(source=str(source))
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
    subprocess.run(command, cwd=ROOT, env=env, check=True)
