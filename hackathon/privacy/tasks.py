from contextlib import suppress

from celery import shared_task

from hackathon.core import clock
from hackathon.core.errors import Refused
from hackathon.privacy.services import anonymisation


@shared_task
def anonymise(edition_pk: int) -> None:
    """Refused, if it is done already or no longer due."""
    with suppress(Refused):
        anonymisation.anonymise(edition_pk, at=clock.now())
