from io import StringIO

from django.core.mail import EmailMessage

from hackathon.base.core.mail import ConsoleBackend, plain_message


def test_a_message_has_one_line_of_subject_and_asks_for_no_automatic_reply():
    message = plain_message("Une\nannonce", "\nBonjour\n\n", to="ada@example.org")

    assert message.subject == "Une annonce"
    assert message.body == "Bonjour\n"
    assert message.to == ["ada@example.org"]
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_the_id_of_a_message_has_the_name_of_the_site(settings):
    settings.SITE_URL = "https://ccd.example.org:8443"

    ids = {plain_message("a", "b", to="ada@example.org").message()["Message-ID"] for _ in range(2)}

    assert len(ids) == 2
    assert all(each.endswith("@ccd.example.org>") for each in ids)


def test_the_console_names_what_is_attached_and_does_not_print_it():
    console = StringIO()
    mail = EmailMessage("Reçu", "Votre code : 1234-5678", to=["ada@example.org"])
    mail.attach("recu.pdf", b"%PDF" * 500, "application/pdf")

    ConsoleBackend(stream=console, alias="default").send_messages([mail])

    assert "1234-5678" in console.getvalue()
    assert "[recu.pdf, 2000 bytes]" in console.getvalue()
    assert "JVBE" not in console.getvalue()  # %PD in base64
    assert len(mail.attachments) == 1
