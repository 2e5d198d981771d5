"""Files that ask whoever reads them for more memory or time than there is, or are locked."""

import io
import struct
import zipfile
from collections.abc import Mapping

from tests.imports.files import as_ods

OFFICE = "http://schemas.openxmlformats.org"
TYPES = f"""<Types xmlns="{OFFICE}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
</Types>"""
BOOK = f"""<workbook xmlns="{OFFICE}/spreadsheetml/2006/main"
 xmlns:r="{OFFICE}/officeDocument/2006/relationships">
<sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>"""


def packed(parts: Mapping[str, str | bytes], *, level: int = 6) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return written.getvalue()


def xlsx_of(sheet_data: str, *, part: str = "worksheets/sheet1.xml", level: int = 6) -> bytes:
    """`part`: the name of the sheet's file, which only the relations of the workbook tell."""
    return packed(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": _relation("officeDocument", "xl/workbook.xml"),
            "xl/workbook.xml": BOOK,
            "xl/_rels/workbook.xml.rels": _relation("worksheet", part),
            f"xl/{part}": f'<worksheet xmlns="{OFFICE}/spreadsheetml/2006/main">'
            f"<sheetData>{sheet_data}</sheetData></worksheet>",
        },
        level=level,
    )


def _relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{OFFICE}/package/2006/relationships"><Relationship Id="rId1"'
        f' Type="{OFFICE}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
        "</Relationships>"
    )


FIRST = '<row r="1"><c r="A1"><v>1</v></c></row>'
FAR = {
    "quotation marks": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "apostrophes": "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "a line break": '<row r="1048576"><c\nr="XFD1048576"><v>1</v></c></row>',
    "spaces": '<row r = "1048576"><c r = "XFD1048576"><v>1</v></c></row>',
    "no reference": '<row r="1048576">' + "<c/>" * 16_383 + "<c><v>1</v></c></row>",
}


def far_xlsx(written: str, *, part: str = "worksheets/sheet1.xml") -> bytes:
    """Two filled cells, in the first and the last corner of a sheet."""
    return xlsx_of(FIRST + FAR[written], part=part)


def far_xls() -> bytes:
    """Two filled cells of Excel 97 (BIFF8), in two corners of a sheet."""
    number = struct.pack("<HHHd", 0, 0, 0, 1.0), struct.pack("<HHHd", 65535, 65535, 0, 1.0)
    end = _record(0x000A, b"")
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    sheet += b"".join(_record(0x0203, cell) for cell in number) + end
    beginning = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x05, 0, 0, 0, 0))
    name = struct.pack("<BBBB", 0, 0, 1, 0) + b"A"
    place = len(beginning) + 4 + 4 + len(name) + len(end)
    book = beginning + _record(0x0085, struct.pack("<I", place) + name) + end
    return compound({"Workbook": book + sheet})


def locked_xlsx() -> bytes:
    return compound({"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": b"\0" * 8})


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


SECTOR = 512
END_OF_CHAIN, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file of Microsoft: sector 0 has the table of sectors, sector 1 the directory. All
    streams are long, because short ones are kept in another way.
    """
    table, sectors, entries = [TABLE, END_OF_CHAIN], b"", []
    for name, content in streams.items():
        padded = content.ljust(max(4096, -(-len(content) // SECTOR) * SECTOR), b"\0")
        start, count = len(table), len(padded) // SECTOR
        table += [*range(start + 1, start + count), END_OF_CHAIN]
        sectors += padded
        entries.append((name, 2, start, len(padded)))
    root = _entry("Root Entry", 5, END_OF_CHAIN, 0, child=1)
    directory = root + b"".join(
        _entry(*entry, right=number + 2 if number + 1 < len(entries) else FREE)
        for number, entry in enumerate(entries)
    )
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII109I",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6),
        *(0, 1, 1, 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0),
        *(0, *[FREE] * 108),
    )
    fat = struct.pack("<128I", *table, *[FREE] * (128 - len(table)))
    return header + fat + directory.ljust(SECTOR, b"\0") + sectors


def _entry(
    name: str, kind: int, start: int, size: int, *, child: int = FREE, right: int = FREE
) -> bytes:
    text = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16xI16xIQ", text, len(text) + 2, kind, 1, FREE, right, child, 0, start, size
    )


def locked_ods() -> bytes:
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    return packed({"content.xml": b"\0" * 8, "META-INF/manifest.xml": manifest})


def repeated_ods(rows: int) -> bytes:
    """The last row, with one cell, is repeated."""
    content = as_ods(("A", [("mail",), ("x",)]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    head, _row, tail = parts["content.xml"].rpartition(b"<table:table-row>")
    repeated = f"<table:table-row table:number-rows-repeated='{rows}'>".encode()
    parts["content.xml"] = head + repeated + tail
    return packed(parts)


def unpacking_xlsx() -> bytes:
    """Of 300 MB of spaces."""
    return xlsx_of(FIRST + " " * 300_000_000, level=1)


def merged_xlsx() -> bytes:
    """Each of many ranges is merged over all rows."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 10_001))
    ranges = '<mergeCell ref="A1:A10000"/>' * 30_000
    return xlsx_of(f"{rows}</sheetData><mergeCells>{ranges}</mergeCells><sheetData>")
