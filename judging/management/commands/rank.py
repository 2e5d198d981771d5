"""Computes a ranking from marks without the database, to check a published one.

CSV with `juror,team,criterion,value`, optionally `weight` and `scale` (the highest mark), or
`juror,team,value`; commas or semicolons; `-` reads standard input. An empty value is no mark.
In lines with the juror `#`, as the site exports them, `team` is the name of a parameter: `method`,
`separation`, `noise` (of all juries), `model`, `team`. Options win over them.

In the output of `--json`, `rank` counts within a component, `low` to `high` is a 95 % interval,
`groups` are teams ex aequo, and `pairs` is the probability that the first team is truly better.
"""

import csv
import io
import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from judging.deliberation.selectors.minutes import PARAMETER
from judging.ranking import grid, standings
from judging.ranking.explanation import correction_text, margin_text, reliability_text
from judging.ranking.noise import Noise, noise_of
from judging.scales import written

DECIMALS = 10  # of numbers in JSON; more are rounding errors


@dataclass
class Parameters:
    method: str = "harmonised"
    separation: float = standings.SEPARATION
    noise: Noise | None = None
    model: int = standings.MODEL
    teams: list[str] = field(default_factory=list)


class Command(BaseCommand):
    help = "Rank teams from a CSV of marks."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("marks", metavar="FILE", help="CSV; - for standard input")
        parser.add_argument(
            "--method",
            choices=sorted(grid.METHODS),
            help="instead of that of the file, or else of harmonised",
        )
        parser.add_argument(
            "--separation",
            type=float,
            help="below this probability two teams are ex aequo (0.80)",
        )
        parser.add_argument("--json", action="store_true", help="everything, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        totals, given = _read(_text(options["marks"]))
        if given.model != standings.MODEL:
            self.stderr.write(
                _(
                    "Ces notes ont été classées par le modèle {given}, ce programme est le modèle"
                    " {own} : le classement peut différer."
                ).format(given=given.model, own=standings.MODEL)
            )
        ranking = standings.rank(
            totals,
            teams=given.teams,
            method=options["method"] or given.method,
            separation=options["separation"] or given.separation,
            noise=given.noise,
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


def _read(text: str) -> tuple[list[standings.Total], Parameters]:
    """Raises CommandError."""
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    rows = csv.DictReader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    missing = {"juror", "team", "value"} - set(rows.fieldnames or ())
    if missing:
        raise CommandError(
            _(
                "Colonne absente : {names}. Attendu : juror,team,criterion,value,weight,scale."
            ).format(names=", ".join(sorted(missing)))
        )
    out_of = 20 if "scale" in (rows.fieldnames or ()) else 1
    parameters = Parameters()
    marks: dict[tuple[str, str], dict[str, tuple[standings.Weighting, Fraction]]] = {}
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        juror, team, criterion = (
            (row.get(name) or "").strip() for name in ("juror", "team", "criterion")
        )
        if juror == PARAMETER:
            _set_parameter(parameters, team, row["value"] or "", rows.line_num)
            continue
        if not juror or not team:
            raise _line_error(rows.line_num, _("juré ou équipe manque"))
        if (juror, team, criterion) in seen:
            raise _line_error(rows.line_num, _("cette note est déjà plus haut"))
        seen.add((juror, team, criterion))
        value = _number(row["value"], rows.line_num)
        weight = _positive(row.get("weight"), rows.line_num, _("un coefficient"))
        top = _positive(row.get("scale"), rows.line_num, _("une note maximale"))
        if value is not None:
            weighting = standings.Weighting(weight=weight, top=top)
            marks.setdefault((juror, team), {})[criterion] = (weighting, value)
    totals = [
        standings.Total(juror, team, _total(sheet, out_of))
        for (juror, team), sheet in marks.items()
    ]
    return totals, parameters


def _total(sheet: dict[str, tuple[standings.Weighting, Fraction]], out_of: int) -> Fraction:
    """Without the column `scale` in the unit of the values, else out of 20."""
    mean: Fraction = standings.total(
        {criterion: value for criterion, (_weighting, value) in sheet.items()},
        {criterion: weighting for criterion, (weighting, _value) in sheet.items()},
        out_of=out_of,
    )
    return mean


def _set_parameter(parameters: Parameters, name: str, value: str, line: int) -> None:
    """Unknown names are left out: a newer site may write more."""
    try:
        match name:
            case "method":
                parameters.method = value if value in grid.METHODS else _refused(value)
            case "separation":
                parameters.separation = float(value)
            case "noise":
                parameters.noise = noise_of(json.loads(value))
            case "model":
                parameters.model = int(value)
            case "team":
                parameters.teams.append(value)
    except (ValueError, KeyError, TypeError) as error:
        raise _line_error(line, _("« {name} » est illisible").format(name=name)) from error


def _refused(value: str) -> NoReturn:
    raise ValueError(value)


def _positive(text: str | None, line: int, what: str) -> Fraction:
    """1 if it is missing."""
    number = _number(text, line)
    if number is not None and number <= 0:
        raise _line_error(line, _("{what} est plus grand que 0").format(what=what))
    return Fraction(1) if number is None else number


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
        "reliabilities": [order.reliability for order in ranking.orders],
        "pairs": {f"{above}|{below}": round(p, 6) for above, below, p in ranking.pairs()},
    }


def _table(ranking: standings.Ranking) -> Iterator[str]:
    """As the president's page writes it: groups, values, margins, means, corrections, sheets."""
    by_team = {standing.team: standing for standing in ranking.standings}
    component = 0
    for group in ranking.groups:
        lines = [by_team[team] for team in group]
        if lines[0].component != component:
            component = lines[0].component
            yield _("Sans juré commun avec les équipes ci-dessus : pas comparable.") + "\n"
        ranks = "–".join(dict.fromkeys((str(lines[0].rank), str(lines[-1].rank))))
        for s in lines:
            yield (
                f"{ranks:>7}  {written(s.estimate):>7} {margin_text(s.margin):<6}"
                f" ({written(s.mean)}{_correction(s)}, {s.sheets})  {s.team}\n"
            )
    reliabilities = [order.reliability for order in ranking.orders]
    for n, reliability in enumerate(reliabilities):
        if text := reliability_text(reliability, _mean_sheets(ranking, n)):
            yield text + "\n"


def _correction(standing: standings.Standing) -> str:
    correction = correction_text(standing)
    return f" {correction}" if correction else ""


def _mean_sheets(ranking: standings.Ranking, component: int) -> float:
    sheets = [s.sheets for s in ranking.standings if s.component == component]
    return sum(sheets) / len(sheets)
