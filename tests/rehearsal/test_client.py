"""When the client of a rehearsal counts an announcement as seen."""

import json
import time

import pytest

from hackathon.rehearsal.client import Browser, Notes
from hackathon.rehearsal.people import Person

TEXT = "Annonce 1 de la répétition"
MADE_AFTER = 7  # the newest message when the page was made


def message(number: int, kind: str = "announcement.published") -> str:
    return json.dumps({"type": kind, "id": number, "data": {"html": f"<p>{TEXT}</p>"}})


@pytest.mark.parametrize(
    ("payloads", "seen"),
    [
        pytest.param([message(7), message(9, "live.resumed")], 0, id="repeated"),
        pytest.param([message(8), message(9, "live.resumed")], 1, id="missed meanwhile"),
        pytest.param([message(8), message(8), message(9, "live.resumed")], 1, id="twice"),
        pytest.param([message(9, "live.resumed"), message(6)], 1, id="committed late"),
    ],
)
def test_what_a_page_shows_from_the_start_is_not_counted(payloads: list[str], seen: int) -> None:
    notes = Notes()
    notes.announced[TEXT] = (time.time(), [])
    browser = Browser(Person("student", 1, "session"), "http://localhost:1", notes, None)
    browser._after = browser._made_after = MADE_AFTER

    for payload in payloads:
        browser._receive(payload)

    assert len(notes.announced[TEXT][1]) == seen
