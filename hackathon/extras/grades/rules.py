"""A team’s mark as the grade of each member, and in the sheet of an evaluation from ScoDoc."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from hackathon.base.core.csv_files import Cell
from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.typography import plain_letters
from hackathon.extras.grades.enums import GradeKind
from hackathon.extras.grades.errors import GradeRefusal

OUT_OF = Decimal(20)
ABSENT = "ABS"  # what ScoDoc takes for an absence
EXCUSED = "EXC"  # and for a mark that does not count
NO_GRADE = "-"  # what Moodle takes for none; it can make 0 of an empty cell
CODE = re.compile(r"!\s*(\w+)")
TITLE = re.compile(r"note(?: sur (\d{1,4}(?:[.,]\d{1,4})?))?")


@dataclass(frozen=True)
class Grade:
    """`mark` is out of 20; None if no juror has read the team, and while
    its results are held back. A deleted account has no `email`. `is_excused`: an organizer has
    decided that there is no mark."""

    name: str
    email: str
    number: str
    department: str
    team: str
    is_absent: bool
    mark: Decimal | None
    is_excused: bool = False

    @property
    def is_missing(self) -> bool:
        return self.mark is None and not self.is_absent and not self.is_excused

    def for_scodoc(self, out_of: Decimal) -> Decimal | str:
        if self.is_absent or self.is_excused:
            return ABSENT if self.is_absent else EXCUSED
        return "" if self.mark is None else rounded(self.mark * out_of / OUT_OF)

    def for_moodle(self) -> Decimal | str:
        return NO_GRADE if self.is_absent or self.mark is None else rounded(self.mark)


@dataclass(frozen=True)
class EvaluationSheet:
    """ScoDoc reads back what stands behind a code with « ! », and nothing else."""

    rows: Sequence[Sequence[str]]
    header: int
    column: int  # of the mark; the remark follows it
    out_of: Decimal

    @property
    def students(self) -> Iterator[tuple[int, str, str]]:
        """Index of the row, code and name."""
        for index, row in enumerate(self.rows[self.header + 1 :], self.header + 1):
            if row and (code := CODE.fullmatch(row[0])):
                yield index, code[1], " ".join(row[1:3])


def rounded(mark: Decimal) -> Decimal:
    """To hundredths, and between 0 and 20: the correction of severity can lead out of them."""
    return mark.quantize(Decimal("0.01"), ROUND_HALF_UP)


def bounded(mark: float) -> Decimal:
    return min(max(Decimal(str(mark)), Decimal(0)), OUT_OF)


def own_grade_refusal(kind: str, mark: Decimal | None, reason: str) -> Refusal | None:
    """`mark` is None for the kinds without one."""
    if kind == GradeKind.MARK and not (mark is not None and 0 <= mark <= OUT_OF):
        return refuse(GradeRefusal.NO_MARK)
    return None if reason else refuse(GradeRefusal.NO_REASON)


def evaluation_sheet(rows: Sequence[Sequence[str]]) -> EvaluationSheet | None:
    """None if it is another table."""
    for header, row in enumerate(rows):
        if not row or not CODE.fullmatch(row[0]):
            continue
        for column, title in enumerate(row):
            if match := TITLE.fullmatch(" ".join(plain_letters(title).casefold().split())):
                out_of = Decimal(match[1].replace(",", ".")) if match[1] else OUT_OF
                return EvaluationSheet(rows, header, column, out_of)
        return None
    return None


def filled(sheet: EvaluationSheet, grades: Sequence[Grade]) -> list[list[Cell]]:
    """Each student of the sheet has a grade or a remark; who is in no row of it stands below."""
    width = max(sheet.column + 2, *(len(row) for row in sheet.rows))
    rows: list[list[Cell]] = [[*row, *[""] * (width - len(row))] for row in sheet.rows]
    found = _found(sheet, grades)
    for index, _code, _name in sheet.students:
        grade = found.get(index)
        if grade is not None:
            rows[index][sheet.column] = grade.for_scodoc(sheet.out_of)
        if grade is None or grade.is_missing:
            remark = _("équipe sans note") if grade else _("pas trouvé dans les équipes du jour")
            rows[index][sheet.column + 1] = remark
    departments = {grade.department for grade in found.values()}
    left = [g for g in grades if g.department in departments and g not in found.values()]
    if left:
        rows += [[""] * width, ["", _("Absents de cette feuille :"), *[""] * (width - 2)]]
    for grade in left:
        row: list[Cell] = [""] * width
        row[1], row[2], row[sheet.column] = grade.name, grade.number, grade.for_scodoc(sheet.out_of)
        rows.append(row)
    return rows


def _found(sheet: EvaluationSheet, grades: Sequence[Grade]) -> dict[int, Grade]:
    """By index of the row. By name; the school's number decides between people of one name, and
    finds who has another first name here. Between two people nothing is guessed.
    """
    by_name: dict[tuple[str, ...], list[Grade]] = defaultdict(list)
    for grade in grades:
        by_name[_key(grade.name)].append(grade)
    by_number = {_digits(grade.number): grade for grade in grades if grade.number}
    students = [(index, code, _key(name)) for index, code, name in sheet.students]
    in_sheet = Counter(key for _index, _code, key in students)
    found = {
        index: by_name[key][0]
        for index, _code, key in students
        if len(by_name[key]) == in_sheet[key] == 1
    }
    for index, code, key in students:
        numbered = by_number.get(_digits(code))
        if index in found or numbered is None or numbered in found.values():
            continue
        if set(key) & set(_key(numbered.name)):
            found[index] = numbered
    return found


def _key(name: str) -> tuple[str, ...]:
    """« DE LA TOUR Anne-Lise » and « Anne Lise de la Tour » are the same."""
    return tuple(sorted(re.findall(r"\w+", plain_letters(name).casefold())))


def _digits(number: str) -> str:
    return number.casefold().lstrip("0")
