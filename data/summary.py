"""What a conversation's row says of its messages: how it stands, and what the queue shows of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from data.inhand import InHand
from data.practice import Practice
from models.conversation import State
from models.turns import Unfolding

if TYPE_CHECKING:
    from data.threads import Thread

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


def kept_topic(thread: "Thread", unfolding: Unfolding) -> dict[str, Any]:
    """The topic that a person set: it stands over what rules say until the episode ends, and new messages are about it too."""
    row, episode = thread.row, unfolding.episode
    if row is None or row.topic_set is None:
        return {}
    if episode is not None and episode.opened > row.topic_set:
        return {"topic_set": None}
    for message in thread.messages:
        if message.new and message.inbound:
            message.topic_id, message.topic_set = row.topic_id, True
    return {"topic_id": row.topic_id}


def _last(values: Iterable[int | None]) -> int | None:
    found = [value for value in values if value]
    return found[-1] if found else None


def state_of(thread: "Thread", unfolding: Unfolding) -> State:
    """Where it stands: what the contact says opens it again, our reply makes it wait for them, and what nobody moved stays."""
    row, turn = thread.row, unfolding.open_turn
    if "state" in thread.moved:
        return State(thread.moved["state"])
    if turn is not None:
        heard = any(message.told_now and message.network_id in turn.keys for message in thread.messages)
        return State.OPEN if heard or row is None or row.since is None else State(row.state)
    if unfolding.closed:
        return State.CLOSED
    moved = any(message.new for message in thread.messages) or thread.closings or thread.undone
    if row is not None and not moved and row.state != State.OPEN:
        return State(row.state)
    return State.WAITING


def standing(practice: Practice, channel: str, unfolding: Unfolding, state: State) -> dict[str, Any]:
    """State, the grade held now, and the due time, which is that of the most urgent grade the turn held."""
    turn, rank = unfolding.open_turn, unfolding.rank or practice.lowest
    return {
        "state": str(state),
        "rank": rank,
        "grade_id": practice.grade_ids[rank],
        "since": turn.started if turn else None,
        "due": practice.due(turn.started, turn.rank, channel, turn.paused) if turn else None,
        "last_reply": unfolding.last_reply,
        **({} if state in {State.SNOOZED, State.PARTNER} else {"snoozed_until": None, "partner": ""}),
    }


def assessing(thread: "Thread", unfolding: Unfolding) -> dict[str, Any]:
    """Whether a named person has looked at what the contact said last, and from when it is to be assessed (again)."""
    row, told_now = thread.row, [message.sent for message in thread.messages if message.told_now]
    answered = any(message.new and message.user_id is not None for message in thread.messages)
    unassessed = bool(row is not None and row.unassessed)
    reassess = row.reassess if row is not None else None
    if told_now:
        unassessed = True
        reassess = min(told_now + ([reassess] if reassess else [])) if unfolding.assessed_rank else None
    elif answered:
        unassessed, reassess = False, None
    if unfolding.open_turn is None and not told_now:
        reassess = None
    return {"unassessed": unassessed, "reassess": reassess, "assessed_rank": unfolding.assessed_rank}


def latest(messages: Iterable[InHand], unfolding: Unfolding, said: Iterable[datetime]) -> datetime | None:
    """The last instant at which anything happened; ``said`` are those of messages and their versions."""
    closed = [episode.closed for episode in unfolding.episodes if episode.closed is not None]
    return max([*(message.sent for message in messages), *closed, *said], default=None)
