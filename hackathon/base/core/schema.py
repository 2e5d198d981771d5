"""The description of the API (OpenAPI): what all operations have in common."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from hackathon.base.core.problems import CONTENT_TYPE

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `code` is for programs, `detail` for people.",
    "properties": {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {"description": "By field, for code `invalid`."},
    },
    "required": ["type", "status", "code", "detail"],
}
PROBLEMS = {
    "401": "Neither a session nor a valid token.",
    "403": "The token lacks the scope, or the CSRF token of the session is missing.",
    "404": "There is no such thing, or you may not see it.",
    "429": "Too many requests with tokens of this person: wait for `Retry-After` seconds.",
    "503": "The server restarts.",
}
INVALID = {"400": "The request is incomplete or malformed: `errors` by field."}
OF_WRITES = {
    **INVALID,
    "409": "Refused by a rule: `code` says by which.",
    "413": "The body is too large.",
    "415": "Another type of body.",
    "422": "The `Idempotency-Key` was used for another request.",
    "507": "The disk is full.",
}


class Description(AutoSchema):
    def get_override_parameters(self) -> list[Any]:
        return list(getattr(self.view, "parameters", []))


def describe_refusals(result: dict[str, Any], **_named: Any) -> dict[str, Any]:
    """A hook of drf-spectacular."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for methods in result["paths"].values():
        for method, operation in methods.items():
            in_query = any(p["in"] == "query" for p in operation.get("parameters", []))
            more = OF_WRITES if method != "get" else INVALID if in_query else {}
            for status, description in {**PROBLEMS, **more}.items():
                operation["responses"].setdefault(status, _problem(description))
    return result


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {CONTENT_TYPE: {"schema": schema}}}
