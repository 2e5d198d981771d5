"""Bodies of the API about the decision of a jury."""

from typing import Any

from rest_framework import serializers

from hackathon.core.api import AnyInstantField, Strict
from judging.deliberation.selectors.decision import DecisionState, Signer
from judging.deliberation.selectors.passages import passages_record
from judging.deliberation.selectors.proposed_readings import ProposedReading
from judging.models import Award, Deliberation, Juror
from judging.ranking.pair_words import explain_pair
from judging.ranking.pairs import Pair
from judging.ranking.results import DepartmentRanking

RANK_MAX = 1000


class PlaceSerializer(serializers.Serializer[Any]):
    team = serializers.IntegerField(min_value=1)
    rank = serializers.IntegerField(min_value=1, max_value=RANK_MAX)


class PrizeSerializer(serializers.Serializer[Any]):
    team = serializers.IntegerField(min_value=1)
    title = serializers.CharField(max_length=Award._meta.get_field("title").max_length)


class SignerSerializer(serializers.Serializer[Any]):
    juror = serializers.IntegerField()
    name = serializers.CharField()
    signed_at = serializers.DateTimeField(allow_null=True)


class StandingSerializer(serializers.Serializer[Any]):
    """Out of 20, with more digits than pages print. Teams of one `group` are ex aequo; tables are
    not comparable with each other. `margin`: half of a 95 % interval.

    `wanted`: readings that the team should have; with fewer `sheets` its rank is provisional.
    """

    team = serializers.IntegerField()
    name = serializers.CharField()
    table = serializers.IntegerField()
    group = serializers.IntegerField()
    rank = serializers.IntegerField()
    estimate = serializers.FloatField()
    margin = serializers.FloatField()
    mean = serializers.FloatField()
    sheets = serializers.IntegerField()
    wanted = serializers.IntegerField()


class NominationSealSerializer(serializers.Serializer[Any]):
    locked_at = serializers.DateTimeField()
    digest = serializers.CharField()


class PassageCriterionSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class PassageMarkSerializer(serializers.Serializer[Any]):
    """Out of 20."""

    juror = serializers.IntegerField()
    team = serializers.IntegerField()
    criterion = serializers.IntegerField()
    value = serializers.DecimalField(max_digits=3, decimal_places=1)


class PassagesSerializer(serializers.Serializer[Any]):
    """The marks of all jurors while they heard the nominees. They are not in the ranking."""

    criteria = PassageCriterionSerializer(many=True)
    marks = PassageMarkSerializer(many=True)


class DeliberationSerializer(serializers.Serializer[Any]):
    """`seen` is the version of the ranking. `standings`, `reliabilities`, `seen` and `passages` are
    for the president only. `hears_nominees`: the nominees are locked first (`nominations`), and the
    winners once the jury has heard them.
    """

    id = serializers.IntegerField(help_text="Of the department.")
    department = serializers.CharField()
    opened_at = serializers.DateTimeField(allow_null=True)
    locked_at = serializers.DateTimeField(allow_null=True)
    digest = serializers.CharField()
    hears_nominees = serializers.BooleanField()
    nominations = NominationSealSerializer(allow_null=True)
    nominees = serializers.ListField(child=serializers.IntegerField())
    places = PlaceSerializer(many=True)
    special = PrizeSerializer(many=True)
    reason = serializers.CharField()
    order_confirmed = serializers.BooleanField()
    signatures = SignerSerializer(many=True)
    standings = StandingSerializer(many=True)
    reliabilities = serializers.ListField(
        child=serializers.FloatField(allow_null=True),
        help_text="Of each table, from 0 to 1; null if unknown.",
    )
    not_ranked = serializers.ListField(child=serializers.IntegerField())
    seen = serializers.CharField()
    passages = PassagesSerializer(allow_null=True)


class DecisionSerializer(Strict):
    """Equal ranks are ex aequo. `seen` is that of the ranking on which the jury decided."""

    nominees = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=500)
    places = PlaceSerializer(many=True)
    special = PrizeSerializer(many=True, default=list)
    reason = serializers.CharField(
        max_length=Deliberation._meta.get_field("reason").max_length, default="", allow_blank=True
    )
    order_confirmed = serializers.BooleanField(default=False)
    seen = serializers.CharField(max_length=64)


class SignatureSerializer(Strict):
    seen = AnyInstantField(help_text="`opened_at` of the decision that you have read.")


class ReopeningSerializer(Strict):
    reason = serializers.CharField(max_length=2000)


class ProposedReadingSerializer(serializers.Serializer[Any]):
    juror = serializers.IntegerField()
    team = serializers.IntegerField()
    chance = serializers.FloatField(help_text="That the first team is truly the best.")
    chance_later = serializers.FloatField(help_text="As expected once this reading is done.")


class SecondReadingsSerializer(serializers.Serializer[Any]):
    readings = ProposedReadingSerializer(many=True, help_text="One at most.")
    seen = serializers.CharField(help_text="To be sent back to assign exactly these.")
    refusal = serializers.CharField(help_text="The code of a refusal. Empty: there are some.")


class AssignSerializer(Strict):
    seen = serializers.CharField(max_length=64)


def decision_body(
    juror: Juror,
    decided: DecisionState,
    signers: list[Signer],
    ranking: DepartmentRanking | None,
) -> dict[str, Any]:
    """`ranking`: for the president."""
    deliberation = decided.deliberation
    return {
        "id": juror.department_id,
        "department": juror.department.code,
        "opened_at": deliberation and deliberation.opened_at,
        "locked_at": deliberation and deliberation.locked_at,
        "digest": deliberation.digest if deliberation else "",
        "hears_nominees": decided.hears,
        "nominations": decided.seal,
        "nominees": [team.pk for team in decided.nominees],
        "places": [{"team": pk, "rank": rank} for pk, rank in decided.ranks.items()],
        "special": [{"team": prize.team.pk, "title": prize.title} for prize in decided.special],
        "reason": decided.reason,
        "order_confirmed": deliberation is not None and deliberation.order_confirmed,
        "signatures": [
            {"juror": s.juror.pk, "name": s.juror.user.display_name, "signed_at": s.signed_at}
            for s in signers
        ],
        "standings": _standings(ranking) if ranking else [],
        "reliabilities": [table.reliability for table in ranking.tables] if ranking else [],
        "not_ranked": [team.pk for team in ranking.not_ranked] if ranking else [],
        "seen": ranking.basis if ranking else "",
        "passages": passages_record(juror.department) if ranking else None,
    }


def _standings(ranking: DepartmentRanking) -> list[dict[str, Any]]:
    return [
        {
            "team": line.team.pk,
            "name": line.team.name,
            "table": table_number,
            "group": group_number,
            "rank": line.rank,
            "estimate": line.estimate,
            "margin": line.margin,
            "mean": line.mean,
            "sheets": line.sheets,
            "wanted": line.wanted,
        }
        for table_number, table in enumerate(ranking.tables, start=1)
        for group_number, group in enumerate(table.groups, start=1)
        for line in group
    ]


def readings_body(
    reading: ProposedReading | None, seen: str = "", refusal: str = ""
) -> dict[str, Any]:
    readings = [
        {
            "juror": proposed.juror.pk,
            "team": proposed.team.pk,
            "chance": round(proposed.chance, 2),
            "chance_later": round(proposed.chance_later, 2),
        }
        for proposed in ([reading] if reading else [])
    ]
    return {"readings": readings, "seen": seen, "refusal": refusal}


class PairPartSerializer(serializers.Serializer[Any]):
    """Points out of 20. `criterion` is 0 for the rounding."""

    criterion = serializers.IntegerField()
    marks = serializers.DecimalField(max_digits=5, decimal_places=2)
    correction = serializers.DecimalField(max_digits=5, decimal_places=2)


class PairSerializer(serializers.Serializer[Any]):
    """The higher value comes `first`. Differences are those of the first team less those of the
    second one. `parts` sum to `difference`, and are empty if it does not split: `unsplit` says why.
    """

    first = serializers.IntegerField()
    second = serializers.IntegerField()
    difference = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    parts = PairPartSerializer(many=True)
    unsplit = serializers.CharField()
    chance = serializers.FloatField(allow_null=True, help_text="That this order is the right one.")
    tied = serializers.BooleanField()
    departures = serializers.ListField(child=serializers.CharField())
    sentences = serializers.ListField(child=serializers.CharField())


def pair_body(pair: Pair) -> dict[str, Any]:
    difference = pair.difference
    parts = [*difference.parts, difference.rounding] if difference and difference.parts else []
    return {
        "first": pair.first.team,
        "second": pair.second.team,
        "difference": difference and difference.total.both,
        "parts": [
            {"criterion": p.criterion or 0, "marks": p.marks, "correction": p.correction}
            for p in parts
        ],
        "unsplit": pair.unsplit or "",
        "chance": pair.chance,
        "tied": pair.tied,
        "departures": [kind for kind, _team in pair.departures],
        "sentences": explain_pair(pair),
    }
