"""Mail without SMTP: on the console, to be read by people."""

from io import StringIO

from django.core.mail import EmailMessage

from hackathon.core.mail import ConsoleBackend


def test_the_console_names_what_is_attached_and_does_not_print_it() -> None:
    console = StringIO()
    mail = EmailMessage("Reçu", "Votre code : 1234-5678", to=["ada@example.org"])
    mail.attach("recu.pdf", b"%PDF" * 500, "application/pdf")

    ConsoleBackend(stream=console, alias="default").send_messages([mail])

    assert "1234-5678" in console.getvalue()
    assert "[recu.pdf, 2000 bytes]" in console.getvalue()
    assert "JVBE" not in console.getvalue()  # %PD in base64
    assert len(mail.attachments) == 1
