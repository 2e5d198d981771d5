"""Makes a plan without the database. `-` reads standard input; ids are strings.

Input; only `teams` and `jurors` are required:

    {"teams": [..], "jurors": [{"id": .., "recused": [..]}], "readings": 3,
     "done": [[juror, team]..], "planned": [[juror, team]..], "seed": 1}
"""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from judging.plan.assignment import Problem, solve

PAIR = 2


class Command(BaseCommand):
    help = "Assign teams to jurors: a JSON problem in, a JSON answer out."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("problem", metavar="FILE", help="JSON; - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            problem = _problem(json.loads(_text(options["problem"])))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise CommandError(_("Problème illisible : {error}").format(error=error)) from error
        solution = solve(problem)
        answer = {
            "assignments": solution.assignments,
            "shortfalls": [asdict(shortfall) for shortfall in solution.shortfalls],
            "quality": asdict(solution.quality),
        }
        self.stdout.write(json.dumps(answer, ensure_ascii=False))


def _text(name: str) -> str:
    if name == "-":
        return sys.stdin.read()
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(_("Fichier illisible : {error}").format(error=error)) from error


def _problem(data: dict[str, Any]) -> Problem:
    jurors = [j if isinstance(j, dict) else {"id": j} for j in data["jurors"]]
    return Problem(
        teams=[str(team) for team in data["teams"]],
        jurors=[str(juror["id"]) for juror in jurors],
        readings=int(data.get("readings", 3)),
        recused={str(j["id"]): {str(t) for t in j.get("recused") or ()} for j in jurors},
        done=_pairs(data, "done"),
        planned=_pairs(data, "planned"),
        seed=int(data.get("seed", 1)),
    )


def _pairs(data: dict[str, Any], name: str) -> list[tuple[str, str]]:
    pairs = []
    for pair in data.get(name) or ():
        if isinstance(pair, str) or len(pair) != PAIR:
            raise ValueError(f"{name}: {pair!r}")
        pairs.append((str(pair[0]), str(pair[1])))
    return pairs
