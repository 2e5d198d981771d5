from datetime import UTC

from django.test import RequestFactory

from hackathon.base.core import clock
from tests.conftest import NOON


def test_now_is_aware_and_in_utc():
    assert clock.now().tzinfo is UTC


def test_a_request_without_an_instant_arrives_now():
    before = clock.now()

    arrived = clock.arrived_at(RequestFactory().get("/"))

    assert before <= arrived <= clock.now()


def test_wsgi_requests_have_their_instant_of_arrival():
    seen = {}

    def app(environ: dict, start_response: object) -> list[bytes]:
        seen.update(environ)
        return []

    clock.stamp_wsgi(app)({}, None)

    assert seen[clock.ARRIVAL_KEY] <= clock.now()
    request = RequestFactory().get("/", **{clock.ARRIVAL_KEY: NOON})
    assert clock.arrived_at(request) == NOON
