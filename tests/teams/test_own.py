from django.test import RequestFactory

from hackathon.base.accounts.models import User
from hackathon.event.editions.models import Edition
from hackathon.event.roles import audiences_of, roles_of, roles_of_request
from teams.models import Membership
from teams.own import own_membership


def request_of(user: User, edition: Edition | None) -> object:
    request = RequestFactory().get("/")
    request.user, request.edition = user, edition
    return request


def test_a_request_reads_its_membership_once(comunik, ada, django_assert_num_queries):
    request = request_of(ada, comunik.edition)

    with django_assert_num_queries(1):
        found = [own_membership(request) for _ in range(3)]

    assert {membership and membership.team for membership in found} == {comunik}


def test_the_roles_of_a_request_are_those_of_its_user(comunik, pixels, ada, cleo, eve, dan, loner):
    edition = comunik.edition
    for user in (ada, cleo, eve, dan.user, loner):
        request = request_of(user, edition)
        own_membership(request)

        found, expected = roles_of_request(request), roles_of(user, edition)
        assert audiences_of(found) == audiences_of(expected)
        assert (found.organizer, found.membership) == (expected.organizer, expected.membership)
        assert roles_of_request(request_of(user, None)).membership is None


def test_the_next_request_knows_a_change(comunik, ada, ben, client_of):
    browser = client_of(ben)
    before = browser.get("/equipe/").content.decode()

    Membership.objects.filter(user=ben).delete()

    assert comunik.name in before
    assert comunik.name not in browser.get("/equipe/").content.decode()
