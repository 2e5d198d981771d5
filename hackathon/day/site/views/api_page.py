"""The description of the API as a page where each operation can be tried, with one's session."""

import json
from functools import cache
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

DEPTH = 4  # of examples

type Schema = dict[str, Any]


@require_safe
def api_page(request: HttpRequest) -> HttpResponse:
    context = {"groups": operations(), "site_url": settings.SITE_URL}
    return render(request, "site/api.html", context)


@cache
def operations() -> list[tuple[str, list[dict[str, Any]]]]:
    """By the first part of the address. Takes about a second, once for each process."""
    schema: Schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    described = [
        _operation(schema, method, path, operation)
        for path, methods in sorted(schema["paths"].items())
        for method, operation in methods.items()
    ]
    return [
        (tag, list(group))
        for tag, group in groupby(described, key=lambda operation: operation["tag"])
    ]


def _operation(schema: Schema, method: str, path: str, operation: Schema) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    body = content.get("application/json")
    success, _separator, _other = next(iter(operation["responses"].items()))[0].partition("X")
    answer = operation["responses"][success].get("content", {}).get("application/json")
    return {
        "id": operation["operationId"],
        "tag": operation["tags"][0],
        "method": method.upper(),
        "path": path,
        "description": operation.get("description", ""),
        "is_public": {} in operation.get("security", [{}]),
        "parameters": [p for p in operation.get("parameters", []) if p["in"] != "header"],
        "body": None if body is None else _text(schema, body["schema"]),
        "status": success,
        "answer": None if answer is None else _text(schema, answer["schema"]),
    }


def _text(schema: Schema, part: Schema) -> str:
    return json.dumps(_example(schema, part, DEPTH), indent=2, ensure_ascii=False)


def _example(schema: Schema, part: Schema, depth: int) -> Any:
    """Names of types in place of values; of a choice the first one."""
    if "$ref" in part:
        part = schema["components"]["schemas"][part["$ref"].rpartition("/")[2]]
    for combined in ("allOf", "oneOf"):
        if combined in part:
            return _example(schema, part[combined][0], depth)
    if "enum" in part:
        return part["enum"][0]
    if part.get("type") == "object" and "properties" in part:
        names = part["properties"] if depth else ()
        return {name: _example(schema, part["properties"][name], depth - 1) for name in names}
    if part.get("type") == "array":
        return [_example(schema, part["items"], depth - 1)] if depth else []
    examples = {"integer": 1, "number": 1.5, "boolean": True, "object": {}}
    return examples.get(part.get("type", ""), part.get("format", "string"))
