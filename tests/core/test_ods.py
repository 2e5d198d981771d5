import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

from python_calamine import CalamineWorkbook

from hackathon.base.core.ods import TYPE, ods_file


def sheet(header: list[str], *rows: list) -> list[list]:
    content = ods_file(header, rows)
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_cells_have_their_types():
    noon = datetime(2020, 2, 13, 12, tzinfo=UTC)

    header, row = sheet(["Équipe", "Note", "Reçu"], ["<Com’unik> & Cie", Decimal("14.5"), noon])

    assert header == ["Équipe", "Note", "Reçu"]
    assert row == ["<Com’unik> & Cie", 14.5, datetime(2020, 2, 13, 13)]  # noqa: DTZ001 - Paris


def test_a_text_is_no_formula_and_may_have_any_character():
    rows = sheet(["a", "b"], ["=1+1", "deux\nlignes"], ["\x00\x0b😀\ud800", "a  b"], [None, ""])

    assert rows[1] == ["'=1+1", "deux\nlignes"]
    assert rows[2] == ["😀", "a  b"]


def test_programs_recognise_it_by_its_first_bytes():
    content = ods_file(["a"], [["1"]])

    assert content[30:38] == b"mimetype"
    assert TYPE.encode() in content[:200]
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
