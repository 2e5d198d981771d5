"""The days of `docs/fr/film.md`, without its pictures: the film's scenes wait for what they show.

The deadline is in handing_in/test_page.py and test_without_requests.py, the president's decision in
test_verdict.py, the publication in test_ceremony.py.
"""

import pytest

from tests.film import jury, student


@pytest.mark.slow  # it makes a demo edition of its own
def test_a_students_day_from_the_evening_before_to_the_receipts(chromium):
    student.day(chromium, frozenset())


def test_a_jurors_evening(chromium):
    jury.evening(chromium, frozenset())
