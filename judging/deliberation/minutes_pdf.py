"""In French, from the record of the lock."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from django.utils import timezone, translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from hackathon.base.core.formats import clock_seconds, date_text
from hackathon.base.core.typeset import typeset
from judging.deliberation.selectors.decision import absent_in, unsigned_in
from judging.deliberation.selectors.minutes import Minutes
from judging.enums import HEARING, Method
from judging.ranking.departures import Departure, DepartureKind
from judging.ranking.explanation import (
    border_text,
    correction_text,
    explain_departures,
    margin_in_words,
    margin_text,
    place_name,
    provisional_text,
    rank_range,
    ranking_heads,
    reliability_text,
    separation_text,
    table_title,
    tables_apart,
)
from judging.ranking.results import RankingResult
from judging.ranking.selectors import recorded_ranking
from judging.ranking.standings import Standing, Weighting, total
from judging.scales import OUT_OF, SCALES, written


def render(minutes: Minutes) -> bytes:
    locked_at = minutes.deliberation.locked_at
    assert locked_at is not None
    zone = minutes.department.edition.zone
    with translation.override("fr"), timezone.override(zone):
        data = _data(minutes, locked_at)
    return typeset("judging/deliberation/minutes.typ", data, at=locked_at)


def filename(minutes: Minutes) -> str:
    return f"proces-verbal-{minutes.department.code.lower()}.pdf"


def _data(minutes: Minutes, locked_at: datetime) -> dict[str, Any]:
    record, deliberation = minutes.record, minutes.deliberation
    assert deliberation.locked_by is not None
    data = {
        "title": _("Procès-verbal de délibération"),
        "edition": record["edition"]["name"],
        "department": record["department"]["name"],
        "locked": _("Délibération verrouillée le {day} à {time} par {name}").format(
            day=date_text(locked_at, "l j F Y"),
            time=timezone.localtime(locked_at).strftime("%H:%M:%S"),
            name=deliberation.locked_by.display_name,
        ),
        "decision": _decision(minutes),
        "heads": _heads(record["parameters"]["method"]),
        "ranking": _ranking(minutes),
        "margin": margin_in_words(),
        "apart": tables_apart() if not recorded_ranking(record).is_comparable else "",
        "method": _method(record["parameters"]),
        "marks": _marks(minutes),
        "signatures": _signatures(minutes.record, minutes.names),
        "nominations": _nominations(minutes),
        "heard": _heard(minutes),
        "recusals": [
            [minutes.names[juror], minutes.teams[team]]
            for juror, team in record["recusals"]
            if juror in minutes.names and team in minutes.teams
        ],
        "announced": [
            _("{team}, {name} : à {time}").format(
                team=team, name=name, time=clock_seconds(announced_at)
            )
            for team, name, announced_at in minutes.announced
        ],
        "digest": deliberation.digest,
        "struck": [
            {
                "digest": struck["digest"],
                "why": _("Annulée le {at} par {name} : {reason}").format(
                    at=_when(struck["struck_at"]), name=struck["by"], reason=struck["reason"]
                ),
            }
            for struck in deliberation.struck
        ],
        "code": _("Programme {version} ; sources du classement, SHA-256 : {sha}").format(
            version=record["code"]["version"], sha=record["code"]["sha256"]
        ),
        "named": minutes.named,
    }
    printable = _printable(data)
    assert isinstance(printable, dict)
    return printable


def _decision(minutes: Minutes) -> dict[str, Any]:
    decision, teams = minutes.record["decision"], minutes.teams
    departures = [
        Departure(DepartureKind(d["kind"]), d["team"], d["other"]) for d in decision["departures"]
    ]
    return {
        "places": [
            [
                _ordinal(place["rank"], len(place["teams"])),
                ", ".join(sorted(teams[pk] for pk in place["teams"])),
            ]
            for place in decision["places"]
        ],
        "special": [[prize["title"], teams[prize["team"]]] for prize in decision["special"]],
        "nominees": ", ".join(sorted(teams[pk] for pk in decision["nominees"])),
        "departures": explain_departures(departures, teams),
        "reason": decision["reason"],
        "confirmed": _(
            "La présidence a confirmé cet ordre, qui n’est pas celui des moyennes simples."
        )
        if decision["order_confirmed"]
        else "",
    }


def _ranking(minutes: Minutes) -> list[dict[str, Any]]:
    """The tables of `RankingResult`, as on the president's page."""
    result, teams = recorded_ranking(minutes.record), minutes.teams
    borders = result.close_borders(float(minutes.record["parameters"]["separation"]))
    tables = result.tables
    return [
        {
            "title": table_title(number) if len(tables) > 1 else "",
            "lines": [line for group in groups for line in _lines(minutes, result, group)],
            "notes": [
                *filter(None, [_reliability(groups, reliability)]),
                *(
                    border_text(teams[borders[below][0]], teams[below], borders[below][1])
                    for group in groups
                    if (below := group[0].team) in borders
                ),
            ],
        }
        for number, (groups, reliability) in enumerate(
            zip_longest(tables, result.reliabilities[: len(tables)]), 1
        )
    ]


def _reliability(groups: Sequence[Sequence[Standing]], reliability: float | None) -> str:
    sheets = [standing.sheets for group in groups for standing in group]
    return reliability_text(reliability, sum(sheets) / len(sheets))


def _heads(method: str) -> list[str]:
    """The columns of `_lines`."""
    heads = ranking_heads(method)
    beside = [head for head in (heads.mean, heads.correction) if head]
    return [_("Rang"), _("Équipe"), heads.figure, _("Marge à 95 %"), *beside, _("Fiches")]


def _lines(minutes: Minutes, result: RankingResult, group: Sequence[Standing]) -> list[list[str]]:
    heads = ranking_heads(minutes.record["parameters"]["method"])

    def beside(standing: Standing) -> list[str]:
        mean = [written(standing.mean)] if heads.mean else []
        return mean + ([correction_text(standing)] if heads.correction else [])

    def named(standing: Standing) -> str:
        name, wanted = minutes.teams[standing.team], result.wanted.get(standing.team, 0)
        if standing.sheets >= wanted:
            return name
        return f"{name} ({provisional_text(standing.sheets, wanted)})"

    return [
        [
            strip_tags(rank_range(group)),
            named(standing),
            written(standing.estimate),
            margin_text(standing.margin),
            *beside(standing),
            str(standing.sheets),
        ]
        for standing in group
    ]


def _method(parameters: dict[str, Any]) -> str:
    text = {
        Method.HARMONISED: _(
            "Moyenne harmonisée : le total d’une fiche est la moyenne de ses notes selon leurs"
            " coefficients, sur 20. Certains jurés notent plus sévèrement que d’autres : cela se"
            " mesure sur les équipes que plusieurs jurés ont lues. La note corrigée retire cet"
            " écart, d’autant moins que le juré a lu peu d’équipes."
        ),
        Method.MEAN: _(
            "Moyenne simple : la moyenne des totaux des fiches, chacun étant la moyenne de ses"
            " notes selon leurs coefficients, sur 20."
        ),
        Method.MEDIAN: _(
            "Médiane : la médiane des totaux des fiches, chacun étant la moyenne de ses notes selon"
            " leurs coefficients, sur 20."
        ),
    }[Method(parameters["method"])]
    return " ".join(
        (
            text,
            _("Une note qui manque ne compte pas comme un zéro."),
            separation_text(float(parameters["separation"])),
        )
    )


def _marks(minutes: Minutes) -> dict[str, Any]:
    record = minutes.record
    criteria = record["criteria"]
    weightings = {str(c["id"]): Weighting(c["weight"], c["scale"]) for c in criteria}
    lines = []
    for sheet in record["sheets"]:
        marks = {pk: Fraction(value) for pk, value in sheet["marks"].items()}
        sheet_total = total(marks, weightings)
        lines.append(
            [
                minutes.teams[sheet["team"]],
                minutes.jurors[sheet["juror"]],
                *(_mark(sheet["marks"].get(str(c["id"])), c["scale"]) for c in criteria),
                "–" if sheet_total is None else written(sheet_total),
            ]
        )
    return {
        "criteria": [
            [
                c["name"],
                _("{scale}, coef. {weight}").format(
                    scale=SCALES[c["scale"]].suffix, weight=c["weight"]
                ),
            ]
            for c in criteria
        ],
        "lines": sorted(lines),
    }


def _mark(value: str | None, scale: int) -> str:
    return "–" if value is None else SCALES[scale].show(Decimal(value))


def _signatures(record: dict[str, Any], names: dict[int, str]) -> list[list[str]]:
    signed = [
        [names[s["juror"]], _("signé le {at}").format(at=_when(s["at"]))]
        for s in record["signatures"]
    ]
    return [
        *signed,
        *([names[pk], _("absent")] for pk in absent_in(record)),
        *([names[pk], _("n’a pas signé")] for pk in unsigned_in(record)),
    ]


def _nominations(minutes: Minutes) -> dict[str, Any] | None:
    """The first of two acts."""
    seal = minutes.seal
    if seal is None:
        return None
    return {
        "locked": _("Nominations verrouillées le {day} à {time} par {name}").format(
            day=date_text(seal.locked_at, "l j F Y"),
            time=timezone.localtime(seal.locked_at).strftime("%H:%M:%S"),
            name=seal.locked_by.display_name,
        ),
        "said": _("Le jury a décidé des lauréats après avoir entendu les équipes nommées."),
        "digest": seal.digest,
        "signatures": _signatures(seal.record, minutes.names),
    }


def _heard(minutes: Minutes) -> dict[str, Any] | None:
    """One line for each juror and team that the juror has marked."""
    passages = minutes.record.get(HEARING)
    if not passages or not passages["marks"]:
        return None
    rows: dict[tuple[str, str], dict[int, str]] = {}
    for mark in passages["marks"]:
        row = rows.setdefault((minutes.teams[mark["team"]], minutes.jurors[mark["juror"]]), {})
        row[mark["criterion"]] = _mark(mark["value"], OUT_OF)
    criteria = passages["criteria"]
    return {
        "criteria": [criterion["name"] for criterion in criteria],
        "lines": [
            [team, juror, *(marks.get(c["id"], "–") for c in criteria)]
            for (team, juror), marks in sorted(rows.items())
        ],
    }


def _ordinal(rank: int, held_by: int) -> str:
    return place_name(rank) + (" " + _("ex æquo") if held_by > 1 else "")


def _when(at: str) -> str:
    local = timezone.localtime(datetime.fromisoformat(at))
    return date_text(local, _("j F Y à G:i"))


def _printable(data: Any) -> Any:
    """All texts without control characters, such as direction marks and NUL."""
    if isinstance(data, str):
        return "".join(
            char if char == "\n" or unicodedata.category(char)[0] != "C" else "\ufffd"
            for char in data
        )
    if isinstance(data, dict):
        return {key: _printable(value) for key, value in data.items()}
    if isinstance(data, Iterable):
        return [_printable(value) for value in data]
    return data
