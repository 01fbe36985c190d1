"""The description of the API for programs: OpenAPI 3.1."""

from collections.abc import Mapping, Sequence
from typing import Any

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
MAYBE_TEXT = {"type": ["string", "null"]}
REFUSED = {
    "400": "A parameter makes no sense.",
    "401": "No token, or one that is unknown, revoked, over, or whose owner is disabled.",
    "403": "The token, or its owner's roles, do not open this.",
    "404": "No such workspace, or the token belongs to another one.",
    "429": "Too many calls within a minute; the header Retry-After says how many seconds to wait.",
}
CELL = {"type": ["string", "number", "null", "object"], "description": "A wait is an object of minutes and reached."}


def document(path: str, reports: Sequence[str], most: int) -> dict[str, Any]:
    """The document: paths, parameters and the shapes of answers."""
    period = dict.fromkeys(("period", "from", "to", "channel", "account"), TEXT)
    paging = {
        "after": {"type": "integer", "minimum": 0, "default": 0},
        "limit": {"type": "integer", "minimum": 1, "maximum": most, "default": most},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Watchroom", "version": "1", "description": "Figures, counts and states. Read only."},
        "security": [{"token": []}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "paths": {
            f"{path}/reports/{{report}}": _get(
                "The tables of a report",
                {"first": TEXT, "last": TEXT, "report": {"enum": [*reports]} | TEXT, "tables": _listed(TABLE)},
                period,
                {"report": {"enum": [*reports]} | TEXT},
            ),
            f"{path}/queue": _get("How many conversations wait", {"views": COUNTS, "accounts": _listed(WAITING)}),
            f"{path}/accounts": _get(
                "What every account's connector does",
                {"reading": {"type": "boolean"}, "accounts": _listed(ACCOUNT), "next": {"type": ["integer", "null"]}},
                paging,
            ),
        },
    }


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": sorted(properties),
        "additionalProperties": False,
    }


def _listed(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(item)}


TABLE = _object(
    {
        "key": TEXT,
        "title": TEXT,
        "columns": _listed(_object({"name": TEXT, "kind": TEXT})),
        "rows": _listed(_listed(CELL)),
    }
)
COUNTS = {"type": "object", "additionalProperties": NUMBER}
WAITING = _object({"id": NUMBER, "account": TEXT, "waiting": NUMBER})
ACCOUNT = _object(
    {
        "id": NUMBER,
        "account": TEXT,
        "channel": TEXT,
        "state": TEXT,
        "since": MAYBE_TEXT,
        "last_success": MAYBE_TEXT,
        "watch": MAYBE_TEXT,
    }
)


def _get(
    summary: str,
    answer: Mapping[str, Any],
    query: Mapping[str, Any] | None = None,
    path: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    shape = _object({"workspace": TEXT, "as_at": TEXT, **answer})
    asked = [_parameter(name, "path", one) for name, one in (path or {}).items()]
    asked += [_parameter(name, "query", one) for name, one in {"workspace": TEXT, **(query or {})}.items()]
    answers: dict[str, Any] = {"200": {"description": summary, "content": {"application/json": {"schema": shape}}}}
    answers |= {code: {"description": words} for code, words in REFUSED.items()}
    return {"get": {"summary": summary, "parameters": asked, "responses": answers}}


def _parameter(name: str, where: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": where, "required": where == "path", "schema": dict(schema)}
