from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from hackathon.base.accounts.models import User
from hackathon.base.core.models import JournalEntry
from hackathon.run.privacy import periodic
from teams.models import Student
from tests.conftest import NOON, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
DAY = timedelta(days=1)


def run(days: int) -> None:
    with time_machine.travel(NOON + days * DAY, tick=False):
        periodic.close_unused()
        periodic.close_unused()


@pytest.fixture
def stranger(db) -> User:
    user = make_user("zoe@example.org", "Zoé")
    User.objects.filter(pk=user.pk).update(date_joined=NOON, last_login=NOON)
    return user


def test_an_account_of_no_edition_is_warned_once_and_goes_a_month_later(client, stranger):
    run(334)
    assert mail.outbox == []
    run(336)
    (sent,) = mail.outbox
    run(365)
    stranger.refresh_from_db()
    assert stranger.deleted_at is None

    run(366)
    run(367)

    stranger.refresh_from_db()
    assert sent.to == ["zoe@example.org"]
    assert sent.subject == "Votre compte sera effacé le 13 février 2021"
    assert "/compte/connexion/" in sent.body
    assert (stranger.name, stranger.is_active) == ("", False)
    assert "zoe" not in stranger.email
    assert JournalEntry.objects.filter(act="account.expired").count() == 1
    assert len(mail.outbox) == 1


def test_who_comes_back_keeps_the_account(stranger):
    run(336)
    User.objects.filter(pk=stranger.pk).update(last_login=NOON + 340 * DAY)

    run(370)

    stranger.refresh_from_db()
    assert (stranger.deleted_at, stranger.closing_at) == (None, None)
    run(340 + 336)
    assert len(mail.outbox) == 2


def test_people_of_an_edition_organizers_and_administrators_stay(comunik, eve, stranger):
    administrator = make_user("root@example.org", "Root")
    User.objects.filter(pk=administrator.pk).update(is_superuser=True)
    Student.objects.create(edition=comunik.edition, user=stranger, number="1")
    User.objects.update(date_joined=NOON, last_login=NOON)

    run(800)
    run(900)

    assert mail.outbox == []
    assert not User.objects.exclude(deleted_at=None).exists()
