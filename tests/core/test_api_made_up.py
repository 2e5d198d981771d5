"""Requests that schemathesis makes up from the description: no answer is a failure of the server,
and none is undescribed.
"""

import gc
import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
import time_machine
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings

from hackathon.base.core.api import TokenThrottle
from hackathon.wsgi import application
from tests.conftest import NOON
from tests.core.test_api_description import KIND
from tests.tokens import make_token

pytestmark = [
    pytest.mark.django_db,
    # The client of schemathesis does not close files that are sent: see `_files_are_closed`.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The application must not close the connection of the test's transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def _files_are_closed() -> Iterator[None]:
    """By the garbage collector, here and not in the next test, where warnings are errors."""
    yield
    gc.collect()


@pytest.mark.parametrize(
    "examples", [2, pytest.param(100, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])]
)
def test_made_up_requests_of_six_roles(
    examples, world, ada, dan_user, diane_user, max_user, eve, monkeypatch
):
    import schemathesis  # a slow import
    from schemathesis import checks
    from schemathesis.specs.openapi import checks as described

    expected = [
        checks.not_a_server_error,
        described.status_code_conformance,
        described.content_type_conformance,
        described.response_schema_conformance,
    ]
    monkeypatch.setattr(TokenThrottle, "THROTTLE_RATES", {"token": None})
    people = [ada, dan_user, diane_user, max_user, eve]
    tokens = ["", *(f"Bearer {make_token(user, at=NOON)}" for user in people)]
    schema = schemathesis.openapi.from_wsgi("/api/schema/", application)
    roles = cycle(tokens)
    tried = 0

    def try_operation(operation: Any) -> None:
        @settings(
            max_examples=examples,
            database=None,
            derandomize=examples < 10,
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy())
        def once(case: Any) -> None:
            nonlocal tried
            tried += 1
            token, known = next(roles), tried % 5 > 0
            found = re.search(r"/([a-z-]+)/\{id\}/", operation.path)
            if known and found:
                case.path_parameters["id"] = str(world.objects[KIND[found[1]]].pk)
            if known and case.query:
                case.query.pop("edition", None)
            headers = {"Authorization": token} if token else {}
            with transaction.atomic():
                response = case.call(headers=headers)
                transaction.set_rollback(True)
            case.validate_response(response, checks=expected)

        once()

    with time_machine.travel(NOON, tick=False):
        for result in schema.get_all_operations():
            try_operation(result.ok())

    assert tried >= 57
