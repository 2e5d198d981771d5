import csv
import io

import pytest

from hackathon.base.core.csv_files import csv_file

FORMULA = "=cmd|'/c calc'!A1"
STARTS = ("=", "+", "-", "@", "＝")


def cells(file: bytes, delimiter: str) -> list[str]:
    """As a spreadsheet of another country splits it."""
    text = file.decode("utf-8-sig")
    return [cell for row in csv.reader(io.StringIO(text), delimiter=delimiter) for cell in row]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    "name",
    [
        FORMULA,
        f" {FORMULA}",
        f"Zut;{FORMULA}",
        f"Zut,{FORMULA}",
        f"Zut,  {FORMULA}",
        f'Zut,"{FORMULA}',
        f'Zut",{FORMULA}',
        f"Zut\t{FORMULA}",
        f"Zut\n{FORMULA}",
        f"Zut|{FORMULA}",
        "Zut;+1+1",
        "Zut;-1+1",
        "Zut;@SUM(1)",
        "＝1+1",
    ],
)
def test_no_separator_makes_a_formula(name, delimiter):
    file = csv_file(["équipe", "projet"], [[name, "x"]])

    found = cells(file, delimiter)

    assert not [cell for cell in found if cell.lstrip(' "\t').startswith(STARTS)]


def test_other_names_are_written_as_they_are():
    file = csv_file(["équipe"], [["Les 3-en-1, Zut; etc."]])

    assert cells(file, ";") == ["équipe", "Les 3-en-1, Zut; etc."]
