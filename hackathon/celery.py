import os
import re

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hackathon.settings")

TRANSPORT_ALIASES["redis"] = TRANSPORT_ALIASES["rediss"] = (
    "hackathon.run.operations.broker:Transport"
)


class Application(Celery):
    def gen_task_name(self, name: str, module: str) -> str:
        """Without the folder: queued messages and failed mails outlive an upgrade."""
        return super().gen_task_name(name, FOLDER.sub("hackathon.", module))


FOLDER = re.compile(r"^hackathon\.(base|event|day|run)\.")
app = Application("hackathon")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_ignore_result = True
app.conf.task_acks_late = True
app.conf.task_publish_retry = False  # `core.background` tries again
app.conf.broker_connection_retry_on_startup = True
app.conf.broker_connection_max_retries = None  # a worker waits for Redis without limit
app.conf.task_reject_on_worker_lost = True  # of a child that was killed: queued again at once
# Queues of their own, so that periodic tasks (seals) and mail that people wait for (sign-in codes)
# are not delayed by file inspections. A worker takes from its queues in turn, one task at a time;
# in production `mail` has a worker of its own. A smaller priority comes first (Redis keeps a list
# for each of 0, 3, 6 and 9).
app.conf.task_queues = {"celery": {}, "clock": {}, "mail": {}}
app.conf.task_routes = {
    "*.periodic.*": {"queue": "clock"},
    "hackathon.accounts.tasks.deliver": {"queue": "mail"},
    "submissions.inspection.tasks.*": {"priority": 6},
    "*.tasks.*": {"priority": 3},
}
app.conf.worker_prefetch_multiplier = 1
app.conf.worker_consumer = "hackathon.run.operations.consumer:Consumer"
app.conf.beat_scheduler = "hackathon.run.operations.scheduler.Scheduler"
app.conf.beat_schedule = {  # and those of extras (`core.apps`)
    "conclude": {"task": "submissions.periodic.conclude_whole_uploads", "schedule": 20.0},
    "forget": {"task": "submissions.periodic.forget_uploads", "schedule": 600.0},
    "disk": {"task": "submissions.periodic.watch_disk", "schedule": 60.0},
    "announce": {
        "task": "hackathon.announcements.periodic.push_due_announcements",
        "schedule": 2.0,
    },
    "announcement-mails": {
        "task": "hackathon.announcements.periodic.mail_forgotten",
        "schedule": 300.0,
    },
    "invitations": {"task": "teams.periodic.send_due_invitations", "schedule": 2.0},
    "briefs": {"task": "teams.periodic.push_due_briefs", "schedule": 5.0},
    "notices": {"task": "hackathon.editions.periodic.give_notices", "schedule": 5.0},
    "seal": {"task": "submissions.periodic.seal_due", "schedule": 10.0},
    "inspect": {"task": "submissions.periodic.inspect_forgotten", "schedule": 60.0},
    "copies": {
        "task": "submissions.inspection.tasks.copy_videos",
        "schedule": 30.0,
        "options": {"priority": 9, "expires": 25},
    },
    "mail": {"task": "submissions.periodic.mail_forgotten", "schedule": 300.0},
    "digests": {"task": "submissions.periodic.send_digests", "schedule": 300.0},
    "reminders": {"task": "submissions.periodic.remind_silent_teams", "schedule": 20.0},
    "drafts": {"task": "hackathon.imports.periodic.forget_drafts", "schedule": 3600.0},
    "heartbeats": {"task": "hackathon.operations.periodic.forget_heartbeats", "schedule": 3600.0},
    "backup": {"task": "hackathon.operations.periodic.back_up_if_due", "schedule": 60.0},
    "credentials": {
        "task": "hackathon.accounts.periodic.forget_credentials",
        "schedule": 3600.0,
    },
    "anonymise": {"task": "hackathon.privacy.periodic.anonymise_due", "schedule": 3600.0},
    "unused": {"task": "hackathon.privacy.periodic.close_unused", "schedule": 3600.0},
    "prune": {"task": "hackathon.core.tasks.prune", "schedule": 3600.0},
    "messages": {"task": "hackathon.live.periodic.forget_messages", "schedule": 3600.0},
}
app.autodiscover_tasks()
app.autodiscover_tasks(["submissions.inspection", "submissions.receipts", "submissions.seals"])
app.autodiscover_tasks(related_name="periodic")
