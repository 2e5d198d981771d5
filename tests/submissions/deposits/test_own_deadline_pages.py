"""What pages, calendars, notices and checks say of a deliverable with a deadline of its own."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from hackathon.base.accounts.models import User
from hackathon.base.accounts.selectors import calendar_token
from hackathon.base.core.preflight import registry
from hackathon.event.editions.models import Milestone
from submissions import reminders
from submissions.extensions import services as extensions
from submissions.models import Deliverable, Extension
from submissions.notifications import last_minutes
from submissions.seals import services as seals
from submissions.seals.rules import SETTLE
from tests.conftest import DEADLINE, NOON
from tests.submissions.conftest import FRIDAY_NOON, MINUTE, SECOND, deposit

pytestmark = pytest.mark.django_db


def words(html: str) -> str:
    html = re.sub(r"<template\b.*?</template>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html).replace("\xa0", " "))


def rule(page: str, deliverable: Deliverable) -> str:
    """The element that says until when it may be handed in, as it is now."""
    page = re.sub(r"<template\b.*?</template>", "", page, flags=re.DOTALL)
    found = re.search(rf'<p[^>]* data-rule="{deliverable.pk}".*?</p>', page, re.DOTALL)
    assert found
    return found[0]


# ---------------------------------------------------------------- the page of the team


def page_at(browser: Client, at: datetime) -> str:
    with time_machine.travel(at, tick=False):
        return browser.get(reverse("submissions:deposits")).content.decode()


def test_the_page_of_the_team_says_of_what_each_countdown_is(
    client_of, slides, dossier, comunik, ada
):
    browser = client_of(ada)
    evening, night = page_at(browser, DEADLINE - MINUTE), page_at(browser, DEADLINE + 60 * MINUTE)

    for page in (evening, night):
        assert "À rendre jusqu’à : ven. 14 fév., 12:00" in words(page)
        assert 'data-accepts="yes"' in rule(page, slides)
        assert 'data-deadline="2020-02-14T12:00:00+01:00"' in rule(page, slides)
    assert "Rendu dans" in words(evening)
    assert "Les autres livrables : Le rendu est clos depuis 23:10." in words(night)
    assert 'id="deposits-rule" data-fragment="deposits-rule" data-accepts="no"' in night


def test_the_counts_of_the_page_are_all_that_is_asked(
    client_of, slides, dossier, site_link, comunik, ada
):
    deposit(dossier, comunik, ada)

    page = words(page_at(client_of(ada), NOON))

    assert "3 livrables" in page
    assert "1 reçu, encore 1 à rendre · 1 plus tard" in page


@pytest.mark.parametrize(
    ("at", "says", "accepts"),
    [
        (FRIDAY_NOON + SECOND, "Seuls les envois commencés avant peuvent finir", "no"),
        (FRIDAY_NOON + 11 * MINUTE, "Plus rien n’est accepté", "no"),
    ],
)
def test_after_its_deadline(at, says, accepts, client_of, slides, comunik, ada):
    shown = rule(page_at(client_of(ada), at), slides)

    assert says in words(shown)
    assert f'data-accepts="{accepts}"' in shown


def test_before_it_opens(client_of, slides, comunik, ada):
    Deliverable.objects.filter(pk=slides.pk).update(opens_at=DEADLINE)

    shown = rule(page_at(client_of(ada), NOON), slides)

    assert "Présentation : ouvre le jeu. 13 fév., 23:00, à rendre jusqu’à vendredi" in words(shown)


def test_the_team_sees_its_extension_of_it(client_of, slides, comunik, ada, eve):
    extensions.grant(
        comunik.edition,
        team=comunik,
        deliverable=slides,
        minutes=15,
        reason="Panne de vidéo",
        by=eve,
        at=NOON,
    )

    page = words(page_at(client_of(ada), DEADLINE))

    assert "À rendre jusqu’à : ven. 14 fév., 12:15" in page
    assert "Panne de vidéo" in page
    assert "Rendu dans" in page  # at 23:00 as for everybody


# ---------------------------------------------------------------- organizers


def confirmed(answer: Any) -> dict[str, str]:
    found = re.findall(r'name="(\w+)" value="([^"]*)"', answer.content.decode())
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


@time_machine.travel(NOON, tick=False)
def test_an_organizer_says_which_deadline_an_extension_moves(client_of, slides, comunik, eve):
    browser = client_of(eve)
    url = reverse("submissions:extensions", args=[comunik.edition.slug])
    sent = {"target": f"team:{comunik.pk}", "minutes": "15", "reason": "Panne"}

    form = browser.get(url)
    asked = browser.post(url, sent | {"deliverable": str(slides.pk)})
    browser.post(url, confirmed(asked))

    assert "Présentation · INFOCOM · ven. 14 fév., 12:00" in words(form.content.decode())
    assert "12:00 → 12:15" in words(asked.content.decode())
    assert Extension.objects.get().deliverable == slides


@time_machine.travel(NOON, tick=False)
def test_an_extension_for_a_team_that_does_not_hand_it_in_is_refused_at_its_field(
    client_of, slides, pixels, eve
):
    url = reverse("submissions:extensions", args=[pixels.edition.slug])
    sent = {"target": f"team:{pixels.pk}", "minutes": "15", "reason": "Panne"}

    answer = client_of(eve).post(url, sent | {"deliverable": str(slides.pk)})

    assert answer.status_code == 422
    assert "n’est pas demandé à qui reçoit ce délai" in words(answer.content.decode())
    assert not Extension.objects.exists()


def test_the_control_room_counts_it_apart(client_of, slides, dossier, comunik, eve):
    with time_machine.travel(DEADLINE - MINUTE, tick=False):
        page = words(client_of(eve).get(reverse("control_room:control")).content.decode())

    assert "À rendre à un autre moment Présentation INFOCOM · ven. 14 fév., 12:00" in page
    assert "1 équipe ne l’a pas rendu" in page
    assert "0 / 1" in page


def test_who_moves_the_deadline_reads_what_does_not_move(client_of, slides, comunik, eve):
    sent = {"instant": "deadline_at", "to": "2020-02-13T23:30:00"}
    with time_machine.travel(NOON, tick=False):
        answer = client_of(eve).post(reverse("control_room:move"), sent)

    assert "Ne change pas : Présentation, ven. 14 fév., 12:00" in words(answer.content.decode())


def test_the_pages_of_seals_name_it(client_of, slides, comunik, ada, edition):
    deposit(slides, comunik, ada)
    seals.make_due(edition, at=FRIDAY_NOON + SETTLE)

    with time_machine.travel(FRIDAY_NOON + MINUTE, tick=False):
        public = words(Client().get(reverse("submissions:public-seals")).content.decode())
        (newest, *_others) = Client().get("/api/v1/seals/").json()

    assert "Présentation · vendredi 14 février à 12:00:00, à l’heure limite" in public
    assert (newest["due_at"], newest["deposits"]) == ("2020-02-14T11:00:00Z", 1)


# ---------------------------------------------------------------- calendars, notices, preflight


def events(user: User) -> dict[str, tuple[str, datetime]]:
    url = reverse("site:calendar-personal", args=[calendar_token(user)])
    calendar: Any = Calendar.from_ical(Client().get(url).content)
    return {
        str(e["uid"]).partition("@")[0]: (str(e["summary"]), e.decoded("dtstart"))
        for e in calendar.walk("VEVENT")
    }


def test_calendars_have_it(slides, comunik, pixels, ada, cleo, eve, diane):
    extensions.grant(
        comunik.edition,
        team=comunik,
        deliverable=slides,
        minutes=15,
        reason="Panne",
        by=eve,
        at=NOON,
    )
    uid = f"deliverable-{slides.pk}"

    summary, at = events(ada)[uid]
    assert "Présentation" in summary
    assert at == FRIDAY_NOON + 15 * MINUTE
    assert events(ada)["deadline"][1] == DEADLINE
    assert events(diane.user)[uid][1] == events(eve)[uid][1] == FRIDAY_NOON
    assert uid not in events(cleo)  # another department


def test_who_has_not_handed_it_in_is_reminded_before_its_deadline(
    slides, dossier, comunik, ada, edition
):
    at = FRIDAY_NOON - 30 * MINUTE

    assert list(reminders.due(edition, at=at)) == [(30, FRIDAY_NOON, slides.pk)]
    assert list(reminders.due(edition, at=DEADLINE - 30 * MINUTE)) == [(30, DEADLINE, None)]
    notification = last_minutes(edition.pk, 30, FRIDAY_NOON.isoformat(), slides.pk)
    assert notification is not None
    assert "pas encore rendu « Présentation »" in notification.body.replace("\xa0", " ")
    assert list(notification.users) == list(User.objects.filter(memberships__team=comunik))

    deposit(slides, comunik, ada)
    assert last_minutes(edition.pk, 30, FRIDAY_NOON.isoformat(), slides.pk) is None


@pytest.mark.parametrize(
    ("due_at", "says"),
    [
        (FRIDAY_NOON, ""),
        (NOON - timedelta(days=1), "avant le lancement"),
        (FRIDAY_NOON + timedelta(hours=2), "après la remise"),
    ],
)
def test_the_preflight_warns_of_an_instant_that_cannot_be_meant(due_at, says, slides, edition):
    ceremony = FRIDAY_NOON + timedelta(hours=1)
    Milestone.objects.create(edition=edition, kind="awards", label="Remise", at=ceremony)
    Deliverable.objects.filter(pk=slides.pk).update(due_at=due_at)

    problems = [p.text for p in registry.checks["deliverable.instants"].run(edition, NOON)]

    assert [says in text for text in problems] == ([True] if says else [])


def test_the_api_shows_it(client_of, slides, comunik, ada):
    with time_machine.travel(NOON, tick=False):
        (own,) = client_of(ada).get("/api/v1/deliverables/").json()

    assert own["due_at"] == own["deadline_at"] == "2020-02-14T11:00:00Z"
    assert own["accepts_until"] == "2020-02-14T11:10:00Z"
