"""Page, API, minutes, exported marks and `manage.py rank` give one ranking of a locked jury."""

import html
import io
import json
import random
import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from hackathon.base.accounts.models import User
from hackathon.base.core.csv_files import without_formula
from hackathon.event.editions.models import Department, Edition
from judging.deliberation import minutes_pdf
from judging.deliberation.selectors.decision import DecisionState
from judging.deliberation.selectors.envelopes import results_to_seal
from judging.deliberation.selectors.minutes import Minutes
from judging.deliberation.services.records import record_of
from judging.enums import Method, SheetState
from judging.models import Criterion, Deliberation, Juror, JuryRules, Score, ScoreSheet
from judging.ranking.selectors import compute_ranking, ranking_inputs
from judging.scales import SCALES, rounded, written
from teams.models import Team
from tests.conftest import DEADLINE, make_user

type Row = tuple[str, ...]  # ranks, team, value, margin, mean, sheets

EDITIONS, AT_ONCE = 200, 25
NAMES = ["Àé Bit", "Com’unik; Duo", "=1+1", "Été", "Fête", "Gâteau", "Hé “ho”", "Île"]


@pytest.fixture
def jurors() -> list[User]:
    return [make_user(f"j{n}@example.org", f"Juré {n % 3}") for n in range(5)]  # names repeat


@pytest.mark.parametrize("first", range(0, EDITIONS, AT_ONCE))
def test_every_way_out_of_a_jury_gives_the_same_ranking(
    client_of, edition, jurors, tmp_path, first
):
    browser = client_of(jurors[0])
    for seed in range(first, first + AT_ONCE):
        with transaction.atomic():
            chance = random.Random(seed)
            jury, _other = (drawn(chance, edition, code, jurors) for code in ("ONE", "TWO"))
            deliberation = locked(jury, jurors[0])

            expected = of_minutes(deliberation)
            assert expected
            assert of_page(browser) == expected, seed
            exported = tmp_path / "notes.csv"
            exported.write_bytes(browser.get(reverse("judging:marks", args=["ONE"])).content)
            assert of_command(exported) == as_exported(expected), seed
            assert of_printed_command(exported) == as_exported(expected), seed
            transaction.set_rollback(True)


def drawn(chance: random.Random, edition: Edition, code: str, people: Sequence[User]) -> Department:
    """Has ties, teams read once, and sometimes tables without a common juror."""
    department = Department.objects.create(edition=edition, code=code, name=code)
    JuryRules.objects.create(
        department=department,
        method=chance.choice(list(Method)),
        separation=Decimal(chance.choice(["0.60", "0.80", "0.95"])),
    )
    criteria = [
        Criterion.objects.create(
            department=department, name="Critère", weight=n + 1, scale=chance.choice([*SCALES])
        )
        for n in range(chance.randint(1, 3))
    ]
    teams = [
        Team.objects.create(
            edition=edition, department=department, name=f"{name} {code}", registered_at=DEADLINE
        )
        for name in chance.sample(NAMES, chance.randint(3, 8))
    ]
    seats = [
        Juror.objects.create(department=department, user=user, is_president=n == 0)
        for n, user in enumerate(people[: chance.randint(2, 5)])
    ]
    severity = {seat: chance.gauss(0, 2) for seat in seats}
    readings = chance.randint(1, len(seats))
    scores = []
    for team in teams:
        level = chance.gauss(12, chance.choice([0, 1, 3]))
        for seat in chance.sample(seats, readings):
            final = {"state": SheetState.FINAL, "changed_at": DEADLINE, "finished_at": DEADLINE}
            sheet = ScoreSheet(juror=seat, team=team, **final)
            for criterion in criteria:
                share = min(max(level + severity[seat] + chance.gauss(0, 1.4), 0), 20) / 20
                value = Decimal(round(2 * share * criterion.scale)) / 2
                scores.append(
                    Score(sheet=sheet, criterion=criterion, value=value, changed_at=DEADLINE)
                )
    ScoreSheet.objects.bulk_create({id(score.sheet): score.sheet for score in scores}.values())
    Score.objects.bulk_create(scores)
    return department


def locked(department: Department, by: User) -> Deliberation:
    inputs = ranking_inputs(department)
    deliberation = Deliberation(department=department, locked_at=DEADLINE, locked_by=by)
    deliberation.save()
    result, decided = compute_ranking(inputs), DecisionState(deliberation)
    results = results_to_seal(deliberation)
    deliberation.record = record_of(results, inputs, result, decided, [], [], [])
    # As the database gives it back.
    deliberation.record = json.loads(json.dumps(deliberation.record))
    deliberation.save()
    return deliberation


def of_minutes(deliberation: Deliberation) -> list[Row]:
    tables = minutes_pdf._ranking(Minutes(deliberation, named=True))
    heads = minutes_pdf._heads(deliberation.record["parameters"]["method"])
    return [
        (
            line[0],
            re.sub(r" \(provisoire.*", "", line[1]),
            line[2],
            line[3],
            line[heads.index("Moyenne")],
            line[-1],
        )
        for table in tables
        for line in table["lines"]
    ]


def of_page(browser: Client) -> list[Row]:
    page = browser.get(reverse("judging:deliberation", args=["ONE"])).content.decode()
    rows = []
    for row in re.findall(r"<tr[^>]*>\s*<td class=\"is-num ranking-rank.*?</tr>", page, re.DOTALL):
        cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
        rank, team, value, *mean, sheets = (
            [text(part) for part in re.split("<span|<details", cell)] for cell in cells
        )
        rows.append((rank[0], team[0], value[0], value[1], (mean or [value])[0][0], sheets[0]))
    return rows


def text(part: str) -> str:
    return html.unescape(strip_tags(f"<i {part}" if part.startswith(" class") else part)).strip()


def of_command(marks: Path) -> list[Row]:
    out = io.StringIO()
    call_command("rank", str(marks), "--json", stdout=out)
    answer = json.loads(out.getvalue())
    lines = {line["team"]: line for line in answer["standings"]}
    return [
        (
            ranks([lines[team] for team in group]),
            team,
            written(lines[team]["estimate"]),
            margin((lines[team]["high"] - lines[team]["low"]) / 2),
            written(lines[team]["mean"]),
            str(lines[team]["sheets"]),
        )
        for group in answer["groups"]
        for team in group
    ]


def of_printed_command(marks: Path) -> list[Row]:
    out = io.StringIO()
    call_command("rank", str(marks), stdout=out)
    line = re.compile(r"^ *(\d+(?:–\d+)?) +([\d,]+) +(±\s[\d,]+|–) +\(([\d,]+).*?, (\d+)\)  (.+)$")
    found = filter(None, map(line.match, out.getvalue().splitlines()))
    return [("–".join(map(ordinal, m[1].split("–"))), m[6], m[2], m[3], m[4], m[5]) for m in found]


def ranks(lines: Sequence[dict]) -> str:
    return "–".join(dict.fromkeys(ordinal(str(line["rank"])) for line in (lines[0], lines[-1])))


def ordinal(rank: str) -> str:
    return "1er" if rank == "1" else f"{rank}e"


def margin(value: float) -> str:
    return f"± {written(value, 1)}" if rounded(value, 1) else "–"


def as_exported(rows: list[Row]) -> list[Row]:
    """The file has an apostrophe before a name that a spreadsheet would run as a formula."""
    return [(rank, without_formula(team), *figures) for rank, team, *figures in rows]
