"""Tables as the programs of a school write them."""

import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from django.core.management import call_command
from openpyxl.utils import range_boundaries

type Rows = Sequence[Sequence[object]]

ENCODINGS = ("utf-8", "utf-8-sig", "windows-1252", "utf-16")
SEPARATORS = (";", ",", "\t")


def table(text: str) -> Rows:
    """Rows by line, cells between bars."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


PLAIN = table("""
nom     | prenom | mail                         | groupe | equipe        | salle | département
DURAND  | Zoé    | zoe.durand@etu.example.org   | TD1    | Les Élans     | 208   | INFO
LE GOFF | Anne   | anne.le-goff@etu.example.org | TD1    | Les Élans     | 208   | INFO
Müller  | Jan    | jan.muller@etu.example.org   | TD2    | Bocal à idées | 502   | INFOCOM
""")
SCODOC = table("""
Civ.|Nom|Prénom|TD|Anglais|Etat|Mail|Etape|etudid|code_nip|code_ine
Mme|DURAND|Zoé|TD1|A2|I|zoe.durand@etu.example.org|V1INF|901|32100001|0A1
Mme|LE GOFF|Anne|TD1|A1|I|anne.le-goff@etu.example.org|V1INF|902|32100002|0A2
M.|MÜLLER|Jan|TD2|A1|I|jan.muller@etu.example.org|V1INF|903|32100003|0A3
M.|PARTI|Luc|TD2|A1|D|luc.parti@etu.example.org|V1INF|904|32100004|0A4
""")
SCODOC_LINES = table("""
email                        | semestre_groupe
zoe.durand@etu.example.org   | INF-S3-TD1
zoe.durand@etu.example.org   | INF-S3-A2
anne.le-goff@etu.example.org | INF-S3-TD1
jan.muller@etu.example.org   | INF-S3-TD2
""")
MOODLE = table("""
Prénom|Nom de famille|Numéro d'identification|Institution|Département|Adresse de courriel|Groupes
Zoé|DURAND|32100001|IUT|INFO|zoe.durand@etu.example.org|TD1
Anne|LE GOFF|32100002|IUT|INFO|anne.le-goff@etu.example.org|TD1
Jan|MÜLLER|32100003|IUT|INFOCOM|jan.muller@etu.example.org|TD2
""")
APOGEE = table("""
XX-APO_TITRES-XX
apoC_annee|2025/2026
apoC_lib_dip|BUT Informatique
apoC_Titre1|Export Apogée du 13/06/2026 à 14:29

XX-APO_TYP_RES-XX
ABI : Absence injustifiée|DEF : Défaillant

XX-APO_COLONNES-XX
apoL_a01_code|Type Objet|Code|Version|Année|Session|||Etudiant|Numéro
apoL_a02_nom|||||||||Nom
apoL_a03_prenom|||||||||Prénom
APO_COL_VAL_DEB
apoL_c0001|VET|V1INF|111|2025|0|1|N|V1INF - BUT Info|0|1|Note
APO_COL_VAL_FIN

XX-APO_VALEURS-XX
apoL_a01_code|apoL_a02_nom|apoL_a03_prenom|apoL_a04_naissance|apoL_c0001
32100001|DURAND|ZOE| 23/09/2005|
32100002|LE GOFF|ANNE| 01/02/2006|12
""")
TEAMS = table("""
Équipe|Département|Salle|Étage|Nom|Prénom|Adresse e-mail|Capitaine
Les Élans|INFO|208|2e|DURAND|Zoé|zoe.durand@etu.example.org|non
Les Élans|INFO|208|2e|LE GOFF|Anne|anne.le-goff@etu.example.org|oui
Bocal à idées|INFOCOM|502|5e|MÜLLER|Jan|jan.muller@etu.example.org|
""")
JURORS = table("""
Nom     | Prénom | Courriel                | Jury          | Qualité     | Préside
CURIE   | Marie  | marie.curie@example.org | Informatique  | enseignante | oui
ÉPICIER | Jo     | jo@epicerie.example     | INFO, INFOCOM | client      |
""")
ROOMS = table("""
Équipe        | Salle   | Étage
Les Élans     | 210     | 2
Bocal à idées | Amphi 1 | RDC
""")


def as_text(rows: Rows, separator: str = ";") -> str:
    """With the quotation marks that the cells need."""
    needs = (separator, '"', "\n")
    return "".join(
        separator.join(
            '"' + str(cell).replace('"', '""') + '"'
            if any(n in str(cell) for n in needs)
            else str(cell)
            for cell in row
        )
        + "\r\n"
        for row in rows
    )


def as_csv(rows: Rows, separator: str = ";", encoding: str = "utf-8") -> bytes:
    return as_text(rows, separator).encode(encoding)


def as_xlsx(*sheets: tuple[str, Rows]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def as_ods(*sheets: tuple[str, Rows]) -> bytes:
    return _ods(
        f'<table:table table:name="{escape(title)}">{"".join(map(_ods_row, rows))}</table:table>'
        for title, rows in sheets
    )


def merged_ods(rows: Rows, *ranges: str) -> bytes:
    """`ranges`: « A1:B2 », as a spreadsheet names them."""
    spans, covered = {}, set()
    for merged in ranges:
        left, top, right, bottom = range_boundaries(merged)
        spans[top, left] = (
            f' table:number-rows-spanned="{bottom - top + 1}"'
            f' table:number-columns-spanned="{right - left + 1}"'
        )
        cells = {(y, x) for y in range(top, bottom + 1) for x in range(left, right + 1)}
        covered |= cells - {(top, left)}
    texts = []
    for y, row in enumerate(rows, 1):
        written = [
            "<table:covered-table-cell/>"
            if (y, x) in covered
            else _ods_cell(cell, spans.get((y, x), ""))
            for x, cell in enumerate(row, 1)
        ]
        texts.append(f"<table:table-row>{''.join(written)}</table:table-row>")
    return _ods([f'<table:table table:name="A">{"".join(texts)}</table:table>'])


def _ods(tables: Iterable[str]) -> bytes:
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">'
        f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest'
        ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return written.getvalue()


def _ods_row(row: Sequence[object]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(cell: object, attributes: str = "") -> str:
    text = "".join(f"<text:p>{escape(part)}</text:p>" for part in str(cell).split("\n"))
    if isinstance(cell, int | float):
        attributes += f' office:value-type="float" office:value="{cell}"'
    else:
        attributes += ' office:value-type="string"'
    return f"<table:table-cell{attributes}>{text}</table:table-cell>"


def run_import(
    kind: str, content: bytes, folder: Path, *options: str, name: str = "liste.csv"
) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON of `manage.py import`."""
    path = folder / name
    path.write_bytes(content)
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        call_command("import", kind, str(path), "--json", *options, stdout=out, stderr=err)
    except SystemExit as stopped:
        code = int(str(stopped.code))
    return code, json.loads(out.getvalue().splitlines()[-1])
