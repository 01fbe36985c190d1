"""Names of the parts of the page of incidents. Each region has one owner; news never draws a field again."""

from enum import StrEnum
from typing import Any

from dash.dependencies import Wildcard


class Ids(StrEnum):
    PAGE = "incidents"
    LIVE = "live-queue"
    LIST = "incidents-list"
    HEAD = "incident-head"
    FORM = "incident-form"
    MEMBERS = "incident-members"
    SAID = "incident-said"
    REPORTS = "incident-reports"
    ANSWERS = "incident-answers"
    OPEN = "incident-open"
    NEW_NAME = "incident-new-name"
    NEW_REFERENCE = "incident-new-reference"
    DESCRIBE = "incident-describe"
    NAME = "incident-name"
    REFERENCE = "incident-reference"
    VERACITY = "incident-veracity"
    CLOSE = "incident-close"
    LINE = "methane-line"
    MAJOR = "methane-major"
    SAVED = "methane-saved"
    KEEP = "methane-keep"
    TEXT = "answer-text"
    SURE = "answer-sure"
    SEND = "answer-send"
    DECISIONS = "incident-decisions"
    DECIDE = "incident-decide"
    SUMMARY = "major-summary"
    LINES = "major-joint"
    CERTAIN = "major-certain"
    PUT_UP = "major-put-up"
    TAKE_DOWN = "major-take-down"


SIGN = "data-sign"
"""Where a region keeps what it looks like."""


def cite(message_id: int | Wildcard) -> dict[str, Any]:
    """The button that cites this message for the line that is chosen."""
    return {"type": "cite", "id": message_id}


def uncite(line: str | Wildcard, message_id: int | Wildcard) -> dict[str, Any]:
    """The button that takes a message off a line."""
    return {"type": "uncite", "line": line, "id": message_id}


def text_of(line: str | Wildcard) -> dict[str, Any]:
    """The field of a line."""
    return {"type": "methane-text", "line": line}


def cited_by(line: str | Wildcard) -> dict[str, Any]:
    """The messages that a line cites."""
    return {"type": "methane-cited", "line": line}


def stop(batch: str | Wildcard) -> dict[str, Any]:
    """The button that takes back what has not left of one reply to all; ``batch`` is the key of its event."""
    return {"type": "answer-stop", "batch": batch}
