"""Tasks that send mails, and what they could not send."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from typing import Any

from celery import current_task, shared_task
from django.contrib.auth import get_user_model
from django.utils.functional import Promise

from hackathon.base.core import clock
from hackathon.base.core.enums import MailFailure
from hackathon.base.core.models import FailedMail

# A mail to many leaves so long after the act, which can be taken back until then.
MAIL_DELAY = timedelta(seconds=20)
PERMANENT = 500  # SMTP: smaller codes ask to try again later


def mail_task(
    kind: str | Promise, *, max_retries: int, takes_text: bool = False, **options: Any
) -> Callable[[Callable[..., None]], Any]:
    """A task that tries again while the server takes no mail. `kind` is what organizers read.

    `takes_text`: its arguments are a text instead of keys. Nothing of it is kept if it fails, as it
    may have a code, so that nobody can send it again.
    """
    options = {
        "autoretry_for": (OSError, SMTPException),
        "retry_backoff": 5,
        "retry_backoff_max": 30,
        **options,
    }
    return shared_task(
        max_retries=max_retries, mail_kind=kind, mail_takes_text=takes_text, **options
    )


@contextmanager
def watched(
    to: str, *, waiting: Sequence[str] = (), final: tuple[type[Exception], ...] = ()
) -> Iterator[None]:
    """Inside a task, a `FailedMail` says what became of the mail to `to` that the block sends.
    After an error of `final` the task goes on, and does not send this mail again; after another one
    it ends, with the mails to `waiting` not sent either.
    """
    task: Any = current_task if hasattr(current_task, "mail_kind") else None
    if task and not task.request.id:
        task = None  # called as a function
    try:
        yield
    except (OSError, SMTPException) as error:
        if task:
            goes_on = isinstance(error, final)
            is_over = goes_on or task.request.retries >= task.max_retries
            for address in [to, *([] if goes_on else waiting)]:
                keep_failure(
                    task,
                    task.request,
                    address,
                    reason=_reason(error),
                    is_over=is_over,
                    at=clock.now(),
                )
        raise
    if task:
        key = failure_key(task.name, _known(task, task.request))
        FailedMail.objects.filter(key=key, to=to).delete()


def keep_failure(
    task: Any, request: Any, to: str, *, reason: MailFailure, is_over: bool, at: datetime
) -> None:
    """`request`: of Celery, with the arguments of the task."""
    FailedMail.objects.update_or_create(
        key=failure_key(task.name, _known(task, request)),
        to=to,
        defaults={
            "task": task.name,
            "args": [] if task.mail_takes_text else _known(task, request),
            "user": get_user_model()._default_manager.filter(email__iexact=to).first(),
            "reason": reason,
            "is_over": is_over,
            "at": at,
        },
    )


def failure_key(task_name: str, args: Sequence[Any]) -> str:
    return sha256(json.dumps([task_name, *args]).encode()).hexdigest()


def _known(task: Any, request: Any) -> list[Any]:
    """Identifies one mail among those of a task: its arguments, or its id if these are texts."""
    return [request.id] if task.mail_takes_text else list(request.args)


def _reason(error: Exception) -> MailFailure:
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        is_permanent = any(code >= PERMANENT for code in codes)
        return MailFailure.ADDRESS if is_permanent else MailFailure.WAIT
    if isinstance(error, SMTPAuthenticationError):
        return MailFailure.SIGN_IN
    is_silent = isinstance(error, (SMTPConnectError, SMTPServerDisconnected))
    if is_silent or not isinstance(error, SMTPException):
        return MailFailure.SILENT
    if isinstance(error, SMTPResponseException) and error.smtp_code < PERMANENT:
        return MailFailure.WAIT
    return MailFailure.MESSAGE
