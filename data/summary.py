"""What a conversation's row says of its messages: how it stands, and what the queue shows of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from data.inhand import InHand
from data.practice import Practice
from models.conversation import State
from models.turns import Unfolding

FIRST_LINE = 280
"""Characters of the newest message that the queue keeps."""
BLANK: dict[str, Any] = {
    "topic_id": None,
    "team_id": None,
    "assigned_id": None,
    "first_line": "",
    "kind": "public",
    "language": None,
    "media": False,
    "flags": None,
}
"""A conversation in which the contact said nothing yet."""


def told(messages: Iterable[InHand]) -> list[InHand]:
    """What the contact said, oldest first: spam only where there is nothing else."""
    inbound = sorted((one for one in messages if one.inbound), key=lambda one: one.place)
    return [one for one in inbound if not one.spam] or inbound


def shown(newest: InHand) -> dict[str, Any]:
    """What the queue shows of the newest message."""
    return {
        "first_line": newest.shown.text[:FIRST_LINE],
        "kind": str(newest.kind),
        "language": newest.language,
        "media": bool(newest.media),
    }


def ruled(practice: Practice, messages: Sequence[InHand]) -> dict[str, int | None]:
    """Topic, team and colleague as rules gave them last."""
    hits = [one.hits or {} for one in messages]
    return {
        "topic_id": _last(one.topic_id for one in messages),
        "team_id": _last(practice.teams.get(one.get("team") or "") for one in hits),
        "assigned_id": _last(practice.users.get(one.get("assign") or "") for one in hits),
    }


def _last(values: Iterable[int | None]) -> int | None:
    found = [value for value in values if value]
    return found[-1] if found else None


def standing(practice: Practice, channel: str, unfolding: Unfolding, state: State, rank: int) -> dict[str, Any]:
    """State, grade and due time, as the unanswered turn has them; without one ``rank`` is that of the last."""
    turn = unfolding.open_turn
    return {
        "state": str(state),
        "rank": turn.rank if turn else rank,
        "grade_id": practice.grade_ids[turn.rank if turn else rank],
        "since": turn.started if turn else None,
        "due": practice.due(turn.started, turn.rank, channel) if turn else None,
        "last_reply": unfolding.last_reply,
    }


def latest(messages: Iterable[InHand], unfolding: Unfolding, said: Iterable[datetime]) -> datetime | None:
    """The last instant at which anything happened; ``said`` are those of messages and their versions."""
    closed = [episode.closed for episode in unfolding.episodes if episode.closed is not None]
    return max([*(message.sent for message in messages), *closed, *said], default=None)
