"""What each operation of the API may answer beside its success, in the description (OpenAPI)."""

from typing import Any

from hackathon.core.problems import CONTENT_TYPE

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


def describe_refusals(result: dict[str, Any], **_named: Any) -> dict[str, Any]:
    """A hook of drf-spectacular."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for methods in result["paths"].values():
        for operation in methods.values():
            responses = operation["responses"]
            responses["401"] = _problem("Neither a session nor a valid token.")
            responses["default"] = _problem("A refusal or an error.")
    return result


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": description, "content": {CONTENT_TYPE: {"schema": schema}}}
