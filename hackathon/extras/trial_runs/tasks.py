import atexit
import subprocess
import sys
from threading import Thread

from celery import shared_task
from django.conf import settings


@shared_task
def run_small(pk: int) -> None:
    """In a process of its own, and without waiting for it: its clients need a processor, and this
    worker has to do the work that the rehearsal looks for. It ends with `make run`; then
    `services.end_interrupted` shows the edition again.
    """
    command = [sys.executable, "manage.py", "rehearse", "--small", str(pk)]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR)  # noqa: S603 - it is ours
    atexit.register(process.terminate)
    Thread(target=process.wait, daemon=True).start()
