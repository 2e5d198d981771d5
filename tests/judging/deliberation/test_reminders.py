"""The president or an organizer reminds jurors who have sheets left."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client, TestCase

from hackathon.base.core.models import JournalEntry
from judging.deliberation.rules import REMINDER_PAUSE
from judging.deliberation.services import reminders
from judging.errors import JudgingRefusal
from judging.models import Assignment, Criterion, ScoreSheet
from judging.notifications import reminder
from tests.judging.conftest import NIGHT, live_messages, text_of
from tests.refusals import refuses

pytestmark = pytest.mark.time_machine(NIGHT, tick=False)

ADDRESS = "/jury/INFOCOM/suivi/"
LIST = "http://testserver/jury/"
# How many sheets are awaited, and the names in the disclosure.
FOLDED = re.compile(r"(\d+ fiches? attendues?) </summary> <p> ?(.*?) ?</p>")


def post(browser: Client, **data: object) -> str:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return text_of(browser.post(ADDRESS, data, follow=True))


def test_the_president_reminds_one_juror_on_the_tablet_and_by_mail(client_of, scored, diane, dan):
    page = post(client_of(diane.user), juror=dan.pk)

    assert "Rappel envoyé : Dan." in page
    assert "rappel envoyé à 0:00" in page
    data = {"department": "INFOCOM", "juror": dan.pk, "completes": False}
    assert (f"jury:{dan.department_id}", data) in live_messages("juror.reminded")
    assert JournalEntry.objects.get(act="juror.reminded").person_pk == dan.user_id
    assert [message.to for message in mail.outbox] == [[dan.user.email]]
    assert "il vous reste 1 fiche à terminer" in mail.outbox[0].body
    assert LIST in mail.outbox[0].body
    assert "Rappel de 0:00 : il vous reste 1 fiche à terminer." in text_of(
        client_of(dan.user).get("/jury/")
    )
    notification = reminder(dan.pk)
    assert notification is not None
    assert notification.body == "Il vous reste 1 fiche à terminer."
    assert list(notification.users) == [dan.user]


def test_all_late_jurors_are_reminded_but_those_on_a_pause(
    client_of,
    scored,
    fill,
    eve,
    dan,
    diane,
    max,  # noqa: A002
):
    for team in scored:
        fill(diane, team, 10, 10)
    max.paused_until = NIGHT + timedelta(minutes=15)
    max.save()
    browser = client_of(eve)
    before = text_of(browser.get(ADDRESS))

    page = post(browser)

    assert "Rappeler le juré en retard" in before
    assert "Rappel envoyé : Dan." in page
    assert "Rappeler le juré en retard" not in page
    assert [message.to for message in mail.outbox] == [[dan.user.email]]


def test_who_was_reminded_is_not_reminded_again_for_a_while(client_of, scored, diane, dan):
    browser = client_of(diane.user)
    post(browser, juror=dan.pk)

    with time_machine.travel(NIGHT + REMINDER_PAUSE - timedelta(seconds=1), tick=False):
        early = post(browser, juror=dan.pk)
    mails_early = len(mail.outbox)
    with time_machine.travel(NIGHT + REMINDER_PAUSE, tick=False):
        offered = "Rappeler Dan" in text_of(browser.get(ADDRESS))
        later = post(browser, juror=dan.pk)

    assert "le dernier a moins de dix minutes" in early
    assert mails_early == 1
    assert offered
    assert "Rappel envoyé : Dan." in later
    assert len(mail.outbox) == 2


def test_who_has_finished_gets_nothing(client_of, scored, fill, diane, dan):
    fill(dan, scored[2], 10, 10)

    page = post(client_of(diane.user), juror=dan.pk)

    assert "tout est terminé" in page
    assert mail.outbox == []
    dan.reminded_at = NIGHT
    dan.save()
    assert reminder(dan.pk) is None


def test_the_page_says_which_readings_and_which_complete_sheets_are_left(
    client_of, scored, fill, diane, dan, eve
):
    _comunik, five, third = scored
    fill(dan, third, 10, 10, finish=False)
    fill(diane, five, 10, finish=False)

    for reader in (diane.user, eve):
        page = text_of(client_of(reader).get(ADDRESS))

        assert page.count("1 fiche complète à terminer") == 2  # of the jury, and of Dan
        folded = FOLDED.findall(page)
        assert folded[:2] == [
            ("3 fiches attendues", "Bocal à idées, Com’unik, Les Five"),  # Diane's
            ("1 fiche attendue", 'Bocal à idées <b class="warn">(complète)</b>'),
        ]
        assert ("2 fiches attendues", "Dan, Diane") in folded[2:]  # of Bocal à idées


def test_organizers_do_not_learn_who_has_second_readings(scored, infocom, diane, dan, eve):
    for position, team in enumerate(scored[:2]):
        Assignment.objects.create(juror=dan, team=team, position=position)
    Assignment.objects.create(juror=dan, team=scored[2], position=3, kind="second")
    act = {"department": infocom, "juror_pk": dan.pk, "list_url": LIST, "at": NIGHT}

    assert reminders.remind(**act, by=eve) == []
    assert reminders.remind(**act, by=diane.user) == [dan]


def test_others_cannot_remind_and_nobody_can_after_the_lock(client_of, locked, dan, diane, eve):
    act = {"department": locked, "juror_pk": None, "list_url": LIST, "at": NIGHT}

    answer = client_of(dan.user).post(ADDRESS)
    with refuses(JudgingRefusal.NOT_PRESIDENT):
        reminders.remind(**act, by=dan.user)
    with refuses(JudgingRefusal.DELIBERATION_LOCKED):
        reminders.remind(**act, by=diane.user)

    assert answer.status_code == 404
    assert "Rappeler" not in text_of(client_of(eve).get(ADDRESS))


def test_a_sheet_is_complete_with_a_mark_for_each_criterion(
    client_of, scored, fill, diane, criteria
):
    fill(diane, scored[0], 10, 10, finish=False)
    Criterion.objects.create(department=criteria[0].department, name="Un troisième", position=3)

    page = text_of(client_of(diane.user).get(ADDRESS))

    assert ScoreSheet.objects.filter(state="draft").count() == 1
    assert "complète" not in page


def test_a_president_does_not_remind_herself(client_of, scored, diane, dan):
    page = text_of(client_of(diane.user).get(ADDRESS))
    post(client_of(diane.user))
    post(client_of(diane.user), juror=diane.pk)

    assert "Rappeler le juré en retard" in page
    assert "Rappeler Diane" not in page
    assert [message.to for message in mail.outbox] == [[dan.user.email]]
