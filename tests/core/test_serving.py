"""Of the extra that watches the other server, its own tests."""

import pytest

from hackathon.base.core import serving
from hackathon.base.core.serving import Watch


@pytest.fixture(autouse=True)
def _unwatched(monkeypatch) -> None:
    monkeypatch.setattr(serving, "_watch", None)
    monkeypatch.setattr(serving, "_reason", "")


def test_without_a_second_server_a_process_serves():
    assert (serving.look(), serving.start_refusal(), serving.is_stopped()) == ("", "", False)


def test_a_second_server_that_no_extra_watches_lets_no_process_start(settings):
    settings.SERVER_NAME = "salle"

    assert "CCD_EXTRAS" in serving.start_refusal()
    assert serving.is_stopped()


def test_a_process_may_wait_and_then_says_that_it_does_not_serve(monkeypatch):
    serving.watch_by(Watch(lambda starts: f"elsewhere {starts}", lambda: True))

    assert serving.start_refusal() == ""
    assert serving.is_stopped()
    assert serving.look() == "elsewhere False"
