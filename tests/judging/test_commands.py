import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

CRITERIA = """juror,team,criterion,value,weight
x,a,need,12,3
x,a,idea,16,1
y,a,need,15,3
y,a,idea,,1
x,b,need,10,3
x,b,idea,10,1
y,b,need,11,3
y,b,idea,11,1
"""


DATA = Path(__file__).parent / "data"


def run(monkeypatch: pytest.MonkeyPatch, text: str, *options: str) -> str:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    out = io.StringIO()
    call_command("rank", "-", *options, stdout=out)
    return out.getvalue()


def ranked(monkeypatch: pytest.MonkeyPatch, text: str, *options: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(run(monkeypatch, text, "--json", *options))
    return answer


def test_marks_are_ranked(monkeypatch):
    found = ranked(monkeypatch, CRITERIA)

    assert [(s["team"], s["rank"], s["mean"], s["sheets"]) for s in found["standings"]] == [
        ("a", 1, 14.0, 2),  # (13 + 15) / 2: a missing mark is no zero
        ("b", 2, 10.5, 2),
    ]
    assert [team for group in found["groups"] for team in group] == ["a", "b"]
    assert set(found["jurors"]) == {"x", "y"}
    assert set(found["jurors"]["x"]) == {"severity", "se", "sheets"}
    assert found["components"] == 1
    assert 0.5 < found["pairs"]["a|b"] < 1
    for standing in found["standings"]:
        assert standing["low"] < standing["estimate"] < standing["high"]


def test_the_ranking_of_a_known_jury_stays_the_same():
    # A change of these numbers is a change of the method and needs a decision.
    out = io.StringIO()
    call_command("rank", str(DATA / "marks.csv"), "--json", stdout=out)
    found = json.loads(out.getvalue())
    expected = json.loads((DATA / "ranking.json").read_text())

    assert found["groups"] == expected["groups"]
    assert found["components"] == expected["components"]
    assert found["pairs"] == pytest.approx(expected["pairs"], abs=1e-6)
    assert found["jurors"].keys() == expected["jurors"].keys()
    for juror, line in found["jurors"].items():
        assert line == pytest.approx(expected["jurors"][juror], abs=1e-6)
    for line, kept in zip(found["standings"], expected["standings"], strict=True):
        assert line.pop("team") == kept.pop("team")
        assert line == pytest.approx(kept, abs=1e-6)


def test_totals_without_criteria_and_with_semicolons_and_commas(monkeypatch):
    text = "\ufeffjuror;team;value\nx;a;12,5\nx;b;10\ny;b;14\n"

    found = ranked(monkeypatch, text, "--method", "mean")

    assert {s["team"]: s["estimate"] for s in found["standings"]} == {"a": 12.5, "b": 12.0}


def test_without_json_it_prints_a_table(monkeypatch):
    text = run(monkeypatch, "juror,team,value\nx,a,12\nx,b,11\ny,c,3\n")

    assert "12,00" in text
    assert "pas comparable" in text


def test_a_file_is_read(tmp_path):
    file = tmp_path / "notes.csv"
    file.write_text(CRITERIA)
    out = io.StringIO()

    call_command("rank", str(file), "--json", stdout=out)

    assert json.loads(out.getvalue())["components"] == 1


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("team,value\na,1\n", "juror"),
        ("juror,team,value\nx,a,douze\n", "Ligne 2"),
        ("juror,team,value\nx,,12\n", "Ligne 2"),
        ("juror,team,value\nx,a,1\nx,a,2\n", "Ligne 3"),
        ("juror,team,value,weight\nx,a,1,0\n", "Ligne 2"),
    ],
)
def test_errors_name_the_line(monkeypatch, text, error):
    with pytest.raises(CommandError, match=error):
        run(monkeypatch, text, "--json")


def test_without_marks_there_are_no_standings(monkeypatch):
    found = ranked(monkeypatch, "juror,team,value\n")

    assert found["standings"] == []
    assert found["components"] == 0


def test_a_missing_file_is_an_error():
    with pytest.raises(CommandError, match="illisible"):
        call_command("rank", "/nowhere/at/all")
