from typing import Any

from hackathon.run.operations import sentry


def test_sentry_gets_nothing_of_a_person(settings):
    event = {
        "user": {"email": "ada@example.org"},
        "extra": {"marks": [1, 2]},
        "breadcrumbs": {"values": [{"message": "SELECT ada@example.org"}]},
        "request": {
            "method": "POST",
            "url": "https://ccd.example.org/rendu/1/?code=1234",
            "headers": {"Cookie": "sessionid=secret"},
            "cookies": {"sessionid": "secret"},
            "data": {"file": "Dossier"},
            "query_string": "code=1234",
        },
        "exception": {
            "values": [{"type": "SMTPRecipientsRefused", "value": "550 ada@example.org unknown"}]
        },
        "logentry": {"message": "To %s", "formatted": "To ada@example.org", "params": ["ada"]},
        "tags": {"process": "web"},
    }

    sent = sentry.scrubbed(event)

    assert sent == {
        "request": {"method": "POST", "url": "https://ccd.example.org/rendu/1/"},
        "exception": {
            "values": [{"type": "SMTPRecipientsRefused", "value": "550 <address> unknown"}]
        },
        "logentry": {"message": "To <address>"},
        "tags": {"process": "web"},
    }


def test_sentry_is_started_by_the_setting_alone(settings, monkeypatch):
    started: list[dict[str, Any]] = []
    monkeypatch.setattr("sentry_sdk.init", lambda **options: started.append(options))

    sentry.start()
    settings.SENTRY_DSN = "https://key@sentry.example.org/1"
    sentry.start()

    (options,) = started
    assert options["before_send"] is sentry.scrubbed
    assert options["include_local_variables"] is False
    assert options["max_request_body_size"] == "never"
