from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from hackathon.accounts.models import User
from hackathon.core.typography import spaced
from hackathon.editions.models import Department, Edition
from submissions.extensions.forms import ExtensionForm
from submissions.models import Extension
from teams.models import Team
from tests.conftest import NOON, make_team
from tests.submissions.conftest import MINUTE, extend

ClientOf = Callable[[User], Client]
PAGE = "/organisation/editions/ccd-2020/delais/"


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize("kind", ["team", "department"])
def test_grant(
    kind: str, client_of: ClientOf, eve: User, comunik: Team, infocom: Department
) -> None:
    target = comunik if kind == "team" else infocom
    sent = {"target": f"{kind}:{target.pk}", "minutes": "15", "reason": "Panne de réseau"}

    answer = client_of(eve).post(PAGE, sent, follow=True)

    extension = Extension.objects.get()
    assert getattr(extension, kind) == target
    assert (extension.minutes, extension.granted_by) == (15, eve)
    assert spaced("Délai accordé : +15 min pour") in answer.content.decode()
    assert "Panne de réseau" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("target", ""), ("target", "team:0"), ("minutes", "0"), ("minutes", "x"), ("reason", "")],
)
@time_machine.travel(NOON, tick=False)
def test_mistakes(field: str, value: str, client_of: ClientOf, eve: User, comunik: Team) -> None:
    sent = {"target": f"team:{comunik.pk}", "minutes": "15", "reason": "Panne", field: value}

    answer = client_of(eve).post(PAGE, sent)

    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert not Extension.objects.exists()


@pytest.mark.parametrize(
    ("sent", "minutes"),
    [
        # Of 14:30 hours: 287.1 minutes.
        ({"percent": "33", "minutes": "10"}, 288),
        ({"other_minutes": "7", "minutes": "10"}, 7),
        ({"other_minutes": "7"}, 7),
        ({}, None),
        ({"percent": "101"}, None),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_other_minutes_and_percent(
    sent: dict[str, str], minutes: int | None, client_of: ClientOf, eve: User, comunik: Team
) -> None:
    client_of(eve).post(PAGE, {"target": f"team:{comunik.pk}", "reason": "Panne", **sent})

    extension = Extension.objects.first()
    assert (extension.minutes if extension else None) == minutes


@time_machine.travel(NOON, tick=False)
def test_refusal_is_shown(client_of: ClientOf, eve: User, comunik: Team) -> None:
    Edition.objects.update(results_published_at=NOON - MINUTE)
    sent = {"target": f"team:{comunik.pk}", "minutes": "15", "reason": "Panne"}

    answer = client_of(eve).post(PAGE, sent)

    assert answer.status_code == 422
    assert "Les résultats sont publiés" in answer.content.decode()


@time_machine.travel(NOON, tick=False)
def test_revoke(client_of: ClientOf, eve: User, comunik: Team) -> None:
    extension = extend(eve, 15, team=comunik)

    answer = client_of(eve).post(
        reverse("submissions:extension-revoke", args=[extension.pk]), follow=True
    )

    extension.refresh_from_db()
    assert extension.revoked_by == eve
    assert "retiré par Eve" in answer.content.decode()


def test_team_can_be_preselected(client_of: ClientOf, eve: User, comunik: Team) -> None:
    page = client_of(eve).get(PAGE, {"for": f"team:{comunik.pk}"}).content.decode()

    assert f'<option value="team:{comunik.pk}" selected>' in page


def test_form_lists_one_edition_only(edition: Edition, comunik: Team, pixels: Team) -> None:
    form = ExtensionForm(edition)

    assert set(form.teams) == {comunik.pk, pixels.pk}
    assert "Com’unik · salle 214" in str(form["target"])


def test_students_get_404(client_of: ClientOf, ada: User, eve: User, comunik: Team) -> None:
    extension = extend(eve, 15, team=comunik)
    browser = client_of(ada)
    revoke = reverse("submissions:extension-revoke", args=[extension.pk])

    assert browser.get(PAGE).status_code == 404
    assert browser.post(revoke).status_code == 404


def test_same_number_of_queries_for_one_and_three(
    client_of: ClientOf,
    eve: User,
    infocom: Department,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    browser = client_of(eve)
    counts = []
    for rows in (1, 3):
        while Extension.objects.count() < rows:
            team = make_team(infocom, f"Équipe {Extension.objects.count()}")
            extend(eve, 15, team=team)
        with django_assert_max_num_queries(30) as captured:
            browser.get(PAGE)
        counts.append(len(captured))

    assert counts[0] == counts[1]
