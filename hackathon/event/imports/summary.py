"""What the page of a preview says about a plan and its file."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from django.utils.translation import gettext as _

from hackathon.event.imports.columns import Column
from hackathon.event.imports.enums import LeftOutReason, RowState
from hackathon.event.imports.forms import PreviewForm
from hackathon.event.imports.plan import LeftOut, Plan, RowResult
from hackathon.event.imports.reading import Table

SAMPLES = 3
PEOPLE_SHOWN = 12  # of one column
RANGES_SHOWN = 8


@dataclass(frozen=True)
class Group:
    """People who are left out for one reason, because of one column."""

    reason: LeftOutReason
    column: str
    people: list[str]
    rows: str
    row_count: int

    @property
    def shown(self) -> list[str]:
        return self.people[:PEOPLE_SHOWN]

    @property
    def hidden(self) -> int:
        return len(self.people) - len(self.shown)


def groups(left_out: Iterable[LeftOut]) -> list[Group]:
    """One for each reason and column, in the order of their first rows. Each person once."""

    def kind(one: LeftOut) -> tuple[str, str]:
        return one.reason, one.column

    by_kind = {
        name: list(several)
        for name, several in groupby(sorted(left_out, key=lambda one: (*kind(one), one.row)), kind)
    }
    return [
        Group(
            LeftOutReason(reason),
            column,
            [person for _row, person in dict.fromkeys(one.key for one in several)],
            ranges(one.row for one in several if one.row),
            len({one.row for one in several if one.row}),
        )
        for (reason, column), several in sorted(by_kind.items(), key=lambda pair: pair[1][0].row)
    ]


def ranges(numbers: Iterable[int]) -> str:
    """« 2–5, 9 »."""
    ordered = sorted(set(numbers))
    runs: list[tuple[int, int]] = []
    for number in ordered:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    texts = [str(first) if first == last else f"{first}–{last}" for first, last in runs]
    return ", ".join(texts[:RANGES_SHOWN]) + (", …" if len(texts) > RANGES_SHOWN else "")


def in_file(plan: Plan) -> int:
    return plan.people + len({one.key for one in plan.left_out})


def left_lines(plan: Plan) -> list[dict[str, Any]]:
    """Of the file of all that is left out: people, and the rows that were set aside."""
    aside = {line.row: plan.results[line.row] for line in plan.reading.aside}
    entries = [(one.row, one.column, one.person, one.reason) for one in plan.left_out]
    unnamed = aside.keys() - {one.row for one in plan.left_out}
    entries += [(row, "", aside[row].subject, LeftOutReason.ASIDE) for row in unnamed]
    return [
        {
            "row": row or "",
            "column": column,
            "who": who,
            "why": " ; ".join([str(reason.label), *(aside[row].notes if row in aside else [])]),
        }
        for row, column, who, reason in sorted(entries, key=lambda entry: entry[0])
    ]


def left_text(plan: Plan) -> str:
    """Names the first ones."""
    names = list(dict.fromkeys(line["who"] for line in left_lines(plan)))
    more = len(names) - PEOPLE_SHOWN
    shown = ", ".join([*names[:PEOPLE_SHOWN], *(["…"] if more > 0 else [])])
    return _("Laissés de côté ({n}) : {names}.").format(n=len(names), names=shown)


def aside(plan: Plan) -> list[dict[str, Any]]:
    """The rows that were set aside, and who stands in them."""
    people, rows = people_by_row(plan), [line.row for line in plan.reading.aside]
    return [{"result": plan.results[row], "people": people[row]} for row in rows]


def people_by_row(plan: Plan) -> dict[int, list[str]]:
    """Who is left out, or else what the row is about."""
    people: dict[int, list[str]] = {}
    for one in plan.left_out:
        people.setdefault(one.row, []).append(one.person)
    for row, result in plan.results.items():
        people.setdefault(row, [result.subject] if result.subject else [])
    return people


def unused(plan: Plan) -> list[Column]:
    return [column for column in plan.reading.columns.all if column.is_left_out]


def columns(plan: Plan, table: Table, form: PreviewForm) -> list[dict[str, Any]]:
    """Each column with its first cells, and the one that is read before it."""
    first = [row for row in table.rows[plan.reading.columns.header + 1 :] if any(row)][:SAMPLES]
    same = plan.reading.columns.with_one_meaning()
    before = {other.index: one for group in same for one, other in pairwise(group)}
    return [
        {
            "column": column,
            "before": before.get(column.index),
            "field": form[name] if name in form.fields else None,
            "cells": [row[column.index] if column.index < len(row) else "" for row in first],
        }
        for name, column in form.columns.items()
    ]


def rows(plan: Plan) -> list[RowResult]:
    """Updated rows, then those without a change that have a note, then created ones: first those
    with a note.
    """
    wrong, set_aside = plan.wrong, {line.row for line in plan.reading.aside}

    def those(state: RowState) -> list[RowResult]:
        return [r for r in plan.results.values() if r.state == state and r.row not in wrong]

    noted = [r for r in [*those(RowState.UNCHANGED), *those(RowState.SKIPPED)] if r.notes]
    noted = [r for r in noted if r.row not in set_aside]
    created = sorted(those(RowState.CREATED), key=lambda r: r.is_only_new)
    return [*those(RowState.UPDATED), *noted, *created]
