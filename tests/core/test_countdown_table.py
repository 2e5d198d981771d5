"""The server's countdown texts, from the table that tests/js/countdown.test.js reads too."""

import json
from datetime import timedelta
from pathlib import Path

from hackathon.base.core.formats import countdown_text
from hackathon.base.core.templatetags.components import countdown_state

TABLE = json.loads((Path(__file__).parents[1] / "tables/countdown.json").read_text())


def test_texts():
    expected = [text for _, text in TABLE["texts"]]
    assert [countdown_text(timedelta(milliseconds=ms)) for ms, _ in TABLE["texts"]] == expected


def test_states():
    expected = [state for _, state in TABLE["states"]]
    assert [countdown_state(timedelta(milliseconds=ms)) for ms, _ in TABLE["states"]] == expected
