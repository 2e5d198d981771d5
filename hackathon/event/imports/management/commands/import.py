import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hackathon.base.core import clock
from hackathon.base.core.errors import Refusal, Refused, refuse
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import find_department
from hackathon.event.imports import services
from hackathon.event.imports.enums import FILE_KINDS, Field, ImportKind
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.headers import field_named
from hackathon.event.imports.plan import Plan
from hackathon.event.imports.reading import Table, Unreadable, read
from hackathon.event.imports.rows import Problem
from hackathon.event.imports.selectors import Options
from hackathon.event.imports.titles import FIELDS_OF

NOTHING = {"rows": 0, "created": 0, "updated": 0, "unchanged": 0, "skipped": 0}


class Failed(Exception):
    def __init__(self, refusal: Refusal, column: str = "", row: int = 1) -> None:
        super().__init__(refusal.code)
        self.problem = Problem(row, column, refusal)


class Command(BaseCommand):
    """Exit code 1, and nothing written, if there is any error."""

    help = "Import students, teams, jurors or rooms from CSV, TSV, XLSX or ODS: all or nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[kind.value for kind in FILE_KINDS])
        parser.add_argument("file", type=Path)
        parser.add_argument("--edition", metavar="SLUG", help="the one that is shown, if not given")
        parser.add_argument("--check", action="store_true", help="write nothing")
        parser.add_argument(
            "--map", action="append", default=[], metavar="COLUMN=FIELD", help="what a column means"
        )
        parser.add_argument(
            "--sheet", default="", help="of a workbook; the first one, if not given"
        )
        parser.add_argument("--department", metavar="CODE", help="of rows that name none")
        parser.add_argument(
            "--move", action="store_true", help="let people change their department"
        )
        parser.add_argument("--json", action="store_true", help="the result as JSON, on one line")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        table: Table | None = None
        plan: Plan | None = None
        try:
            edition = _edition(options["edition"])
            with timezone.override(edition.zone):
                kind = ImportKind(options["kind"])
                table = read(_content(options["file"]), options["sheet"])
                plan = self._run(edition, kind, table, options)
            problems = plan.problems
        except Failed as failed:
            problems = [failed.problem]
        except Unreadable as error:
            problems = [Problem(error.row, "", error.refusal)]
        except Refused as refused:
            problems = [Problem(1, "", refused.refusal)]
        result = _as_dict(plan, table, problems, applied=not problems and not options["check"])
        if plan:
            self._name_left_out(plan)
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            self._print_errors(result)
            if plan and table:
                self._print_plan(plan, table)
            self._print_counts(result, seconds=time.monotonic() - began)
        if problems:
            raise SystemExit(1)

    def _run(
        self, edition: Edition, kind: ImportKind, table: Table, options: dict[str, Any]
    ) -> Plan:
        code = options["department"]
        department = find_department(edition, code) if code else None
        if code and department is None:
            codes = ", ".join(edition.departments.values_list("code", flat=True))
            raise Failed(refuse(ImportRefusal.DEPARTMENT_UNKNOWN, value=code, known=codes))
        mapping = _mapping(options["map"], kind)
        chosen = Options(mapping=mapping, department=department, may_move=options["move"])
        at = clock.now()
        if options["check"]:
            return services.preview(edition, kind, table, chosen, at=at)
        name = options["file"].name
        return services.apply(edition, kind, table, chosen, by=None, at=at, filename=name)[0]

    def _name_left_out(self, plan: Plan) -> None:
        """To standard error, also with JSON: who stands in the file and is left out."""
        for one in plan.lost:
            row = _("ligne {row}").format(row=one.row) if one.row else ""
            place = ", ".join(filter(None, [row, one.column]))
            text = _("{person} n’est pas importé : {why}")
            self.stderr.write(f"! {place} : {text.format(person=one.person, why=one.reason.label)}")

    def _print_errors(self, result: dict[str, Any]) -> None:
        for error in result["errors"]:
            place = _("ligne {row}").format(row=error["row"])
            column = f", {error['column']}" if error["column"] else ""
            self.stderr.write(f"✗ {place}{column} : {error['message']}")
        if any(error["code"] == ImportRefusal.DEPARTMENT_MISSING for error in result["errors"]):
            self.stderr.write(_("Pour tout le fichier : --department CODE."))

    def _print_plan(self, plan: Plan, table: Table) -> None:
        if len(table.sheets) > 1:
            text = _("Feuille lue : {sheet}. Le classeur a aussi : {others}.")
            others = ", ".join(name for name in table.sheets if name != table.sheet)
            self.stderr.write(text.format(sheet=table.sheet, others=others))
        if moved := plan.moved.total():
            text = ngettext(
                "{n} personne change de département ({moves}).",
                "{n} personnes changent de département ({moves}).",
                moved,
            )
            moves = ", ".join(f"{text} : {n}" for text, n in plan.moved.items())
            self.stderr.write(text.format(n=moved, moves=moves))
            if plan.problems:
                self.stderr.write(_("Si c’est voulu : --move."))
        if left := ", ".join(c.title for c in plan.reading.columns.all if c.is_left_out):
            self.stderr.write(_("Colonnes laissées de côté : {titles}").format(titles=left))
        for row in plan.results.values():
            for note in row.notes:
                self.stderr.write(f"· {_('ligne {row}').format(row=row.row)} : {note}")
        for question in plan.questions:
            text = _("{name} est peut-être la même personne que {other}.")
            line = _("ligne {row}").format(row=question.row)
            other = ", ".join(shown for _email, shown in question.others)
            self.stderr.write(f"? {line} : {text.format(name=question.name, other=other)}")

    def _print_counts(self, result: dict[str, Any], *, seconds: float) -> None:
        text = _(
            "Lignes : {rows} ; nouvelles : {created}, modifiées : {updated},"
            " inchangées : {unchanged}, laissées de côté : {skipped}, erreurs : {wrong}"
            " ({seconds:.1f} s)."
        )
        counted = {**result, "wrong": len(result["errors"]), "seconds": seconds}
        self.stdout.write(text.format(**counted))
        if not result["applied"]:
            self.stdout.write(_("Rien n’a été écrit."))


def _edition(slug: str | None) -> Edition:
    edition = Edition.objects.filter(slug=slug).first() if slug else Edition.objects.current()
    if edition is None:
        raise Failed(refuse(ImportRefusal.EDITION_UNKNOWN))
    return edition


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Failed(refuse(ImportRefusal.FILE_MISSING, file=path)) from error


def _mapping(texts: list[str], kind: ImportKind) -> dict[str, Field]:
    """`Column=field`; the title of a column may contain « = »."""
    fields_by_title: dict[str, Field] = {}
    for text in texts:
        title, _equals, name = text.rpartition("=")
        field = field_named(name)
        allowed = [f for f in Field if f in FIELDS_OF[kind] or f is Field.IGNORED]
        if not title or field not in allowed:
            fields = ", ".join(allowed)
            raise Failed(refuse(ImportRefusal.FIELD_UNKNOWN, field=name, fields=fields), title)
        fields_by_title[title.strip()] = field
    return fields_by_title


def _as_dict(
    plan: Plan | None, table: Table | None, problems: list[Problem], *, applied: bool
) -> dict[str, Any]:
    counts = plan.counts() if plan else NOTHING
    if problems:
        counts = {**counts, "created": 0, "updated": 0}
    return {
        **counts,
        "errors": [
            {
                "row": problem.row,
                "column": problem.column,
                "code": problem.refusal.code.value,
                "message": str(problem.refusal),
            }
            for problem in sorted(problems, key=lambda p: p.row)
        ],
        "encoding": table.encoding if table else None,
        "separator": table.separator if table else None,
        "applied": applied,
    }
