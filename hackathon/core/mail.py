"""Mail on a laptop: printed on the console, where people look for their sign-in codes."""

from copy import copy

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend


class ConsoleBackend(EmailBackend):
    """Prints a mail as it would be sent; what is attached by name and size, without its bytes."""

    def write_message(self, message: EmailMessage) -> None:
        """One mail."""
        words = copy(message)
        words.attachments = []
        super().write_message(words)
        for name, content, _type in message.attachments:
            self.stream.write(f"[{name}, {len(content)} bytes]\n")
