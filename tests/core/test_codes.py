import pytest

from hackathon.base.core import codes


@pytest.mark.parametrize(
    "typed",
    [
        "K7QM2XLD4P",
        "k7qm2-xld4p",
        " k7qm2 xld4p ",
        "K7QM2–XLD4P",
        "Ｋ7QM2.XLD4P",
        "k 7 q m 2 x l d 4 p",
        "K7QM2X1D4P",
        "K7QM2-XID4P",
    ],
)
def test_a_code_is_read_however_it_was_typed(typed):
    assert codes.normal_code(typed) == "K7QM2XLD4P"


@pytest.mark.parametrize("older", ["ABCDEFGHJK", "MNPQRSTUVW", "XYZ23456789"])
def test_codes_with_the_letters_of_before_stay_valid(older):
    assert codes.normal_code(older.lower()) == older


def test_a_new_code_is_stored_as_it_is_read():
    code = codes.new_code(1000)

    assert len(set(code)) == len(codes.ALPHABET)
    assert all(codes.normal_code(sign) == sign for sign in codes.ALPHABET)
    assert codes.code_digest("kx4-p9t") == codes.code_digest("KX4 P9T")
