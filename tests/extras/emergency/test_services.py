from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.push.registry import load
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services import editions
from hackathon.extras.emergency import periodic, rules, selectors, services, tasks
from hackathon.extras.emergency.errors import EmergencyRefusal
from hackathon.extras.emergency.models import Emergency, SafetyNotice
from hackathon.run.privacy.services.erasure import erase_own
from judging.models import Juror
from tests.conftest import NOON, make_user
from tests.extras.emergency.cases import TEXT
from tests.extras.emergency.conftest import LATER
from tests.responses import MARKER

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(django_capture_on_commit_callbacks) -> Callable[[Callable[[], Any]], list[str]]:
    """The addresses of the mails after the act."""

    def act(do: Callable[[], Any]) -> list[str]:
        before = len(mail.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            do()
        return sorted(to for message in mail.outbox[before:] for to in message.to)

    return act


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        call()
    return error.value.refusal.code


def acts() -> list[str]:
    return list(JournalEntry.objects.order_by("pk").values_list("act", flat=True))


# ---------------------------------------------------------------- the notice


def test_the_notice_has_lines_and_two_people(edition, eve, helper):
    save = {"edition": edition, "first": None, "second": helper, "by": eve, "at": NOON}
    notice = services.save_notice(text=f" {TEXT}\r\nCellule d’écoute : 3114", **save)
    services.save_notice(text=notice.text, **save)

    assert (notice.first, notice.second) == (helper, None)
    assert notice.text == f"{TEXT}\nCellule d’écoute : 3114"
    assert acts() == ["safety.saved"]
    message = LiveMessage.objects.get()
    assert (message.type, message.data, list(message.audience_names)) == (
        "safety.changed",
        {},
        ["everyone"],
    )


def test_numbers_can_be_called_and_rooms_can_not():
    first, second, third, fourth = rules.lines_of(
        "Poste : 03 83 00 00 01\n\nSalle 112, poste 4112\n+33 3 83.00.00.02 le soir\nÉcoute 3114"
    )

    assert [piece.tel for piece in first] == ["", "0383000001"]
    assert [piece.tel for piece in second] == [""]
    assert [(piece.text, piece.tel) for piece in third] == [
        ("+33 3 83.00.00.02", "+33383000002"),
        (" le soir", ""),
    ]
    assert fourth[1].tel == "3114"


def test_who_is_named_organizes_or_helps_and_is_no_juror(edition, eve, helper, ada, dan):
    save = {"edition": edition, "text": TEXT, "by": eve, "at": NOON}

    assert (
        refused(lambda: services.save_notice(first=eve, second=eve, **save))
        == EmergencyRefusal.SAME_PERSON
    )
    for other in (ada, dan.user):
        assert (
            refused(lambda person=other: services.save_notice(first=person, second=None, **save))
            == EmergencyRefusal.NOT_AVAILABLE
        )
    assert SafetyNotice.objects.count() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        SafetyNotice.objects.create(edition=edition, first=eve, second=eve)


def test_a_helper_who_becomes_a_juror_answers_no_more(edition, infocom, notice, helper):
    Juror.objects.create(department=infocom, user=helper, kind="teacher", seated_at=NOON)

    assert [user.name for user in selectors.named(edition)] == ["Eve"]


def test_a_copy_has_the_notice_without_the_people(edition, notice, eve):
    copy = {"name": "CCD 2021", "slug": "ccd-2021", "starts_at": NOON + timedelta(days=364)}
    clone = editions.clone(source=edition, parts=["emergency"], by=eve, at=NOON, **copy)
    other = editions.clone(source=edition, parts=[], by=eve, at=NOON, **copy | {"slug": "b"})

    copied = clone.safety_notice
    assert (copied.text, copied.first, copied.second) == (TEXT, None, None)
    assert not SafetyNotice.objects.filter(edition=other).exists()


# ---------------------------------------------------------------- emergencies


def test_one_tap_tells_the_two_who_are_named(notice, comunik, ada, gil, edition, call, sent):
    edition.organizers.add(gil)

    told = sent(lambda: call(ada, f"Malaise {MARKER}"))

    emergency = Emergency.objects.get()
    assert told == ["eve@example.org", "hal@example.org"]
    assert (emergency.called_by, emergency.team, emergency.called_at) == (ada, comunik, NOON)
    text = mail.outbox[0].subject + str(mail.outbox[0].body)
    assert "Ada" in text
    assert "214" in text
    assert "/urgence/appels/" in text
    assert MARKER not in text
    assert MARKER not in str(list(JournalEntry.objects.values()))
    message = LiveMessage.objects.get()
    assert (message.type, message.data) == ("emergency.changed", {})
    assert list(message.audience_names) == ["organizers"]


def test_without_a_name_all_organizers_are_told(edition, loner, gil, call, sent, eve):
    edition.organizers.add(gil)

    assert sent(lambda: call(loner)) == ["eve@example.org", "gil@example.org"]
    assert Emergency.objects.get().team is None


def test_a_second_tap_is_the_same_emergency_and_erases_nothing(notice, dan, call, sent):
    call(dan.user, "Salle 3")

    again = sent(lambda: [call(dan.user), call(dan.user, "Salle 3"), call(dan.user, "Salle 4")])

    assert again == []
    assert Emergency.objects.get().text == "Salle 4"
    assert acts() == ["emergency.called"]


def test_who_takes_it_is_shown_and_the_next_one_learns_it(notice, ada, eve, helper, call):
    emergency = call(ada)

    services.take(emergency=emergency, by=helper, at=LATER)
    services.take(emergency=emergency, by=helper, at=LATER)
    with pytest.raises(Refused) as error:
        services.take(emergency=emergency, by=eve, at=LATER)
    assert str(error.value.refusal) == "Hal s’en occupe déjà."
    services.close(emergency=emergency, by=eve, at=LATER)

    emergency.refresh_from_db()
    assert (emergency.taken_by, emergency.closed_by) == (helper, eve)
    for act in (services.take, services.close):
        again = refused(lambda act=act: act(emergency=emergency, by=eve, at=LATER))
        assert again == EmergencyRefusal.CLOSED
    assert acts() == ["emergency.called", "emergency.taken", "emergency.closed"]
    assert call(ada).pk != emergency.pk


def test_notifications_have_no_text_and_end_with_the_answer(notice, comunik, ada, helper, call):
    emergency = call(ada, MARKER)

    first = load("emergency", [emergency.pk, "first"])
    services.take(emergency=emergency, by=helper, at=LATER)
    taken = load("emergency-taken", [emergency.pk])

    assert first is not None
    assert {user.name for user in first.users} == {"Eve", "Hal"}
    assert "salle 214" in first.body
    assert MARKER not in first.title + first.body
    assert load("emergency", [emergency.pk, "first"]) is None
    assert taken is not None
    assert (taken.body, [user.name for user in taken.users]) == ("Hal s’en occupe.", ["Ada"])
    services.close(emergency=emergency, by=helper, at=LATER)
    assert load("emergency-taken", [emergency.pk]) is None


def test_what_nobody_takes_reaches_all_organizers_once(
    edition, notice, ada, ben, gil, helper, call, sent, monkeypatch
):
    edition.organizers.add(gil)
    call(ada)
    services.take(emergency=call(ben), by=helper, at=NOON)
    at = LATER - timedelta(seconds=1)
    monkeypatch.setattr(periodic.clock, "now", lambda: at)
    early = sent(periodic.escalate)
    at = LATER

    told, again = sent(periodic.escalate), sent(periodic.escalate)

    assert (early, again) == ([], [])
    assert told == ["eve@example.org", "gil@example.org"]
    assert "Personne n’a encore répondu" in str(mail.outbox[-1].body)
    assert acts().count("emergency.escalated") == 1
    second = load("emergency", [Emergency.objects.get(called_by=ada).pk, "all"])
    assert second is not None
    assert (second.at, second.title) == (LATER, "Urgence, personne n’a répondu")


def test_a_mail_is_not_sent_once_somebody_has_taken_it(notice, ada, eve, helper, call):
    emergency = call(ada)
    services.take(emergency=emergency, by=helper, at=LATER)

    tasks.mail_emergency(emergency.pk, "first", eve.pk)
    tasks.mail_emergency(0, "first", eve.pk)

    assert mail.outbox == []


def test_off_it_tells_nobody(edition, notice, ada, call, sent):
    emergency = call(ada)
    Edition.objects.update(extras=[])

    told = sent(lambda: services.escalate(at=LATER))

    assert told == []
    assert load("emergency", [emergency.pk, "first"]) is None


def test_a_team_that_is_merged_keeps_its_emergency(comunik, pixels, ada, call):
    emergency = call(ada)

    services.hand_over(comunik, pixels)

    emergency.refresh_from_db()
    assert emergency.team == pixels


# ---------------------------------------------------------------- what is erased


def test_the_text_is_erased_after_30_days_and_the_rest_stays(edition, ada, ben, call, monkeypatch):
    call(ada, MARKER)
    services.call(edition=edition, text="Hier", by=ben, at=NOON + timedelta(days=1))
    Edition.objects.update(extras=[])
    monkeypatch.setattr(periodic.clock, "now", lambda: NOON + rules.TEXT_KEPT)

    periodic.forget_texts()
    periodic.forget_texts()

    assert list(Emergency.objects.values_list("text", flat=True)) == ["", "Hier"]
    assert Emergency.objects.get(called_by=ada).called_at == NOON
    assert acts().count("emergency.forgotten") == 1


def test_with_the_account_the_text_goes_and_the_fact_stays(edition, helper, notice, call):
    person = make_user("zoe@example.org", "Zoé")
    call(person, MARKER)
    call(helper)

    for user in (person, helper):
        erase_own(user, at=LATER)

    notice.refresh_from_db()
    assert notice.second is None
    assert list(Emergency.objects.values_list("text", flat=True)) == ["", ""]
