from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from datetime import tzinfo
from email.utils import formataddr, make_msgid, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.console import EmailBackend
from django.template.loader import render_to_string
from django.utils import timezone, translation

from hackathon.base.core.mail_tasks import watched


@contextmanager
def in_french(zone: tzinfo) -> Iterator[None]:
    """The language and the zone of mails: a task doesn't know the language of the recipient."""
    with translation.override(settings.LANGUAGE_CODE), timezone.override(zone):
        yield


def compose(
    subject: str,
    template: str,
    context: dict[str, Any],
    *,
    to: str,
    html: bool = False,
    attachments: Iterable[tuple[str, bytes, str]] = (),
) -> EmailMultiAlternatives:
    """Call it `in_french`. `attachments` are (filename, content, content type). An `edition` of the
    context may name the sender.
    """
    message = plain_message(subject, render_to_string(f"{template}.txt", context), to=to)
    if sender := getattr(context.get("edition"), "sender", ""):
        address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        message.from_email = formataddr((" ".join(sender.split()), address))
    if html:
        message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    for name, content, content_type in attachments:
        message.attach(name, content, content_type)
    return message


class Mail(EmailMultiAlternatives):
    def recipients(self) -> list[str]:
        """Without addresses below .invalid (RFC 2606), which those of rehearsals are. Django sends
        no message without recipients.
        """
        return [address for address in super().recipients() if not address.endswith(".invalid")]

    def send(self, *args: Any, **kwargs: Any) -> int:
        with watched(self.to[0]):
            return super().send(*args, **kwargs)


def plain_message(subject: str, text: str, *, to: str) -> EmailMultiAlternatives:
    message = Mail(" ".join(subject.split()), text.strip() + "\n", to=[to])
    # Django takes the name of the machine, in a container its id, which filters of spam distrust.
    message.extra_headers["Message-ID"] = make_msgid(domain=urlsplit(settings.SITE_URL).hostname)
    message.extra_headers["Auto-Submitted"] = "auto-generated"  # no out-of-office replies
    return message


class ConsoleBackend(EmailBackend):
    def write_message(self, message: EmailMessage) -> None:
        text = copy(message)
        text.attachments = []
        super().write_message(text)
        for name, content, _type in message.attachments:
            self.stream.write(f"[{name}, {len(content)} bytes]\n")
