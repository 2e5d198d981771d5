"""What the jury's pages say once a decision is locked, shown or published: never what was before."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.accounts.models import User
from hackathon.editions.models import Department
from judging.models import Juror
from submissions.models import Deliverable, Submission
from teams.models import Team
from tests.conftest import NOON
from tests.judging.conftest import NIGHT, text_of

type Browser = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _at_night() -> object:
    with time_machine.travel(NIGHT + timedelta(minutes=30), tick=False):
        yield


def at(name: str, *more: object) -> str:
    return reverse(f"judging:{name}", args=["INFOCOM", *more])


def hand_in(team: Team, deliverable: Deliverable, by: User) -> None:
    Submission.objects.create(
        deliverable=deliverable,
        team=team,
        version=1,
        begun_at=NOON,
        received_at=NOON,
        submitted_by=by,
        size=3,
        sha256="0" * 64,
        text="oui",
    )


# ---------------------------------------------------------------- who waits to sign


def test_who_waits_to_sign_is_led_to_the_locked_decision(
    client_of: Browser, locked: Department, dan: Juror
) -> None:
    page = text_of(client_of(dan.user).get(at("sign")))

    assert "La décision est verrouillée" in page
    assert f'href="{at("deliberation")}"' in page
    assert "Rien à signer" not in page
    assert "live:deliberation.locked" in page


# ---------------------------------------------------------------- who handed in nothing


def test_the_president_is_told_which_teams_have_not_handed_in(
    client_of: Browser,
    decided: Department,
    diane: Juror,
    ada: User,
    comunik: Team,
    dossier: Deliverable,
    site_link: Deliverable,
) -> None:
    for deliverable in (dossier, site_link):
        hand_in(comunik, deliverable, ada)
    room = client_of(diane.user)

    ranking, lock = text_of(room.get(at("deliberation"))), text_of(room.get(at("lock")))

    # Les Five: in the ranking and in the decision beside it; Bocal à idées: among those not ranked.
    assert ranking.count("0 livrable obligatoire sur 2") == 3
    assert lock.count("0 livrable obligatoire sur 2") == 1  # Les Five, who win
    assert "Dossier de stratégie, Site vitrine" in lock


def test_a_team_that_handed_in_a_part_is_not_said_to_have_nothing(
    client_of: Browser,
    decided: Department,
    diane: Juror,
    ada: User,
    comunik: Team,
    dossier: Deliverable,
    site_link: Deliverable,
) -> None:
    hand_in(comunik, dossier, ada)

    lock = text_of(client_of(diane.user).get(at("lock")))

    assert "1 livrable obligatoire sur 2" in lock
    assert lock.count("rien rendu :") == 1
