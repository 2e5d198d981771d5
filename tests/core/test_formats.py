import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone, translation

from hackathon.base.core import formats
from tests.sources import template_folders

NOW = datetime(2020, 2, 13, 21, 46, 18, tzinfo=UTC)  # 22:46:18 in Paris
NARROW = "\u202f"


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(seconds=1), "dans 1 min"),
        (timedelta(minutes=49), "dans 49 min"),
        (timedelta(hours=2, minutes=4, seconds=1), "dans 2 h 05"),
        (timedelta(days=3, hours=4, minutes=30), "dans 3 j 4 h"),
    ],
)
def test_how_long_until_a_moment(left, text):
    assert formats.until_text(left) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (None, ""),
        (0, f"0{NARROW}octets"),
        (999, f"999{NARROW}octets"),
        (12_000, f"12{NARROW}ko"),
        (8_400_000, f"8,4{NARROW}Mo"),
        (52_428_800, f"52,4{NARROW}Mo"),
        (148_000_000, f"148{NARROW}Mo"),
        (999_999, f"1{NARROW}Mo"),
        (2_500_000_000, f"2,5{NARROW}Go"),
    ],
)
def test_file_sizes_are_written_as_in_french(size, text):
    assert formats.size_text(size) == text


def test_file_sizes_in_english_have_a_point():
    with translation.override("en"):
        assert formats.size_text(8_400_000).startswith("8.4")


def test_instants_are_in_the_active_zone():
    with timezone.override("Europe/Paris"):
        assert formats.clock_time(NOW) == "22:46"
        assert formats.clock_seconds(NOW) == "22:46:18"
        assert formats.clock_time(NOW.replace(hour=7, minute=5)) == "8:05"
        assert formats.clock_exact(NOW) == "22:46:18"
        assert formats.clock_exact(NOW.replace(second=0)) == "22:46"
        assert formats.clock_exact(None) == ""
        assert formats.day_time(NOW).endswith("13 fév., 22:46")


def test_instants_are_in_the_zone_that_is_given():
    zone = ZoneInfo("America/New_York")

    assert formats.clock_exact(NOW, zone) == "16:46:18"
    assert formats.clock_exact(NOW.replace(second=0), zone) == "16:46"
    assert formats.date_text(NOW.replace(hour=2), zone=zone) == "mercredi 12 février"


def test_instants_for_programs_are_in_utc():
    assert formats.iso_utc(NOW.astimezone(ZoneInfo("Europe/Paris"))) == "2020-02-13T21:46:18Z"


@pytest.mark.parametrize(
    ("language", "text", "short"),
    [
        ("fr", "mercredi 1er avril 2020", "mer. 1er avr., 8:30"),
        ("en", "Wednesday 1 April 2020", "Wed 1 Apr, 8:30"),
    ],
)
def test_the_first_day_of_a_month_is_an_ordinal_in_french(language, text, short):
    first = datetime(2020, 4, 1, 6, 30, tzinfo=UTC)
    with timezone.override("Europe/Paris"), translation.override(language):
        shown = formats.date_text(first, "l j F Y"), formats.day_time(first).lower()
        other = formats.date_text(first + timedelta(days=30, hours=-12), "j F")
        # The day is that of the zone: in Paris it is May already.
        may = formats.date_text(datetime(2020, 4, 30, 22, 30, tzinfo=UTC), "j F")
        assert formats.date_text(date(2020, 5, 1), "j F") == may

    assert shown == (text, short.lower())
    assert other.startswith("30")
    assert may.startswith("1er" if language == "fr" else "1 ")


def test_only_date_text_writes_dates_with_the_name_of_a_month():
    root = Path(settings.BASE_DIR)
    sources = [
        p
        for top in ("hackathon", "judging", "submissions", "teams")
        for p in (root / top).rglob("*.py")
    ]
    dates = re.compile(r"""\|date:"[^"]*j F|date_format\([^)]*j F""")
    texts = [
        *sources,
        *(p for f in template_folders() for p in f.rglob("*") if p.suffix in (".html", ".txt")),
    ]
    assert [str(path) for path in texts if dates.search(path.read_text())] == []


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (None, ""),
        (45, f"45{NARROW}s"),
        (timedelta(minutes=12), f"12{NARROW}min"),
        (timedelta(hours=1, minutes=5), f"1{NARROW}h{NARROW}05"),
        (timedelta(hours=2), f"2{NARROW}h"),
        (timedelta(days=2, hours=3), f"2{NARROW}j 3{NARROW}h"),
    ],
)
def test_durations(duration, text):
    assert formats.duration_text(duration) == text


def test_floors_and_ranks():
    assert formats.floor_name(0) == "RDC"
    assert formats.floor_name(1) == "1<sup>er</sup>"
    assert formats.floor_name(-1) == "−1"
    assert formats.ordinal(3) == "3<sup>e</sup>"
    with translation.override("en"):
        assert formats.ordinal(12) == "12<sup>th</sup>"
        assert formats.ordinal(22) == "22<sup>nd</sup>"
