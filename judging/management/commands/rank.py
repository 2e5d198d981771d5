"""Computes a ranking from marks without the database, to check a published one.

CSV with `juror,team,criterion,value` and optionally `weight`, or `juror,team,value`; commas or
semicolons; `-` reads standard input. An empty value is a missing mark.

In the output of `--json`, `rank` counts within a component, `low` to `high` is a 95 % interval,
`groups` are teams ex aequo, and `pairs` is the probability that the first team is truly better.
"""

import csv
import io
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from judging.ranking import grid, standings
from judging.scales import written

DECIMALS = 10  # of numbers in JSON; more are rounding errors


class Command(BaseCommand):
    help = "Rank teams from a CSV of marks."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("marks", metavar="FILE", help="CSV; - for standard input")
        parser.add_argument("--method", choices=sorted(grid.METHODS), default="harmonised")
        parser.add_argument(
            "--separation",
            type=float,
            default=standings.SEPARATION,
            help="below this probability two teams are ex aequo (0.80)",
        )
        parser.add_argument("--json", action="store_true", help="everything, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        ranking = standings.rank(
            _totals(_text(options["marks"])),
            method=options["method"],
            separation=options["separation"],
        )
        if options["json"]:
            self.stdout.write(json.dumps(_as_dict(ranking), ensure_ascii=False))
        else:
            self.stdout.writelines(_table(ranking))


def _text(name: str) -> str:
    try:
        if name == "-":
            return sys.stdin.read().removeprefix("\ufeff")
        return Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(_("Fichier illisible : {error}").format(error=error)) from error


def _totals(text: str) -> list[standings.Total]:
    """Raises CommandError."""
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    missing = {"juror", "team", "value"} - set(rows.fieldnames or ())
    if missing:
        raise CommandError(
            _("Colonne absente : {names}. Attendu : juror,team,criterion,value,weight.").format(
                names=", ".join(sorted(missing))
            )
        )
    marks: dict[tuple[str, str], dict[tuple[str, Fraction], Fraction]] = {}
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        juror, team, criterion = (
            (row.get(name) or "").strip() for name in ("juror", "team", "criterion")
        )
        if not juror or not team:
            raise _line_error(rows.line_num, _("juré ou équipe manque"))
        if (juror, team, criterion) in seen:
            raise _line_error(rows.line_num, _("cette note est déjà plus haut"))
        seen.add((juror, team, criterion))
        value = _number(row["value"], rows.line_num)
        weight = _number(row.get("weight"), rows.line_num)
        if weight is not None and weight <= 0:
            raise _line_error(rows.line_num, _("un coefficient est plus grand que 0"))
        if value is not None:
            sheet = marks.setdefault((juror, team), {})
            sheet[criterion, Fraction(1) if weight is None else weight] = value
    return [
        standings.Total(juror, team, mean)
        for (juror, team), sheet in marks.items()
        if (mean := _mean(sheet)) is not None
    ]


def _mean(sheet: dict[tuple[str, Fraction], Fraction]) -> Fraction | None:
    """In the unit of the values."""
    weightings = {key: standings.Weighting(weight=key[1], top=1) for key in sheet}
    return standings.total(sheet, weightings, out_of=1)


def _number(text: str | None, line: int) -> Fraction | None:
    text = (text or "").strip().replace(",", ".")
    if not text:
        return None
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError) as error:
        raise _line_error(line, _("« {text} » n’est pas un nombre").format(text=text)) from error


def _line_error(line: int, error: str) -> CommandError:
    return CommandError(_("Ligne {line} : {what}.").format(line=line, what=error))


def _as_dict(ranking: standings.Ranking) -> dict[str, Any]:
    return {
        "standings": [
            {
                "team": s.team,
                "rank": s.rank,
                "estimate": round(s.estimate, DECIMALS),
                "low": round(s.low, DECIMALS),
                "high": round(s.high, DECIMALS),
                "mean": round(s.mean, DECIMALS),
                "sheets": s.sheets,
                "component": s.component,
            }
            for s in ranking.standings
        ],
        "groups": ranking.groups,
        "jurors": {
            j.juror: {
                "severity": round(j.severity, DECIMALS),
                "se": round(j.se, DECIMALS),
                "sheets": j.sheets,
            }
            for j in ranking.jurors
        },
        "components": ranking.components,
        "pairs": {f"{above}|{below}": round(p, 6) for above, below, p in ranking.pairs()},
    }


def _table(ranking: standings.Ranking) -> Iterator[str]:
    leaders = {team: group[0] for group in ranking.groups for team in group}
    component = 0
    for s in ranking.standings:
        if s.component != component:
            component = s.component
            yield _("Sans juré commun avec les équipes ci-dessus : pas comparable.") + "\n"
        tied = "" if leaders[s.team] == s.team else f"  = {leaders[s.team]}"
        yield (
            f"{s.rank:>3}  {written(s.estimate):>7} ± {written(s.margin):<6}"
            f" ({written(s.mean)}, {s.sheets})  {s.team}{tied}\n"
        )
