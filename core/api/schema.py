"""What every operation of the API shares, added to its OpenAPI description."""

from __future__ import annotations

from typing import Any

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"description": "What is wrong with which field, or with which row of a file."},
    },
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string"},
    "description": 'The ETag of the version you read, for instance "3".',
}
CHANGES = ("put", "patch", "delete")


def describe_shared(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Add the problem that any operation may answer with, and If-Match to what changes a record."""
    result["components"].setdefault("schemas", {})["Problem"] = PROBLEM
    answer = {
        "description": "A problem",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    for operations in result["paths"].values():
        for method, operation in operations.items():
            operation["responses"]["default"] = answer
            if method in CHANGES:
                operation.setdefault("parameters", []).append(IF_MATCH)
    return result
