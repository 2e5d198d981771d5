import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.core.typography import spaced
from hackathon.base.live.audiences import team_audience
from hackathon.day.announcements.models import Announcement
from hackathon.event.editions.models import Brief, Department, Edition, Milestone
from hackathon.event.editions.services import schedule
from submissions.deposits import services as deposits
from submissions.models import Extension, Upload
from tests.addresses import blocks_url
from tests.announcements.steps import mails_leave
from tests.conftest import DEADLINE, NOON, make_team, make_user
from tests.control_room.conftest import text

HTMX = {"HX-Request": "true"}


def move(browser: Client, **sent: str) -> str:
    return words(browser.post(reverse("control_room:move"), sent, headers=HTMX))


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text(answer)))


def key_in(answer: Any) -> str:
    return re.findall(r'name="confirmed" value="([^"]+)"', text(answer))[0]


def test_a_button_moves_the_deadline_once(organizer, edition, comunik, pixels):
    path = reverse("control_room:move")
    opened = organizer.get(path)
    pressed = {"confirmed": opened.context["quick"][1].key}

    first, again = organizer.post(path, pressed), organizer.post(path, pressed)

    edition.refresh_from_db()
    assert "23:00 → 23:10 +10 min marge : 23:20" in words(opened)
    assert "Pour 2 équipes" in words(opened)
    assert first.status_code == again.status_code == 302
    assert edition.deadline_at == DEADLINE + timedelta(minutes=10)
    assert LiveMessage.objects.filter(type="edition.changed").count() == 1


def test_nobody_is_counted_again_for_a_move_that_was_confirmed(organizer, edition, comunik):
    path = reverse("control_room:move")
    with CaptureQueriesContext(connection) as opening:
        opened = organizer.get(path)
    with CaptureQueriesContext(connection) as moving:
        organizer.post(path, {"confirmed": opened.context["quick"][1].key})

    edition.refresh_from_db()
    assert edition.deadline_at == DEADLINE + timedelta(minutes=10)
    assert any("submissions_upload" in query["sql"] for query in opening)
    assert not any("submissions_" in query["sql"] for query in moving)


def test_the_buttons_move_the_instant_that_was_opened(organizer, edition):
    pizzas = Milestone.objects.create(
        edition=edition, kind="meal", label="Pizzas", at=NOON + timedelta(hours=6)
    )
    path = reverse("control_room:move")
    for name, field in (("judging_opens_at", edition), (f"milestone:{pizzas.pk}", pizzas)):
        quick = organizer.get(path, {"instant": name}).context["quick"]
        organizer.post(path, {"confirmed": quick[2].key})
        field.refresh_from_db()

    assert pizzas.at == NOON + timedelta(hours=6, minutes=15)
    assert edition.judging_opens_at == DEADLINE + timedelta(minutes=25)
    assert edition.deadline_at == DEADLINE


def test_two_taps_move_the_briefs_that_are_still_secret(organizer, edition, infocom, info, brief):
    gea = Department.objects.create(edition=edition, code="GEA", name="Gestion")
    for department, minutes in ((info, 30), (gea, 50)):
        at = NOON + timedelta(minutes=minutes)
        Brief.objects.create(department=department, title="T", body="B", published_at=at)
    path, public_at = reverse("control_room:move"), brief.published_at

    opened = organizer.get(path, {"instant": "briefs"})
    pressed = {"confirmed": opened.context["quick"][1].key}
    for _twice in range(2):
        organizer.post(path, pressed)

    instants = Brief.objects.order_by("published_at").values_list("published_at", flat=True)
    assert "13:30 → 13:40 +10 min" in words(opened)
    assert list(instants) == [public_at, *(NOON + timedelta(minutes=m) for m in (40, 60))]
    assert JournalEntry.objects.filter(act="brief.written").count() == 2
    told = LiveMessage.objects.filter(type="brief.changed")
    assert {message.audiences for message in told} == {"|organizers|"}


def test_a_typed_time_of_the_briefs_is_shown_before_it_moves(organizer, info):
    at = NOON + timedelta(minutes=30)
    Brief.objects.create(department=info, title="T", body="B", published_at=at)

    asked = move(organizer, instant="briefs", to="2020-02-13T14:00:00")

    assert f"{info.name} 13:30 → 14:00" in asked
    assert Brief.objects.get().published_at == at


def test_without_secret_briefs_there_is_nothing_to_move(organizer, brief):
    page = words(organizer.get(reverse("control_room:move"), {"instant": "briefs"}))

    assert "Sujets encore secrets" not in page


def test_a_typed_time_is_shown_before_it_moves(organizer, edition, comunik, dossier, ada):
    Upload.objects.create(
        team=comunik,
        deliverable=dossier,
        begun_by=ada,
        length=9,
        begun_at=NOON,
        expires_at=NOON + timedelta(days=1),
    )
    sent = {"instant": "deadline_at", "to": "2020-02-13T23:15:00"}

    asked = organizer.post(reverse("control_room:move"), sent, headers=HTMX)
    edition.refresh_from_db()
    before = edition.deadline_at
    done = move(organizer, confirmed=key_in(asked))

    edition.refresh_from_db()
    assert "Heure limite 23:00 → 23:15" in words(asked)
    assert "Ouverture de la notation 23:10 → 23:25" in words(asked)
    assert "Pour 1 équipe · 1 envoi en cours · la marge finit à 23:25" in words(asked)
    assert "C’est fait" in done
    assert (before, edition.deadline_at) == (DEADLINE, DEADLINE + timedelta(minutes=15))


def test_a_move_whose_preview_is_out_of_date_is_previewed_again(organizer, edition, eve):
    quick = organizer.get(reverse("control_room:move")).context["quick"]
    later = {"deadline_at": DEADLINE + timedelta(minutes=30)}
    schedule.move(edition=edition, instants=later, by=eve, at=NOON)

    asked = move(organizer, confirmed=quick[0].key)

    edition.refresh_from_db()
    assert "23:30 → 23:05" in asked
    assert edition.deadline_at == later["deadline_at"]


def test_an_earlier_deadline_has_to_be_confirmed(organizer, edition, comunik, pixels, dossier):
    path, typed = (
        reverse("control_room:move"),
        {"instant": "deadline_at", "to": "2020-02-13T22:30:00"},
    )

    asked = organizer.post(path, typed, headers=HTMX)
    edition.refresh_from_db()
    unchanged = edition.deadline_at
    done = organizer.post(path, {"confirmed": key_in(asked)})

    edition.refresh_from_db()
    assert "Heure limite 23:00 → 22:30" in words(asked)
    assert "1 équipe n’a encore rien rendu." in words(asked)  # Les Pixels are asked for nothing
    assert "Avancer à 22:30" in words(asked)
    assert (unchanged, done.status_code) == (DEADLINE, 302)
    assert edition.deadline_at == DEADLINE - timedelta(minutes=30)


def test_a_move_can_be_undone_for_thirty_seconds(organizer, edition):
    quick = organizer.get(reverse("control_room:move")).context["quick"]
    move(organizer, confirmed=quick[1].key)
    block = blocks_url("undo")
    bar = organizer.get(block)
    address = re.findall(r'action="([^"]+)"', text(bar))[0]
    with time_machine.travel(NOON + timedelta(seconds=31), tick=False):
        gone, refused = text(organizer.get(block)), organizer.post(address, headers=HTMX)
        too_late = words(refused)
    edition.refresh_from_db()
    moved = edition.deadline_at

    undone = words(organizer.post(address, headers=HTMX))
    again = words(organizer.post(address, headers=HTMX))

    edition.refresh_from_db()
    assert "Eve : Heure limite 23:00 → 23:10" in words(bar)
    assert "Annuler · 30,0" in words(bar)
    assert "Annuler" not in gone
    assert "Trop tard pour annuler" in too_late
    assert "C’est annulé" in undone
    assert "Trop tard pour annuler" in again
    assert (moved, edition.deadline_at) == (DEADLINE + timedelta(minutes=10), DEADLINE)
    assert edition.judging_opens_at == DEADLINE + timedelta(minutes=10)


def test_the_undo_names_every_instant_that_moved(organizer, edition):
    Edition.objects.update(judging_opens_at=DEADLINE + timedelta(minutes=10))
    quick = organizer.get(reverse("control_room:move")).context["quick"]
    move(organizer, confirmed=quick[2].key)

    bar = words(organizer.get(blocks_url("undo")))

    assert "Heure limite 23:00 → 23:15 · ouverture de la notation 23:10 → 23:25" in bar


def test_a_deadline_that_has_passed_already_ends_the_day(organizer, edition):
    typed = {"instant": "deadline_at", "to": "2020-02-13T12:00:00"}

    asked = text(organizer.post(reverse("control_room:move"), typed, headers=HTMX))

    assert spaced("Cette heure est déjà passée : le rendu se termine aussitôt.") in asked


@pytest.mark.parametrize(
    "typed",
    [
        {"instant": "deadline_at", "to": "2020-02-13T08:00:00"},
        {"instant": "deadline_at", "to": ""},
        {"instant": "slug", "to": "2020-02-13T23:30:00"},
        {"instant": "milestone:77", "to": "2020-02-13T23:30:00"},
        {"confirmed": "demain"},
        {"confirmed": "deadline_at|x|demain"},
    ],
)
def test_an_impossible_move_is_refused(organizer, edition, typed):
    path = reverse("control_room:move")

    plain, htmx = organizer.post(path, typed), organizer.post(path, typed, headers=HTMX)

    edition.refresh_from_db()
    assert (plain.status_code, htmx.status_code) == (422, 200)
    assert re.search(r'"(field-error|alert is-error)"', plain.content.decode())
    assert "data-open-now" in htmx.content.decode()
    assert edition.deadline_at == DEADLINE


def test_registration_is_frozen_and_opened_again_by_a_switch(
    organizer, edition, comunik, client_of, ada
):
    Edition.objects.update(registration_closes_at=DEADLINE)
    path, block = (
        reverse("control_room:freeze"),
        blocks_url("registrations"),
    )
    student = client_of(ada)

    def own() -> str:
        return text(student.get(reverse("teams:mine")))

    opened = words(organizer.get(path, headers=HTMX))
    frozen = {"frozen": "1", "quick_reason": "Vérification", "reason": ""}
    done = words(organizer.post(path, frozen, headers=HTMX))
    shown, student_page = words(organizer.get(block)), own()
    calendar = text(organizer.get(reverse("editions:schedule", args=[edition.slug])))
    organizer.post(path, {"frozen": "0"}, headers=HTMX)

    assert "Une équipe est inscrite." in opened
    assert "Inscriptions suspendues." in done
    assert "Inscriptions suspendues depuis" in shown
    assert all("Vérification" in page for page in (shown, calendar))
    assert "Les inscriptions sont suspendues" in student_page
    assert "Vérification" not in student_page
    assert "Quitter l’équipe" in own()
    assert "Suspendre les inscriptions" in words(organizer.get(block))
    assert [m.data["changed"] for m in LiveMessage.objects.all()] == [schedule.FROZEN] * 2


def test_an_extension_takes_two_taps_and_can_be_taken_back(organizer, comunik):
    path = reverse("control_room:extension")
    opened = text(organizer.get(path, {"for": f"team:{comunik.pk}"}, headers=HTMX))
    tapped = {"target": f"team:{comunik.pk}", "minutes": "15", "quick_reason": "Panne de réseau"}
    empty = dict.fromkeys(("other_minutes", "percent", "reason", "private_reason"), "")

    answer = organizer.post(path, tapped | empty, headers=HTMX)
    granted = Extension.objects.get()
    undo = re.findall(r'hx-post="([^"]+)"', text(answer))[0]
    organizer.post(undo, headers=HTMX)

    assert "+15 min → 23:15" in opened
    assert 'name="quick_reason" value="Panne de réseau"' in opened
    assert "15\u202fmin" in text(answer)
    assert (granted.team, granted.minutes, granted.reason) == (comunik, 15, "Panne de réseau")
    assert Extension.objects.get().revoked_at == NOON


def test_a_team_with_an_extension_sees_its_own_deadline_on_the_day_line(
    client_of, ada, cleo, eve, comunik, pixels
):
    Extension.objects.create(
        team=comunik, minutes=15, reason="panne", granted_at=NOON, granted_by=eve
    )

    own, other = (text(client_of(user).get(reverse("home"))) for user in (ada, cleo))

    assert 'title="23:15 Rendu des travaux"' in own
    assert 'data-day-end="2020-02-13T23:15:00+01:00"' in own
    assert 'title="23:00 Rendu des travaux"' in other
    assert 'data-day-end="2020-02-13T23:00:00+01:00"' in other


def test_an_extension_is_granted_to_a_department(organizer, infocom):
    typed = {"target": f"department:{infocom.pk}", "minutes": "5", "reason": "alarme"}

    path = reverse("control_room:extension")
    asked = organizer.post(path, typed, headers=HTMX)
    none_yet = Extension.objects.count()
    organizer.post(path, typed | {"confirmed": key_in(asked)})

    assert none_yet == 0
    assert Extension.objects.get().department == infocom


def test_one_message_goes_to_all_teams_that_have_handed_in_nothing(
    organizer, infocom, comunik, pixels, dossier, site_link, ada, django_capture_on_commit_callbacks
):
    # Les Pixels have nothing to hand in.
    fives = make_team(infocom, "Les Five", make_user("fay@example.org", "Fay"), room="215", floor=2)
    partly = make_team(infocom, "À moitié", make_user("gus@example.org", "Gus"), room="216")
    deposits.deposit(
        site_link,
        partly,
        url="https://example.org",
        begun_at=NOON,
        by=partly.memberships.get().user,
        at=NOON,
    )
    path = reverse("control_room:warn")
    page = words(organizer.get(path, {"group": "nothing"}, headers=HTMX))
    with django_capture_on_commit_callbacks(execute=True):
        sent = {"group": "nothing", "body": "Déposez.", "by_mail": "on"}
        answer = words(organizer.post(path, sent, headers=HTMX))
        organizer.post(path, {"group": "partly", "body": "Encore."})
        organizer.post(path, {"group": "chosen", "teams": [pixels.pk, fives.pk], "body": "Venez."})
    with django_capture_on_commit_callbacks(execute=True):
        mails_leave()

    assert "Pour 2 équipes" in page
    assert page.index("Com’unik (214)") < page.index("Les Five (215)")
    several, one, chosen = Announcement.objects.order_by("pk")
    assert "Message envoyé : 2 équipes." in answer
    assert "Annuler" in answer
    assert (several.audience_label, set(several.teams.all())) == ("2 équipes", {comunik, fives})
    assert (one.audience, one.audience_label) == (team_audience(partly.pk), "À moitié")
    assert set(chosen.teams.all()) == {pixels, fives}
    assert [m.to for m in mail.outbox] == [
        ["ada@example.org"],
        ["ben@example.org"],
        ["fay@example.org"],
    ]
    assert JournalEntry.objects.filter(act="announcement.published").count() == 3


@pytest.mark.parametrize("sent", [{"group": "partly"}, {"group": "chosen", "teams": "404"}, {}])
def test_a_message_to_no_team_is_refused(organizer, comunik, sent):
    answer = organizer.post(reverse("control_room:warn"), {"body": "Oui", **sent})

    assert answer.status_code == 422
    assert not Announcement.objects.exists()


def test_the_dialog_of_a_team_shows_what_is_missing(organizer, comunik, dossier):
    dialog = text(organizer.get(reverse("control_room:team", args=[comunik.pk]), headers=HTMX))

    assert "<dialog" in dialog
    assert "<html" not in dialog
    assert all(word in dialog for word in ("214", "Ada", "Dossier de stratégie", "manque"))
