from collections.abc import Callable

import pytest
from django.test import Client

from hackathon.accounts.models import ApiToken, User
from hackathon.core.errors import Refused
from hackathon.core.models import JournalEntry
from hackathon.editions.models import Edition
from hackathon.people import selectors, services
from hackathon.people.errors import PeopleRefusal
from judging.models import Juror
from submissions.audit.contents import ContentReader
from submissions.audit.seals import verify
from submissions.models import Receipt, Seal
from submissions.receipts.rules import is_genuine
from teams.models import Membership, Student, Team
from teams.services import membership as memberships
from tests.addresses import World
from tests.conftest import DEADLINE, NOON
from tests.tokens import make_token

pytestmark = pytest.mark.database

type ClientOf = Callable[[User], Client]
PAGE = "/compte/supprimer/"


def codes_of(user: User) -> list[str]:
    return [refusal.code for refusal in selectors.obstacles(user)]


def test_a_person_goes_and_what_they_handed_in_stays(
    world: World, ben: User, ada: User, client_of: ClientOf, comunik: Team
) -> None:
    receipt = world.objects["submission"].receipt
    memberships.pass_captaincy(comunik, comunik.memberships.get(user=ben), by=ada, at=NOON)
    Student.objects.create(edition=comunik.edition, user=ada, number="22100001")
    make_token(ada)
    browser, elsewhere = client_of(ada), client_of(ada)
    page = browser.get(PAGE).content.decode()

    unticked = browser.post(PAGE)
    answer = browser.post(PAGE, {"confirmed": "on"})

    ada.refresh_from_db()
    name = f"Compte supprimé n° {ada.pk}"
    assert name in page
    assert unticked.status_code == 422
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert "Votre compte est supprimé" in answer.content.decode()
    assert elsewhere.get("/compte/").status_code == 302
    assert (ada.is_active, ada.name, ada.has_usable_password()) == (False, "", False)
    assert "ada@" not in ada.email
    assert not Student.objects.filter(user=ada).exists()
    assert not ApiToken.objects.exists()
    # The team keeps its member, because registration is over.
    shown = client_of(ben).get("/equipe/").content.decode()
    assert name in shown
    assert "Ada" not in shown
    checked = Client().get(f"/recus/{receipt.code}/").content.decode()
    assert is_genuine(Receipt.objects.get(pk=receipt.pk))
    assert receipt.submission.sha256 in checked.replace("\N{WORD JOINER}", "")
    seals = Seal.objects.filter(edition=comunik.edition)
    assert seals
    assert not any(verify(seal, ContentReader()).findings for seal in seals)
    assert JournalEntry.objects.filter(act="user.deleted", by=ada).count() == 1


def test_the_address_is_free_again(ada: User) -> None:
    services.delete_account(ada, at=NOON)

    other = User.objects.create_user("ada@example.org")

    assert other.pk != ada.pk


def test_who_must_hand_over_first_is_told_so(
    edition: Edition,
    comunik: Team,
    dan: Juror,
    eve: User,
    ada: User,
    root: User,
    client_of: ClientOf,
) -> None:
    assert codes_of(eve) == [PeopleRefusal.SOLE_ORGANIZER]
    assert codes_of(ada) == [PeopleRefusal.CAPTAIN]
    assert codes_of(dan.user) == [PeopleRefusal.JUROR]
    assert codes_of(root) == [PeopleRefusal.SOLE_ADMINISTRATOR]

    page = client_of(eve).get(PAGE).content.decode()
    refused = client_of(eve).post(PAGE, {"confirmed": "on"})

    assert 'href="/organisation/editions/ccd-2020/personnes/"' in page
    assert 'name="confirmed"' not in page
    assert refused.status_code == 422
    eve.refresh_from_db()
    assert eve.is_active
    with pytest.raises(Refused):
        services.delete_account(ada, at=NOON)


def test_after_handing_over_they_may_go(
    edition: Edition, comunik: Team, dan: Juror, eve: User, ada: User, ben: User, loner: User
) -> None:
    edition.organizers.add(loner)
    comunik.memberships.filter(user=ada).update(is_captain=False)
    comunik.memberships.filter(user=ben).update(is_captain=True)
    Edition.objects.update(results_published_at=DEADLINE)

    for user in (eve, ada, dan.user):
        services.delete_account(user, at=DEADLINE)

    assert list(edition.organizers.all()) == [loner]
    dan.refresh_from_db()
    assert str(dan.user) == f"Compte supprimé n° {dan.user_id}"


def test_while_teams_change_the_person_leaves_theirs(
    edition: Edition, comunik: Team, ben: User
) -> None:
    at = edition.registration_opens_at

    services.delete_account(ben, at=at)

    assert not Membership.objects.filter(user=ben).exists()


def test_a_deleted_account_is_not_enabled_again(
    edition: Edition, comunik: Team, ben: User, eve: User
) -> None:
    services.delete_account(ben, at=NOON)

    with pytest.raises(Refused) as refused:
        services.set_active(edition=edition, user=ben, active=True, by=eve, at=NOON)

    assert refused.value.refusal.code == PeopleRefusal.DELETED
