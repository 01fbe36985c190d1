"""Names of the parts of a conversation's panel. Each region has one owner, and whoever draws elsewhere stays out of it."""

from enum import StrEnum
from typing import Any

from dash.dependencies import Wildcard


class Ids(StrEnum):
    PAGE = "conversation"
    PANEL = "conversation-panel"
    LIVE = "live-queue"
    HEAD = "panel-head"
    PRESENCE = "panel-presence"
    ACTIONS = "panel-actions"
    FORM = "panel-form"
    THREAD = "panel-thread"
    COMPOSER = "panel-composer"


SIGN = "data-sign"
"""Where a region keeps what it looks like."""
NEWEST = "data-newest"
"""Where the thread keeps the newest message of the contact that it shows."""
SHOWN = "data-conversation"
"""Where a region or a form keeps the key of the conversation it belongs to."""


def claim_button(conversation_id: int | Wildcard) -> dict[str, Any]:
    """The button that claims this conversation."""
    return {"type": "claim", "id": conversation_id}


def release_button(conversation_id: int | Wildcard) -> dict[str, Any]:
    """The button that gives this conversation back."""
    return {"type": "release", "id": conversation_id}


def accept_button(conversation_id: int | Wildcard) -> dict[str, Any]:
    """The button that takes this conversation from whoever hands it over."""
    return {"type": "accept", "id": conversation_id}


def take_back_button(conversation_id: int | Wildcard) -> dict[str, Any]:
    """The button that ends a hand-over of this conversation."""
    return {"type": "take-back", "id": conversation_id}


def resume_button(conversation_id: int | Wildcard) -> dict[str, Any]:
    """The button that takes this conversation back from a snooze or a partner."""
    return {"type": "resume", "id": conversation_id}


def undo_button(event_id: int | Wildcard) -> dict[str, Any]:
    """The button that takes back what this event did."""
    return {"type": "undo", "id": event_id}


def opener(form: str | Wildcard, conversation_id: int | Wildcard) -> dict[str, Any]:
    """The button that opens this form for this conversation."""
    return {"type": "open-form", "form": form, "id": conversation_id}


def frame(form: str) -> str:
    """The form itself: ``SHOWN`` on it names its conversation."""
    return f"{form}-form"


def submit(form: str) -> str:
    """The button that does what the form is for."""
    return f"{form}-submit"
