from django.utils.translation import gettext_lazy

from hackathon.base.core.mail import plain_message
from hackathon.base.core.mail_tasks import mail_task


class Unlogged(str):
    """A string that Celery doesn't show in its log lines: these mails contain sign-in codes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'…'"


EXPIRES_SECONDS = 15 * 60  # as long as a code is valid; after that it is not mailed


@mail_task(
    gettext_lazy("Code, ou message sur le compte"),
    max_retries=30,
    takes_text=True,
    retry_backoff_max=20,
    expires=EXPIRES_SECONDS,
)
def deliver(subject: str, body: str, to: str) -> None:
    """Send one mail. Run twice, it sends the mail twice."""
    plain_message(subject, body, to=to).send()
