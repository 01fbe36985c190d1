"""What a browser may send to run a callback. A body that makes no sense is answered 400, never a traceback."""

import json
from collections.abc import Mapping
from typing import Any

from flask import abort, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

ENDPOINT = "/_dash-update-component"
AUTOMATIC = ("live-", "tick", "seen")
"""How the ids begin that change without a person: pushed revisions, clocks, reports of what was on the screen."""


def read() -> Mapping[str, Any]:
    """The body of a callback's request; aborts with 400 where it is no such thing."""
    body = read_json()
    if not is_sound(body):
        abort(400)
    return body


def read_json() -> Any:
    """What was sent as JSON; aborts with 400 where it is none, or is nested deeper than anything of ours."""
    try:
        return request.get_json()
    except (BadRequest, UnsupportedMediaType, RecursionError):
        abort(400)


def is_sound(body: object) -> bool:
    """Whether every part that Dash reads has the shape Dash reads it in."""
    return (
        isinstance(body, dict)
        and isinstance(body.get("output"), str)
        and _are_values(body.get("inputs", []))
        and _are_values(body.get("state", []))
        and _are_outputs(body.get("outputs", []))
        and _are_texts(body.get("changedPropIds", []))
    )


def fits(body: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """Whether the body brings as many values, and asks for as many, as the callback was registered with."""
    name = output_of(body)
    if "{" not in name and isinstance(body.get("outputs"), list) is not name.startswith(".."):
        return False
    if name.startswith("..") and len(body["outputs"]) != len(name.strip(".").split("...")):
        return False
    return all(
        len(body.get(part, [])) == len(known[part]) and all(map(_is_one_of, body.get(part, []), known[part]))
        for part in ("inputs", "state")
    )


def _is_one_of(sent: Any, known: Mapping[str, Any]) -> bool:
    """Whether a value comes from the component that was asked for it; a pattern's are told apart by single values."""
    pattern = json.loads(known["id"]) if known["id"].startswith("{") else None
    parts = sent if isinstance(sent, list) else [sent]
    if pattern is None:
        return not isinstance(sent, list) and (sent["id"], sent["property"]) == (known["id"], known["property"])
    return all(
        isinstance(part["id"], dict)
        and part["id"].keys() == pattern.keys()
        and all(map(_is_token, part["id"].values()))
        for part in parts
    )


def _is_token(value: object) -> bool:
    return isinstance(value, str | int)


def output_of(body: Mapping[str, Any]) -> str:
    """The name of the callback."""
    return str(body["output"])


def is_by_hand(body: Mapping[str, Any]) -> bool:
    """Whether a person made something happen; a page that draws itself, or is told of news, is nobody's doing."""
    changed = body.get("changedPropIds", [])
    return any(not name.lstrip('{"').startswith(AUTOMATIC) for name in changed)


def _are_values(parts: object) -> bool:
    """One property for each input; a list of them where the input stands for many components."""
    return isinstance(parts, list) and all(_are_targets(part) for part in parts)


def _are_properties(parts: object) -> bool:
    return isinstance(parts, list) and all(map(_is_property, parts))


def _is_property(part: object) -> bool:
    return isinstance(part, dict) and isinstance(part.get("property"), str) and isinstance(part.get("id"), str | dict)


def _are_targets(parts: object) -> bool:
    return _is_property(parts) or _are_properties(parts)


def _are_outputs(parts: object) -> bool:
    """One property, or a list in which an output that stands for many components is a list of them."""
    return _is_property(parts) or _are_values(parts)


def _are_texts(parts: object) -> bool:
    return isinstance(parts, list) and all(isinstance(part, str) for part in parts)
