from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.dispatch import receiver

from hackathon.base.core import commitments, extras
from hackathon.base.core.background import enqueue
from hackathon.event.editions.models import Edition
from hackathon.extras.witness import services, tasks
from hackathon.extras.witness.enums import Subject
from submissions.models import Seal


@receiver(commitments.made)
def request_stamps(
    sender: type[Model], edition: Edition, digests: Collection[str], at: datetime, **_: Any
) -> None:
    if extras.is_on("witness", edition):
        subject = Subject.SEAL if sender is Seal else Subject.ENVELOPE
        for pk in services.request(edition, digests, subject, at=at):
            enqueue(tasks.stamp, pk)
