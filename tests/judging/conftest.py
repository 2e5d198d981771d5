from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.models import LiveMessage
from hackathon.event.editions.models import Department
from judging.deliberation.services import decision as deliberation
from judging.models import Juror, ScoreSheet
from judging.scoring.services import sheets
from teams.models import Team
from tests.conftest import DEADLINE, make_team, make_user

NIGHT = DEADLINE + timedelta(hours=1)  # scoring is open
MORNING = DEADLINE + timedelta(hours=13)

type Fill = Callable[..., ScoreSheet | None]


@pytest.fixture
def fay(db) -> User:
    return make_user("fay@example.org", "Fay")


@pytest.fixture
def five(infocom, fay) -> Team:
    return make_team(infocom, "Les Five", fay, room="208", floor=2)


@pytest.fixture
def third(infocom) -> Team:
    return make_team(infocom, "Bocal à idées")


@pytest.fixture
def fill(criteria) -> Fill:
    # `fill(juror, team, 16, 12)` saves marks in the order of the criteria and finishes the sheet.

    def act(
        juror: Juror, team: Team, *values: float, finish: bool = True, comment: str = ""
    ) -> ScoreSheet | None:
        marks = {c: Decimal(str(v)) for c, v in zip(criteria, values, strict=False)}
        return sheets.save(
            juror=juror,
            team=team,
            marks=marks,
            comment=comment or None,
            finish=finish,
            by=juror.user,
            at=NIGHT,
        )

    return act


@pytest.fixture
def scored(fill, dan, comunik, five, third) -> Sequence[Team]:
    # Two teams with one finished sheet each (16 and 14), and a team without one.
    fill(dan, comunik, 16, 16, comment="Un vrai marché.")
    fill(dan, five, 14, 14)
    return comunik, five, third


@pytest.fixture
def decided(scored, diane, infocom) -> Department:
    # A draft: Com’unik and Les Five ex aequo, Bocal à idées nominated.
    comunik, five, third = scored
    deliberation.decide(
        department=infocom,
        nominees=[comunik.pk, five.pk, third.pk],
        places={comunik.pk: 1, five.pk: 1},
        reason="Deux travaux que le jury tient pour égaux.",
        by=diane.user,
        at=NIGHT,
    )
    return infocom


@pytest.fixture
def locked(decided, diane) -> Department:
    deliberation.lock(department=decided, by=diane.user, at=NIGHT)
    return decided


@pytest.fixture
def two_tables(comunik, five, third, dan, diane, max, fill) -> Department:  # noqa: A002
    # Locked: Dan and Max have read three teams, which are tied, and Diane alone « À part ».
    for team, dan_mark, max_mark in ((third, 16, 17), (five, 17, 15.5), (comunik, 15, 17)):
        fill(dan, team, dan_mark, dan_mark)
        fill(max, team, max_mark, max_mark)
    apart = make_team(comunik.department, "À part")
    fill(diane, apart, 12, 12)
    act = {"department": comunik.department, "by": diane.user, "at": NIGHT}
    places = {third.pk: 1, apart.pk: 1}
    deliberation.decide(nominees=list(places), places=places, reason="Toutes deux.", **act)
    return deliberation.lock(**act).department


def live_messages(type_: str) -> list[tuple[str, dict]]:
    # (audience, data) of each live message of this type.
    found = LiveMessage.objects.filter(type=type_)
    return [(audience, message.data) for message in found for audience in message.audience_names]


def text_of(answer: HttpResponse) -> str:
    # Line breaks and no-break spaces become spaces.
    return " ".join(answer.content.decode().split())


@pytest.fixture
def eve_client(client_of, eve) -> Client:
    return client_of(eve)


@pytest.fixture
def dan_client(client_of, dan) -> Client:
    return client_of(dan.user)


@pytest.fixture
def diane_client(client_of, diane) -> Client:
    return client_of(diane.user)


def at(name: str, *arguments: object) -> str:
    return reverse(f"judging:{name}", args=arguments)
