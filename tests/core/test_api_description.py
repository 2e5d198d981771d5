"""`/api/schema/` says what the API answers."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from hackathon.base.core.schema_view import SchemaView
from tests.addresses import World
from tests.conftest import NOON
from tests.waiting import PATIENCE

pytestmark = pytest.mark.django_db

SCHEMA: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
OPERATIONS = [
    (method, path, operation)
    for path, methods in SCHEMA["paths"].items()
    for method, operation in methods.items()
]
PROBLEM = "application/problem+json"


KIND = {
    "announcements": "announcement",
    "attachments": "attachment",
    "extensions": "extension",
    "milestones": "milestone",
    "seals": "seal",
    "submissions": "submission",
    "teams": "team",
}


def ask(client: Client, method: str, path: str, world: World) -> HttpResponse:
    found = re.search(r"/([a-z-]+)/\{id\}/", path)
    if found:
        path = path.replace("{id}", str(world.objects[KIND[found[1]]].pk))
    with transaction.atomic():  # each request finds the same rows
        answer: Any = getattr(client, method)(path, content_type="application/json")
        if answer.streaming:
            list(answer.streaming_content)  # to the end, which closes the file
        transaction.set_rollback(True)
    return answer


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return SCHEMA["components"]["schemas"][name] if name else schema


def assert_described(operation: dict[str, Any], answer: HttpResponse) -> None:
    response = operation["responses"][str(answer.status_code)]
    if answer.status_code == 204:
        assert answer.content == b""
        return
    content = response.get("content", {})
    kind = answer["Content-Type"].partition(";")[0]
    assert kind in content or "*/*" in content, f"{answer.status_code} {kind}"
    if kind == "application/json":
        body, schema = answer.json(), resolved(content[kind]["schema"])
        assert isinstance(body, {"array": list, "object": dict}[schema["type"]])
        items = body if isinstance(body, list) else [body]
        of_one = resolved(schema["items"]) if schema["type"] == "array" else schema
        for item in items:
            assert set(of_one.get("required", ())) <= item.keys()
            assert "properties" not in of_one or item.keys() <= of_one["properties"].keys()


@time_machine.travel(NOON, tick=False)
def test_strangers_get_a_described_answer(world, subtests):
    forger = Client(headers={"Authorization": "Token forged"})
    for method, path, operation in OPERATIONS:
        with subtests.test(operation["operationId"]):
            answer = ask(Client(), method, path, world)
            forged = ask(forger, method, path, world)

            assert_described(operation, answer)
            assert forged.status_code == 401
            assert "401" in operation["responses"]
            assert answer.status_code != 401 or answer["Content-Type"] == PROBLEM


@pytest.mark.parametrize("name", ["ada", "eve"])
@time_machine.travel(NOON, tick=False)
def test_people_get_a_described_answer(world, client_of, ada, eve, name, subtests):
    browser = client_of({"ada": ada, "eve": eve}[name])
    for method, path, operation in OPERATIONS:
        with subtests.test(operation["operationId"]):
            answer = ask(browser, method, path, world)

            assert answer.status_code < 500
            assert_described(operation, answer)


QUERIED = [
    (path, parameter["name"], resolved(parameter["schema"]))
    for method, path, operation in OPERATIONS
    for parameter in operation.get("parameters", ())
    if method == "get" and parameter["in"] == "query" and "{" not in path
]


@time_machine.travel(NOON, tick=False)
def test_query_parameters_are_refused_as_described(world, client_of, eve, subtests):
    """An empty value, and a word where a number or one of some words has to stand."""
    assert len(QUERIED) > 20
    browser = client_of(eve)
    for path, name, schema in QUERIED:
        narrow = "enum" in schema or "pattern" in schema or "format" in schema
        takes_any = schema["type"] == "string" and not narrow and name != "edition"
        for value in ("", "null"):
            with subtests.test(f"{path}?{name}={value}"):
                answer: Any = browser.get(path, {name: value})

                is_taken = takes_any and not (value == "" and schema.get("minLength"))
                assert answer.status_code in ((200,) if is_taken else (400, 404))


def test_the_description_is_valid():
    validate_schema(SCHEMA)


def test_it_is_made_once_also_for_two_at_once(monkeypatch):
    made, together = [], Barrier(2, timeout=PATIENCE)
    original = SchemaGenerator.get_schema

    def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        made.append(kwargs)
        return original(self, *args, **kwargs)

    def ask(_number: int) -> bytes:
        together.wait()
        request = RequestFactory().get("/api/schema/", {"lang": "en"})
        request.user = AnonymousUser()  # no connection to the database in this thread
        return SchemaView.as_view()(request).content

    monkeypatch.setattr(SchemaGenerator, "get_schema", counted)
    monkeypatch.setattr("hackathon.base.core.schema_view._made", {})
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(ask, range(2))

    assert first == second
    assert len(made) == 1


def test_who_has_it_gets_304(client):
    first = client.get("/api/schema/")
    again = client.get("/api/schema/", headers={"If-None-Match": first["ETag"]})
    other = client.get("/api/schema/?lang=en", headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


def test_an_unknown_language_is_that_of_the_request(client):
    assert client.get("/api/schema/?lang=zz").content == client.get("/api/schema/").content
