from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from hackathon.base.accounts.models import User
from hackathon.base.core.errors import Refused
from hackathon.base.core.models import JournalEntry
from hackathon.event.editions.models import Department, Edition
from hackathon.event.people import selectors, services
from hackathon.event.people.enums import GivenRole
from hackathon.event.people.errors import PeopleRefusal
from teams.models import Duty, Membership, Student
from tests.conftest import NOON, make_team


@pytest.fixture
def other(edition, gil) -> Edition:
    """An edition that gil organizes and eve does not."""
    found = Edition.objects.get(pk=edition.pk)
    found.pk, found.slug, found.is_current = None, "ccd-2021", False
    found.save()
    found.organizers.add(gil)
    return found


def page(edition: Edition, name: str = "index", *arguments: Any) -> str:
    return reverse(f"people:{name}", args=[edition.slug, *arguments])


def refused(call: Callable[[], Any]) -> Any:
    with pytest.raises(Refused) as found:
        call()
    return found.value.refusal.code


def set_active(edition: Edition, user: User, active: bool, by: User) -> None:
    services.set_active(edition=edition, user=user, active=active, by=by, at=NOON)


@pytest.mark.database
def test_everybody_is_listed_with_role_and_last_sign_in(
    edition, comunik, diane, eve, loner, ben, client_of
):
    Student.objects.create(edition=edition, user=loner)
    Duty.objects.create(edition=edition, user=loner, kind="technical")
    User.objects.filter(pk=ben.pk).update(last_login=NOON)
    browser = client_of(eve)

    shown = browser.get(page(edition)).content.decode()
    found = selectors.with_roles(edition, list(selectors.people_of(edition)))

    assert [person.user.name for person in found] == ["Ada", "Ben", "Diane", "Eve", "Sacha"]
    assert found[0].membership is not None
    assert found[0].membership.is_captain
    assert found[2].juries == [diane]
    assert found[3].is_organizer
    assert [duty.kind for duty in found[4].duties] == ["technical"]
    assert "13 fév., 13:00" in shown.replace("\N{NO-BREAK SPACE}", " ")
    assert "préside le jury Information et Communication" in shown
    for query, names in (
        ({"q": "com’u"}, {"Ada", "Ben"}),
        ({"role": "juror"}, {"Diane"}),
        ({"role": "organizer", "q": "eve@"}, {"Eve"}),
    ):
        people = browser.get(page(edition), query).context["people"]
        assert {person.user.name for person in people} == names


def test_somebody_without_an_account_is_invited_after_a_confirmation(
    edition, eve, client_of, django_capture_on_commit_callbacks
):
    browser = client_of(eve)
    form = {"email": "Zoe@Example.org", "role": "organizer"}

    asked = browser.post(page(edition), form)
    with django_capture_on_commit_callbacks(execute=True):
        done = browser.post(page(edition), {**form, "creates": "on"})

    assert asked.status_code == 422
    assert "Personne n’a de compte" in asked.content.decode()
    assert 'type="checkbox"' in asked.content.decode()
    assert done.status_code == 302
    zoe = User.objects.get(email="zoe@example.org")
    assert edition.organizers.filter(pk=zoe.pk).exists()
    assert [message.to for message in mail.outbox] == [["zoe@example.org"]]
    assert edition.name in mail.outbox[0].subject
    acts = JournalEntry.objects.order_by("pk").values_list("act", "edition_pk", "person_pk")
    assert list(acts) == [
        ("user.invited", edition.pk, zoe.pk),
        ("organizer.added", edition.pk, zoe.pk),
    ]


@pytest.mark.parametrize(("days", "mailed"), [(365, True), (1, False)])
def test_who_is_not_signed_in_gets_a_mail_about_the_role(
    days, mailed, edition, eve, gil, django_capture_on_commit_callbacks
):
    User.objects.filter(pk=gil.pk).update(last_login=NOON - timedelta(days=days))

    with django_capture_on_commit_callbacks(execute=True):
        services.invite(
            edition=edition,
            email=gil.email,
            role=GivenRole.ORGANIZER,
            site_url="https://ccd.example.org",
            by=eve,
            at=NOON,
        )

    assert [message.to for message in mail.outbox] == [[gil.email]] * mailed


def test_a_helper_gets_and_loses_the_role(edition, infocom, eve, gil, client_of):
    browser = client_of(eve)

    browser.post(
        page(edition),
        {"email": gil.email, "role": GivenRole.TEACHER.value, "department": infocom.pk},
    )
    duty = Duty.objects.get()
    given = (duty.user, duty.kind, duty.department)
    browser.post(page(edition, "duty-remove", duty.pk))

    assert given == (gil, "teacher", infocom)
    assert not Duty.objects.exists()


def test_organizers_are_added_and_removed_but_one_stays(edition, eve, gil, client_of):
    browser = client_of(eve)

    browser.post(page(edition), {"email": "gil@example.org", "role": "organizer"})
    browser.post(page(edition, "organizer-remove", eve.pk))
    last = client_of(gil).post(page(edition, "organizer-remove", gil.pk), follow=True)

    assert list(edition.organizers.all()) == [gil]
    assert "garde au moins une personne" in last.content.decode()


def test_a_code_goes_to_the_persons_own_address_and_lets_in_once(
    edition, comunik, ada, eve, client_of, django_capture_on_commit_callbacks
):
    with time_machine.travel(NOON, tick=False), django_capture_on_commit_callbacks(execute=True):
        shown = client_of(eve).post(page(edition, "send-code", ada.pk), follow=True)
    (message,) = mail.outbox
    code = next(line for line in message.body.splitlines() if len(line) == 11 and "-" in line)

    with time_machine.travel(NOON, tick=False):
        browser = Client()
        entered = browser.post(reverse("accounts:enter"), {"code": code})
        entered_as = browser.session["_auth_user_id"]

    assert message.to == [ada.email]
    assert code not in shown.content.decode()
    assert code not in str(list(JournalEntry.objects.values()))
    assert entered.status_code == 302
    assert entered_as == str(ada.pk)


@pytest.mark.database
def test_a_disabled_account_is_signed_out_and_can_be_enabled(edition, comunik, ada, eve, client_of):
    browser = client_of(ada)
    before = browser.get(reverse("accounts:profile")).status_code

    client_of(eve).post(page(edition, "set-active", ada.pk))
    during = browser.get(reverse("accounts:profile")).status_code
    ada.refresh_from_db()
    was_active = ada.is_active
    client_of(eve).post(page(edition, "set-active", ada.pk), {"active": "on"})
    ada.refresh_from_db()

    assert (before, during, was_active, ada.is_active) == (200, 302, False, True)
    acts = list(JournalEntry.objects.order_by("pk").values_list("act", flat=True))
    assert acts == ["user.deactivated", "user.signed_out", "user.reactivated"]


def test_who_may_not_be_disabled(edition, other, comunik, ada, ben, eve, root):
    edition.organizers.add(root)
    Membership.objects.create(
        edition=other,
        team=make_team(Department.objects.create(edition=other, code="X", name="X"), "Y"),
        user=ben,
        joined_at=NOON,
    )

    assert refused(lambda: set_active(edition, eve, False, eve)) == PeopleRefusal.ONESELF
    assert refused(lambda: set_active(edition, root, False, eve)) == PeopleRefusal.SUPERUSER
    assert refused(lambda: set_active(edition, ben, False, eve)) == PeopleRefusal.OTHER_EDITION
    set_active(edition, ben, False, root)
    ben.refresh_from_db()
    assert refused(lambda: set_active(edition, ben, True, eve)) == PeopleRefusal.OTHER_EDITION
    assert (
        refused(lambda: services.send_code(edition=edition, user=ben, site_url="", by=eve, at=NOON))
        == PeopleRefusal.INACTIVE
    )
    other.organizers.add(eve)
    set_active(edition, ben, True, eve)

    ben.refresh_from_db()
    assert ben.is_active


def test_a_disabled_organizer_cannot_disable_others(edition, comunik, ada, eve):
    """Two organizers disable each other at once: the lock orders them, the second is refused."""
    User.objects.filter(pk=eve.pk).update(is_active=False)

    assert refused(lambda: set_active(edition, ada, False, eve)) == PeopleRefusal.INACTIVE


def test_people_of_another_edition_are_not_there(edition, other, eve, gil, client_of):
    browser = client_of(eve)

    assert browser.get(page(other)).status_code == 404
    for name in ("detail", "send-code", "set-active", "organizer-remove"):
        call = browser.get if name == "detail" else browser.post
        assert call(page(edition, name, gil.pk)).status_code == 404
