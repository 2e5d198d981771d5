import re
from typing import Any

import pytest
from django.db.models import F
from django.urls import reverse

from hackathon.event.editions.models import Edition
from submissions.extensions.forms import ExtensionForm
from submissions.models import Deliverable, Extension, Upload
from tests.conftest import NOON, make_team
from tests.submissions.conftest import MINUTE, extend

pytestmark = pytest.mark.time_machine(NOON, tick=False)

PAGE = "/organisation/editions/ccd-2020/delais/"


def confirmed(answer: Any) -> dict[str, str]:
    """What the page that asks sends back."""
    found = re.findall(r'name="(\w+)" value="([^"]*)"', answer.content.decode())
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize("kind", ["team", "department"])
def test_grant(kind, client_of, eve, comunik, infocom):
    target = comunik if kind == "team" else infocom
    sent = {"target": f"{kind}:{target.pk}", "minutes": "15", "reason": "Panne de réseau"}

    browser = client_of(eve)
    answer = browser.post(PAGE, sent, follow=True)
    if kind == "department":
        answer = browser.post(PAGE, confirmed(answer), follow=True)

    extension = Extension.objects.get()
    assert getattr(extension, kind) == target
    assert (extension.minutes, extension.granted_by) == (15, eve)
    assert "Délai accordé : +15 min pour" in words(answer)
    assert "Panne de réseau" in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("target", ""), ("target", "team:0"), ("minutes", "0"), ("minutes", "x"), ("reason", "")],
)
def test_mistakes(field, value, client_of, eve, comunik):
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
def test_other_minutes_and_percent(sent, minutes, client_of, eve, comunik):
    browser = client_of(eve)
    answer = browser.post(PAGE, {"target": f"team:{comunik.pk}", "reason": "Panne", **sent})
    before = Extension.objects.count()
    if minutes:
        browser.post(PAGE, confirmed(answer))

    extension = Extension.objects.first()
    assert before == 0
    assert (extension.minutes if extension else None) == minutes


@pytest.mark.parametrize("address", [PAGE, "/pilotage/delai/"])
def test_until_when_and_for_whom_is_shown_before_it_is_granted(
    address, client_of, eve, infocom, comunik, ada
):
    late = make_team(infocom, "À part")
    extend(eve, 60, team=late)
    deliverable = Deliverable.objects.create(department=infocom, name="Film", kind="file")
    for team in (comunik, late):
        Upload.objects.create(
            team=team,
            deliverable=deliverable,
            begun_by=ada,
            length=9,
            begun_at=NOON,
            expires_at=NOON + 60 * MINUTE,
        )
    browser, sent = client_of(eve), {"reason": "Panne", "private_reason": "Secret"}
    whole = {**sent, "target": f"department:{infocom.pk}", "minutes": "10"}
    third = {**sent, "target": f"team:{comunik.pk}", "percent": "33"}

    seen = words(browser.post(address, whole))
    typed = words(browser.post(address, third))
    Edition.objects.update(deadline_at=F("deadline_at") + 5 * MINUTE)
    moved = browser.post(address, confirmed(browser.post(address, whole)) | {"confirmed": "old"})
    unchanged = Extension.objects.count()
    browser.post(address, confirmed(moved))

    assert "Heure limite 23:00 → 23:10" in seen
    assert "Pour 1 équipe · 1 envoi en cours · la marge finit à 23:20" in seen
    assert "Heure limite 23:00 → 3:48 du jeudi 13 février au vendredi 14 février" in typed
    assert "Heure limite 23:05 → 23:15" in words(moved)
    assert unchanged == 1
    granted = Extension.objects.get(department=infocom)
    assert (granted.minutes, granted.reason, granted.private_reason) == (10, "Panne", "Secret")


def test_an_extension_that_changes_nothing_says_so(client_of, eve, comunik):
    extend(eve, 30, team=comunik)
    sent = {"target": f"team:{comunik.pk}", "reason": "Panne", "minutes": "10"}

    answer = words(client_of(eve).post(PAGE, sent))

    assert "un délai au moins aussi long vaut déjà, jusqu’à 23:30" in answer
    assert Extension.objects.count() == 1


def test_revoke(client_of, eve, comunik):
    extension = extend(eve, 15, team=comunik)

    answer = client_of(eve).post(
        reverse("submissions:extension-revoke", args=[extension.pk]), follow=True
    )

    extension.refresh_from_db()
    assert extension.revoked_by == eve
    assert "retiré par Eve" in answer.content.decode()


def test_team_can_be_preselected(client_of, eve, comunik):
    page = client_of(eve).get(PAGE, {"for": f"team:{comunik.pk}"}).content.decode()

    assert f'<option value="team:{comunik.pk}" selected>' in page


def test_form_lists_one_edition_only(edition, comunik, pixels):
    form = ExtensionForm(edition)

    assert set(form.teams) == {comunik.pk, pixels.pk}
    assert "Com’unik · salle 214" in str(form["target"])
