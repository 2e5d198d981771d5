"""The typed code of a promise: what the browser writes and an organizer types."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hackathon.base.core.errors import Refused
from hackathon.extras.promises import codes
from hackathon.extras.promises.codes import ALPHABET, BITS, Typed
from tests.conftest import NOON
from tests.extras.promises.typed_codes import encode

TABLE = json.loads(Path(__file__).with_name("codes.json").read_text())
CODE = TABLE[0]["code"]
NUMBERS = [
    st.integers(0, (1 << BITS[name]) - 1) for name in ("team", "deliverable", "size", "clock")
]
ALL = st.builds(Typed, *NUMBERS, st.text("0123456789abcdef", min_size=20, max_size=20))


def refusal_of(text: str) -> str:
    with pytest.raises(Refused) as refused:
        codes.decode(text)
    return str(refused.value.refusal).replace("\xa0", " ")


@given(ALL)
def test_what_is_written_is_read(typed):
    assert codes.decode(encode(typed)) == typed


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["code"][:9])
def test_the_table_is_also_that_of_the_browser(row):
    typed = Typed(**{name: row[name] for name in Typed._fields})

    assert encode(typed) == row["code"]
    assert codes.decode(row["code"]) == typed


def test_it_has_five_lines_of_two_groups_of_four():
    assert [[len(group) for group in line.split()] for line in CODE.split("\n")] == [[4, 4]] * 5


def test_case_spaces_dashes_and_letters_that_look_alike_do_not_matter():
    typed = codes.decode(CODE)
    careless = CODE.lower().replace("0", "o").replace("1", "l").replace(" ", "-")

    assert codes.decode(careless) == typed
    assert codes.decode("".join(CODE.split())) == typed
    assert codes.decode(CODE.replace("\n", "\r\n\r\n")) == typed


@pytest.mark.parametrize("place", range(8))
def test_each_wrong_letter_is_found_in_its_line(place):
    lines = ["".join(line.split()) for line in CODE.split("\n")]
    for letter in ALPHABET.replace(lines[2][place], ""):
        wrong = lines[2][:place] + letter + lines[2][place + 1 :]

        assert "ligne 3" in refusal_of("\n".join([*lines[:2], wrong, *lines[3:]]))


def test_exchanged_letters_and_lines_are_found():
    lines = ["".join(line.split()) for line in CODE.split("\n")]
    for at in range(7):
        line = lines[1]
        swapped = line[:at] + line[at + 1] + line[at] + line[at + 2 :]
        if swapped != line:
            assert "ligne 2" in refusal_of("\n".join([lines[0], swapped, *lines[2:]]))

    assert "ligne 1, ligne 2" in refusal_of("\n".join([lines[1], lines[0], *lines[2:]]))


def test_a_letter_that_no_code_has_is_told_with_its_place():
    lines = CODE.split("\n")

    assert "« U », ligne 4, lettre 6" in refusal_of(
        "\n".join([*lines[:3], lines[3][:6] + "U" + lines[3][7:], lines[4]])
    )


def test_missing_letters_are_told_with_their_line():
    lines = CODE.split("\n")

    assert "ligne 5, 7 lettres" in refusal_of("\n".join([*lines[:4], lines[4][:-1]]))
    assert "32 lettres" in refusal_of("\n".join(lines[:4]))
    assert "0 lettre" in refusal_of("--")


@pytest.mark.parametrize("hours", [-60, -1, 0, 1, 60])
def test_the_clock_is_the_instant_near_now(hours):
    shown = NOON + timedelta(hours=hours)
    clock = int(shown.timestamp()) % (1 << BITS["clock"])

    assert codes.clock_of(Typed(1, 1, 1, clock, "0" * 20), at=NOON) == shown.astimezone(UTC)
    assert isinstance(shown, datetime)
