"""What the processes behind the pages did during a rehearsal: what `/readyz` says of them, and what
they left in the database and in the queues.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import httpx
from django.conf import settings
from django.db.models import Q
from redis.exceptions import RedisError

from hackathon.base.core import clock
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import grace_ends_at
from hackathon.extras.trial_runs.enums import Part
from hackathon.run.operations import running
from hackathon.run.operations.queues import queues
from hackathon.run.page_client.client import Notes
from submissions.enums import Health
from submissions.models import Receipt, Seal, Submission
from submissions.seals.rules import SETTLE, due_seals

WITHIN_SECONDS = 60.0
LOOK_SECONDS = 0.5
READY_TIMEOUT_SECONDS = 15.0  # longer than `/readyz` waits for anything


@dataclass(frozen=True)
class Finding:
    """`problem`: empty if the part works."""

    part: Part
    problem: str = ""

    @property
    def is_good(self) -> bool:
        return not self.problem

    @property
    def title(self) -> str:
        return TITLES[self.part]

    @property
    def remedy(self) -> str:
        """What to type and to read, on one line."""
        if self.part in SERVICES:
            names = SERVICES[self.part]
            commands = [running.logs(*names), running.restart(*names)]
        else:
            commands = [running.state(), "what each word means: docs/operations.md, Health checks"]
        return "; ".join(filter(None, commands)).replace("\n", ", then ")


TITLES = {
    Part.BEFORE: "/readyz before the rehearsal",
    Part.LIVE: "sockets of open pages (live)",
    Part.SEALS: "seals of the deadline and the grace (beat, worker)",
    Part.INSPECTIONS: "inspections of deposits (worker)",
    Part.RECEIPTS: "mails of receipts (worker)",
    Part.CODES: "mail of a sign-in code (mail)",
    Part.AFTER: "/readyz after the rehearsal",
}
# What a part needs. The others are answers of the whole site.
SERVICES = {
    Part.LIVE: ("live",),
    Part.SEALS: ("beat", "worker"),
    Part.INSPECTIONS: ("worker",),
    Part.RECEIPTS: ("worker",),
    Part.CODES: ("mail",),
}


def ready(part: Part, url: str, *, insecure: bool) -> Finding:
    """What is away or silent, by name. `url`: of the site, as people open it."""
    return Finding(part, _not_ready(url, insecure=insecure))


def _not_ready(url: str, *, insecure: bool) -> str:
    try:
        answer = httpx.get(
            f"{url}/readyz", verify=not insecure, timeout=READY_TIMEOUT_SECONDS, trust_env=False
        )
    except httpx.HTTPError as error:
        return f"no answer: {type(error).__name__}"
    try:
        checks = answer.json()["checks"]
    except (ValueError, LookupError, TypeError):
        return f"answered {answer.status_code}, and not what is well"
    wrong = {name: check["error"] for name, check in checks.items() if not check["ok"]}
    return "; ".join(f"{name}: {error}" for name, error in wrong.items())


def findings(edition: Edition, notes: Notes, *, within: float) -> list[Finding]:
    """Waits until nothing is missing: seals `within` seconds after they are due, everything else
    `within` seconds from now.
    """
    seals_due_at = grace_ends_at(edition) + SETTLE
    until = max(clock.now(), seals_due_at) + timedelta(seconds=within)
    while True:
        found = list(_found(edition, notes))
        if clock.now() >= until or all(finding.is_good for finding in found):
            return found
        time.sleep(LOOK_SECONDS)


def _found(edition: Edition, notes: Notes) -> Iterator[Finding]:
    yield Finding(Part.LIVE, "" if notes.sockets_opened else "no page got a socket")
    over_all = Seal.objects.filter(edition=edition, department=None, due_at=None)
    made = set(over_all.values_list("moment", "as_of"))
    # The extension of a rehearsal ends after it: its seal is not waited for.
    due = due_seals(edition, [], [])
    missing = [seal.moment for seal in due if (seal.moment, seal.as_of) not in made]
    yield Finding(Part.SEALS, f"missing: {', '.join(missing)}" if missing else "")
    deposits = Submission.objects.filter(team__edition=edition)
    waiting = deposits.filter(Q(inspection=None) | Q(inspection__health=Health.PENDING)).count()
    yield Finding(Part.INSPECTIONS, f"{waiting} deposits wait" if waiting else "")
    unsent = Receipt.objects.filter(submission__in=deposits, mailed_at=None).count()
    yield Finding(Part.RECEIPTS, f"{unsent} receipts wait" if unsent else "")
    yield Finding(Part.CODES, _waiting_codes())


def _waiting_codes() -> str:
    """Without Redis the process that was asked mails them."""
    if not settings.REDIS_URL:
        return ""
    try:
        (queue,) = (queue for queue in queues() if queue.name == "mail")
    except RedisError:
        return "Redis does not answer"
    if not queue.length:
        return ""
    return f"{queue.length} wait, the oldest for {queue.oldest_seconds:.0f} s"
